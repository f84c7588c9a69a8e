"""A subscription: who is told, about what, how often and in which hours. Read strictly, and pure."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from stemwatch.errors import UsageError
from stemwatch.records import Source
from stemwatch.rules import Known, Rule
from stemwatch.rules.known import listed
from stemwatch.rules.loading import check
from stemwatch.words import LABELS, Label, Stage, Verb, Weekday

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NAME_LENGTH = 100
OPERATOR = "operator"
"""The name under which the operator's own messages are delivered."""

Sending = Literal["at_once", "daily", "weekly"]

OWN = ("sources", "jurisdictions", "products", "clinics", "query")
"""Keys of the language of rules that a subscription may have itself; what is empty asks for nothing."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the settings: a key that it does not know is an error."""


class Quiet(Section, frozen=True, rename={"start": "from", "end": "to"}):
    """Wall-clock hours in which nothing is sent: `from` <= time < `to`, over midnight when `to` is earlier."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Subscription(Section, frozen=True, omit_defaults=True):
    """Who is told (`channel`, an Apprise URL), about what, and how often.

    `rule` names one rule of the file or several; `relevance`, `verbs` and the keys of OWN are a rule of its own
    instead. Empty `sources` means all of them. `verbs` never holds `baseline`: a source's first run is silent.
    A digest covers a day, or a week, that ends at `at` (on `weekday`) in `time_zone`. What has one of the stages
    of `urgent`, or meets the rule of that name, passes the quiet hours. `group_minutes` waits for more before it
    sends what is told at once; `one_per_item` gives each notice a message of its own, in digests too. `empty` asks
    for a digest also when nothing is new. `language` is that of the fixed words: which there are, whoever tells
    people knows.
    """

    name: str
    channel: str
    rule: str | tuple[str, ...] = ()
    relevance: tuple[Label, ...] | None = None
    sources: tuple[str, ...] = ()
    verbs: tuple[Verb, ...] | None = None
    jurisdictions: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    clinics: tuple[str, ...] = ()
    query: str = ""
    send: Sending = "at_once"
    at: time = time(8)
    weekday: Weekday = "monday"
    time_zone: str = "UTC"
    quiet: Quiet | None = None
    urgent: str | tuple[Stage, ...] = ()
    group_minutes: Annotated[int, Meta(ge=0, le=1440)] = 0
    one_per_item: bool = False
    language: str = "en"
    note: Annotated[str, Meta(max_length=500)] = ""
    empty: bool = False
    paused: bool = False

    def __repr__(self) -> str:
        return f"Subscription({self.name!r})"  # the channel is a secret

    @property
    def named_rules(self) -> tuple[str, ...]:
        return (self.rule,) if isinstance(self.rule, str) else self.rule

    def rules(self, known: Mapping[str, Rule]) -> dict[str, Rule]:
        """What it wants, by name; `known` are the rules of the file."""
        if self.named_rules:
            return {name: known[name] for name in self.named_rules}
        return {f"subscription {self.name}": self.own_rule}

    @property
    def own_rule(self) -> Rule:
        """The rule that its own keys are."""
        own: dict[str, Any] = {key: getattr(self, key) or None for key in OWN}
        return Rule(relevance=self.relevance, verbs=self.verbs, **own)

    def urgent_rules(self, known: Mapping[str, Rule]) -> dict[str, Rule]:
        """What passes its quiet hours, by name."""
        if isinstance(self.urgent, str):
            return {self.urgent: known[self.urgent]}
        if not self.urgent:
            return {}
        return {f"urgent {self.name}": Rule(stages=self.urgent, relevance=LABELS)}

    def unknown_rule(self, known: Mapping[str, Rule]) -> str:
        """The end of a sentence about a rule that it names and that there is not; else nothing."""
        urgent = (self.urgent,) if isinstance(self.urgent, str) else ()
        for name in (*self.named_rules, *urgent):
            if name not in known:
                rules = listed(name, list(known)) if known else "none; a rule is a table [rules.NAME]"
                return f"names the unknown rule {name!r}; known: {rules}"
        return ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def settings(self) -> dict[str, Any]:
        """What it says otherwise than by default, as TOML and JSON have it, with the channel as it is written."""
        fields = {name: getattr(self, name) for name in Subscription.__struct_fields__}
        return dict(msgspec.to_builtins(Subscription(**fields)))

    def channel_url(self, environ: Mapping[str, str]) -> str:
        """The channel with `${NAME}` taken from the environment; UsageError when one is not set."""
        return filled_in(self.channel, environ, "Its channel")


class Kept(Subscription, frozen=True, kw_only=True):
    """One from the database, its channel sealed. `public`: a stranger gave it. `${NAME}` means nothing in it."""

    opener: Callable[[], str]
    public: bool

    def channel_url(self, environ: Mapping[str, str]) -> str:
        """The channel, opened; StemwatchError without its key."""
        return self.opener()


def filled_in(text: str, environ: Mapping[str, str], what: str) -> str:
    """The text with `${NAME}` taken from the environment; UsageError, about `what`, when one is not set."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in environ:
            raise UsageError(f"{what} needs the environment variable {match[1]}, which is not set.")
        return environ[match[1]]

    return _VARIABLE.sub(value, text)


