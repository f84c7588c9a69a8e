"""What the operator is told: each trouble once when it begins and once when it is over, and what was given up."""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic

from notify.lanes import lane_of
from scheduler.house import House
from scheduler.subscribers import subscribers
from stemwatch.deliveries import Report
from stemwatch.errors import StemwatchError
from stemwatch.store import Store
from stemwatch.store.reports import Failed
from stemwatch.subscriptions import Subscription
from stemwatch.views import SourceView
from stemwatch.windows import digest_window

logger = logging.getLogger("stemwatch")

LOOK_EVERY_S = 60.0
LATE = timedelta(hours=1)
"""A message that is owed for longer is an alarm."""

LEAST_FREE = 500_000_000
"""Bytes that the disk should have left."""

JUMP = timedelta(minutes=5)
"""Between two looks the clock may differ by so much from the time that passed."""

LISTED = 20
"""So many failed deliveries are named in one report; the rest is counted."""


class Operator:
    """Looks at everything once a minute. What it said is in the tables, so that a restart repeats nothing."""

    def __init__(self, house: House, release_trouble: Callable[[], str] = lambda: "") -> None:
        self.house = house
        self.release_trouble = release_trouble
        self._looked: tuple[datetime, float] | None = None

    def look(self, store: Store) -> None:
        """Report what is new since the last report, if a minute has passed since the last look."""
        now = self.house.clock.now()
        if self._looked and monotonic() - self._looked[1] < LOOK_EVERY_S:
            return
        jump = self._jump(now)
        self._looked = now, monotonic()
        standing = dict(self._standing(store, now))
        failed = store.unreported()
        lines = (*jump, *changed(store.troubles(), standing), *given_up(failed))
        if lines:
            self._tell(store, Report(subject_of(lines), lines), f"report:{now.isoformat()}", standing, failed)
        self._beat(store, now, standing)

    def _tell(
        self, store: Store, report: Report, key: str, standing: Mapping[str, str], failed: Sequence[Failed] = ()
    ) -> None:
        now, operator = self.house.clock.now(), self.house.config.operator.subscription
        message = report if operator else None
        lane = self._lane(operator) if operator else ""
        if store.report(message, key=key, lane=lane, now=now, standing=standing, failed=failed):
            logger.info("%s: %s", report.subject, " ".join(report.lines))

    def _lane(self, operator: Subscription) -> str:
        try:
            return lane_of(operator.channel_url(self.house.environ))
        except StemwatchError:  # it is told when it is sent
            return lane_of(operator.name)

    def _standing(self, store: Store, now: datetime) -> Iterator[tuple[str, str]]:
        """Every trouble there is now, as its topic and its sentence."""
        yield from self._sick(store, now)
        for late in store.late(now - LATE):
            yield (
                f"late:{late.subscription}",
                f"Messages to {late.subscription!r} are late: {late.number}, the first since "
                f"{late.since:%Y-%m-%d %H:%M} UTC. `stemwatch deliveries --subscription {late.subscription!r}` "
                "says why.",
            )
        for name, disabled in store.disabled().items():
            yield (
                f"disabled:{name}",
                (
                    f"The channel of {name!r} is disabled: {disabled.why} Mend it, then "
                    f"`stemwatch subscriptions resume {name!r}`."
                ),
            )
        for one in subscribers(self.house, store):
            if trouble := one.unknown_rule(self.house.config.rules):
                yield f"rule:{one.name}", f"The subscription {one.name!r} {trouble}. It is told nothing."
        if trouble := self.release_trouble():
            yield "release", trouble
        free = shutil.disk_usage(self.house.home).free
        if free < LEAST_FREE:
            yield "disk", f"The disk of {self.house.home} has {free // 1_000_000} MB left."

    def _sick(self, store: Store, now: datetime) -> Iterator[tuple[str, str]]:
        every = self.house.every
        for view in store.source_views(every):
            if view.source in every and (said := unhealthy(view, every[view.source].every, now)):
                yield f"source:{view.source}", said

    def _jump(self, now: datetime) -> tuple[str, ...]:
        """What the clock did that time did not: somebody set it, or the machine slept."""
        if self._looked is None:
            return ()
        then, moment = self._looked
        jump = now - then - timedelta(seconds=monotonic() - moment)
        if abs(jump) < JUMP:
            return ()
        way = "forward" if jump > timedelta() else "back"
        return (f"The clock jumped {way} by {abs(jump).total_seconds() / 60:.0f} minutes, or the machine slept.",)

    def _beat(self, store: Store, now: datetime, standing: Mapping[str, str]) -> None:
        """The daily sign of life, if it is asked for and was not given today."""
        settings = self.house.config.operator
        if not settings.subscription or settings.heartbeat is None:
            return
        daily = Subscription(
            name="", channel="", send="daily", at=settings.heartbeat, time_zone=settings.time_zone
        )
        start, _ = digest_window(now, daily)
        sources = store.source_views(self.house.every)
        sent, waiting, failed = store.counts(start - timedelta(days=1))
        lines = (
            f"{sum(view.verdict == 'ok' for view in sources)} of {len(sources)} sources were read whole.",
            f"Since the day before: {sent} messages accepted, {waiting} waiting, {failed} given up.",
            *standing.values(),
        )
        self._tell(store, Report("Stemwatch is at work", lines), f"heartbeat:{start.isoformat()}", standing)


def unhealthy(view: SourceView, every: timedelta, now: datetime) -> str:
    """A source that was not read whole for longer than its period allows, or not even looked at."""
    if view.verdict not in (None, "ok") and now - (view.last_ok_at or view.verdict_since or now) > 2 * every:
        since = f"{view.last_ok_at:%Y-%m-%d %H:%M} UTC" if view.last_ok_at else "watching began"
        return f"{view.source} is {view.verdict} and was not read whole since {since}. {view.reason}".rstrip()
    if view.due_at and now - view.due_at > max(every, LATE):
        return f"{view.source} was due at {view.due_at:%Y-%m-%d %H:%M} UTC and was not looked at."
    return ""


def changed(told: Mapping[str, str], standing: Mapping[str, str]) -> tuple[str, ...]:
    """What began and what is over since the operator was told."""
    began = [sentence for topic, sentence in standing.items() if topic not in told]
    over = [f"Over: {sentence}" for topic, sentence in told.items() if topic not in standing]
    return (*began, *over)


def given_up(failed: Sequence[Failed]) -> tuple[str, ...]:
    """Failed deliveries, each with its reason."""
    lines = [f"Delivery {one.delivery} to {one.subscription!r} was given up: {one.error}" for one in failed]
    if len(lines) > LISTED:
        lines[LISTED:] = [f"And {len(lines) - LISTED} more: `stemwatch deliveries --failed` lists them all."]
    return tuple(lines)


def subject_of(lines: Sequence[str]) -> str:
    return f"Stemwatch: {lines[0]}" if len(lines) == 1 else f"Stemwatch: {len(lines)} things to look at"
