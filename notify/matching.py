"""Matching: changes that no rule has seen become deliveries that are owed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from notify.audience import Audience
from stemwatch.deliveries import Owed
from stemwatch.flow import MatchStore
from stemwatch.subscriptions import Subscription
from stemwatch.views import ChangeView
from stemwatch.windows import digest_window, released, windows_ended

MISSED = timedelta(days=7)
"""How far back a digest that would have been empty is still sent, after the machine slept."""


class Wanted(NamedTuple):
    """A change that a subscription wants, why, and whether it passes the quiet hours."""

    change: ChangeView
    why: tuple[str, ...]
    urgent: bool


class Matcher:
    """Owes an audience what is due to it. What a paused subscription was owed is off."""

    def __init__(self, store: MatchStore, audience: Audience, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.audience = audience
        self.clock = clock

    def match(self) -> int:
        """Look at every change that no rule has seen; returns how many deliveries are new."""
        names = [subscription.name for subscription in self.audience.paused]
        self.store.call_off(names, "The subscription was paused.", self.clock())
        return self._match_news() + self._empty_windows() + self.store.owe_corrections(self.clock())

    def _match_news(self) -> int:
        created = 0
        while True:
            with self.store.matching():
                if not (changes := self.store.unmatched()):
                    return created
                created += self._match(changes)

    def _match(self, changes: Sequence[ChangeView]) -> int:
        now = self.clock()
        met = self._met(changes)
        owed = [debt for one in self.audience.active for debt in self._owed(changes, met, one, now)]
        # By change, so that the same content is sent to all who get it one after another.
        owed.sort(key=lambda debt: debt.change)
        return self.store.enqueue(owed, [change.change for change in changes], now)

    def _met(self, changes: Sequence[ChangeView]) -> dict[str, dict[int, str]]:
        """Why each change meets a rule, by rule and change."""
        asked = self.audience.rule_set
        met: dict[str, dict[int, str]] = {}
        for found in asked.matches(self.store.subjects(changes, texts=asked.reads_texts)):
            met.setdefault(found.rule, {})[found.change] = found.why
        return met

    def _wanted(
        self, changes: Sequence[ChangeView], met: Mapping[str, Mapping[int, str]], subscription: Subscription
    ) -> Iterator[Wanted]:
        asked = self.audience.asked[subscription.name]
        found = [met[rule] for rule in asked.rules if rule in met]
        if not found:
            return
        urgent = {number for rule in asked.urgent for number in met.get(rule, ())}
        for change in changes:
            if why := tuple(of[change.change] for of in found if change.change in of):
                yield Wanted(change, why, change.change in urgent)

    def _owed(
        self,
        changes: Sequence[ChangeView],
        met: Mapping[str, Mapping[int, str]],
        subscription: Subscription,
        now: datetime,
    ) -> Iterator[Owed]:
        """What these changes owe to one subscription."""
        first: dict[str, int] = {}
        for wanted in self._wanted(changes, met, subscription):
            number = wanted.change.change
            debt = Owed(
                subscription=subscription.name,
                change=number,
                identity=f"change:{first.setdefault(wanted.change.notice, number)}",
                kind="at_once",
                due_at=now,
                urgent=wanted.urgent,
                lane=self.audience.lane(subscription),
                why=wanted.why,
            )
            yield _placed(debt, wanted.change, subscription, now)

    def _empty_windows(self) -> int:
        """Digests are owed for windows without news, too, where they were asked for."""
        asked = [one for one in (*self.audience.active, *self.audience.paused) if one.empty]
        if not asked:
            return 0
        now = self.clock()
        until = self.store.windows_until([subscription.name for subscription in asked], now)
        owed, ended = [], {}
        for subscription in asked:
            since = max(until[subscription.name], now - MISSED)
            for window in windows_ended(since, now, subscription):
                ended[subscription.name] = window[1]
                if not subscription.paused:
                    debt = Owed(subscription=subscription.name, change=0, identity="", kind="daily", due_at=now)
                    debt = msgspec.structs.replace(debt, lane=self.audience.lane(subscription))
                    owed.append(_in_window(debt, window, subscription))
        return self.store.owe_windows(owed, ended, now) if ended else 0


def _placed(debt: Owed, change: ChangeView, subscription: Subscription, now: datetime) -> Owed:
    """The debt with its time: now, at the end of a burst or of a digest's window, and outside the quiet hours."""
    replace = msgspec.structs.replace
    if subscription.send != "at_once":
        current = digest_window(now, subscription)
        own = current if change.late else digest_window(change.detected_at, subscription)
        later = _in_window(debt, current, subscription, change.notice) if own != current else None
        return replace(_in_window(debt, own, subscription, change.notice), later=later)
    if debt.urgent:
        return debt
    if subscription.group_minutes:
        ends = now + timedelta(minutes=subscription.group_minutes)
        debt = replace(
            debt, identity=f"burst:{debt.change}", kind="burst", starts_at=now, ends_at=ends, due_at=ends
        )
    return replace(debt, due_at=released(debt.due_at, subscription.quiet, subscription.zone))


def _in_window(
    debt: Owed, window: tuple[datetime, datetime], subscription: Subscription, notice: str = ""
) -> Owed:
    """The debt as part of a digest, or as an item of its own at the digest's hour."""
    assert subscription.send != "at_once"
    start, end = window
    of = f"{subscription.send}:{end.isoformat()}"
    return msgspec.structs.replace(
        debt,
        identity=f"{of}:{notice}" if subscription.one_per_item else of,
        kind="item" if subscription.one_per_item else subscription.send,
        starts_at=start,
        ends_at=end,
        due_at=released(end, subscription.quiet, subscription.zone),
    )