def check_subscriptions(
    subscriptions: Collection[Subscription], known_sources: Mapping[str, Source], rules: Mapping[str, Rule]
) -> None:
    """UsageError, without its full stop, for the first subscription that cannot be meant as it is written."""
    names = [subscription.name for subscription in subscriptions]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two subscriptions are named {name!r}")
    for subscription in subscriptions:
        check_subscription(subscription, known_sources, rules)


def check_subscription(
    subscription: Subscription, known_sources: Mapping[str, Source], rules: Mapping[str, Rule]
) -> None:
    """The same for one subscription."""
    _check_name(subscription.name)
    troubles = (
        _trouble_of_rule(subscription, known_sources),
        subscription.unknown_rule(rules),
        _trouble_of_hours(subscription),
    )
    for trouble in troubles:
        if trouble:
            raise UsageError(f"subscription {subscription.name!r} {trouble}")


def _check_name(name: str) -> None:
    if not name.strip():
        raise UsageError("a subscription has an empty name")
    if name == OPERATOR:
        raise UsageError(f"no subscription can be named {OPERATOR!r}: set [operator] instead")
    if len(name) > _NAME_LENGTH or not name.isprintable():
        raise UsageError(
            f"the name {name[:_NAME_LENGTH]!r} is longer than {_NAME_LENGTH} characters or not one line"
        )


def _trouble_of_rule(subscription: Subscription, known_sources: Mapping[str, Source]) -> str:
    unknown = [source for source in subscription.sources if source not in known_sources]
    if unknown:
        return f"names the unknown source {unknown[0]!r}; known: {', '.join(sorted(known_sources))}"
    if "baseline" in (subscription.verbs or ()):
        return "asks for 'baseline', which is always silent"
    for words in ("relevance", "verbs"):
        if getattr(subscription, words) == ():
            return f"has an empty list of {words}, so it would never match"
    for key in ("relevance", "verbs", *OWN):
        if subscription.named_rules and getattr(subscription, key):
            return f"names a rule and has {key}, too: write {key} into the rule"
    return _trouble_of_words(subscription, known_sources)


def _trouble_of_words(subscription: Subscription, known_sources: Mapping[str, Source]) -> str:
    if any(getattr(subscription, key) for key in OWN):
        try:
            check(subscription.own_rule, Known(known_sources))
        except UsageError as error:
            return f"has a rule that cannot be used: {error}"
    return ""


def _trouble_of_hours(subscription: Subscription) -> str:
    quiet = subscription.quiet
    times = [subscription.at, *((quiet.start, quiet.end) if quiet else ())]
    if any(at.tzinfo is not None for at in times):
        return "has a time of day with a zone, which is what time_zone is for"
    if quiet and quiet.start == quiet.end:
        return "has quiet hours that begin when they end: leave quiet out, or set paused = true"
    if subscription.urgent and not quiet:
        return "says what is urgent but has no quiet hours for it to pass"
    if subscription.send != "at_once" and subscription.group_minutes:
        return "has group_minutes, which is for send = 'at_once'"
    if subscription.one_per_item and (subscription.group_minutes or subscription.empty):
        return "wants one message per item, so it can have neither group_minutes nor empty"
    if subscription.send == "at_once" and subscription.empty:
        return "has empty = true, which is for digests"
    if subscription.send != "at_once" and subscription.urgent:
        return "says what is urgent, which is for send = 'at_once'"
    return trouble_of_zone(subscription.time_zone)


def trouble_of_zone(name: str) -> str:
    """The end of a sentence about a time zone that is not in the world's list; else nothing."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"names the unknown time zone {name!r}"
    return ""
