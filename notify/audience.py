"""Whoever is told, sorted out once: who is paused, what each asks for, by which lane it is sent."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from notify.lanes import lane_of
from stemwatch.errors import StemwatchError
from stemwatch.rules import Rule, RuleSet
from stemwatch.subscriptions import Subscription


class Asked(NamedTuple):
    """The rules of one subscription, by their names in the rule set; `urgent` ones pass its quiet hours."""

    rules: tuple[str, ...]
    urgent: tuple[str, ...]


class Audience:
    """These subscriptions. A paused one is owed nothing; nor is, being `broken`, one that names a rule that there
    is not. `rules` are those that subscriptions name.

    What it works out stands for as long as the subscriptions do, so that many rounds of news share it.
    """

    def __init__(
        self, subscriptions: Sequence[Subscription], rules: Mapping[str, Rule], environ: Mapping[str, str]
    ) -> None:
        self.subscriptions = subscriptions
        self.broken = [one for one in subscriptions if one.unknown_rule(rules)]
        self.paused = [one for one in subscriptions if one.paused]
        idle = {one.name for one in (*self.broken, *self.paused)}
        self.active = [one for one in subscriptions if one.name not in idle]
        self._environ = environ
        self._names: dict[Rule, str] = {}
        self.asked: dict[str, Asked] = {}
        alike: dict[Asked, Asked] = {}
        for one in self.active:
            asked = Asked(self._named(one.rules(rules)), self._named(one.urgent_rules(rules)))
            self.asked[one.name] = alike.setdefault(asked, asked)  # most readers ask for the same
        self._lanes: dict[str, str] = {}

    @cached_property
    def rule_set(self) -> RuleSet:
        """All that is asked for, each rule once."""
        return RuleSet({name: rule for rule, name in self._names.items()})

    def _named(self, rules: Mapping[str, Rule]) -> tuple[str, ...]:
        return tuple(self._names.setdefault(rule, str(len(self._names))) for rule in rules.values())

    def lane(self, subscription: Subscription) -> str:
        """By which lane it is told; one of its own while its channel cannot be read, which sending will tell."""
        name = subscription.name
        if name not in self._lanes:
            try:
                self._lanes[name] = lane_of(subscription.channel_url(self._environ))
            except StemwatchError:
                return lane_of(name)
        return self._lanes[name]
