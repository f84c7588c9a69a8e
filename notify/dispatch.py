"""Delivering: rows become messages, several at a time, each target by itself and each outcome on record."""

import math
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Literal

import msgspec

from notify.channels import HANDS, Transport, check
from notify.content import Coverage
from notify.lanes import Lanes
from notify.outcomes import LEASE, failed
from notify.sending import Errand, Sender, Sent
from notify.wording import words
from notify.work import Work
from stemwatch.deliveries import Content, Delivery, Settled
from stemwatch.errors import StemwatchError
from stemwatch.flow import DeliverStore
from stemwatch.site import NO_SITE, Pages
from stemwatch.subscriptions import Subscription
from stemwatch.windows import released

DIGESTS = frozenset({"daily", "weekly"})

LOOK_S = 0.5
"""So often a pass looks for sends that take too long."""

AHEAD = 4
"""So many times as much as is sent at a time is claimed: one transaction for many."""


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one delivery. `notice` is None for a message that tells of several, or of none."""

    delivery: int
    subscription: str
    channel: str
    notice: str | None
    outcome: Literal["sent", "retry", "dead"]
    attempts: int
    error: str


@dataclass
class Job:
    """One delivery under way, and what came of it. Its sending, once begun, is to end by `until` (monotonic)."""

    errand: Errand
    until: float = math.inf
    work: Work | None = None
    result: Sent | Exception | None = None

    def begin(self, work: Work) -> None:
        self.work, self.until = work, monotonic() + work.limit

    def do(self, sender: Sender) -> None:
        """Send; whatever keeps it from being accepted is the outcome."""
        try:
            self.result = sender.send(self.errand, self.begin)
        except Exception as error:  # noqa: BLE001 - a fault of ours, too, is recorded and holds up nobody
            self.result = error

    def overdue(self, now: float) -> bool:
        """Whether it did not end in time, which then is its outcome."""
        if self.result is None and self.work and self.until < now:
            self.result = self.work.trouble()
        return isinstance(self.result, Exception)


def check_channels(subscriptions: Sequence[Subscription], environ: Mapping[str, str]) -> None:
    """StemwatchError naming the first subscription whose channel or language cannot be used."""
    for subscription in subscriptions:
        try:
            words(subscription.language)
            check(subscription.channel_url(environ))
        except StemwatchError as error:
            name = subscription.name
            raise type(error)(f"The subscription {name!r} cannot be used: {error}") from None


class Dispatcher:
    """One pass of sending what is due. `coverage` is what a digest says was checked, `pages` are ours."""

    def __init__(
        self,
        store: DeliverStore,
        subscriptions: Sequence[Subscription],
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
        coverage: Callable[[], Coverage],
        transport: Transport | None = None,
        *,
        lanes: Lanes | None = None,
        at_a_time: int = 8,
        pages: Pages = NO_SITE,
    ) -> None:
        self.store = store
        self.subscriptions = {subscription.name: subscription for subscription in subscriptions}
        self.clock = clock
        self.coverage = coverage
        self.sender = Sender(environ, clock, transport or Transport(), pages)
        self.lanes = lanes or Lanes()
        self.at_a_time = at_a_time
        self._contents = store.contents()
        self._waiting: dict[int, tuple[Delivery, Sequence[Content]]] = {}
        self._flying: dict[int, Job] = {}
        self._landed: SimpleQueue[Job] = SimpleQueue()
        self._resting: set[str] = set()
        self._channels: dict[str, str] = {}

    def deliver(self, stopping: Callable[[], bool] = lambda: False) -> Iterator[DeliveryView]:
        """Send everything that is due; each outcome is recorded before it is told.

        The messages of one subscription go one after another, in their order. When its channel fails it rests
        until its next try, so that it does not hold up the others.
        """
        self._resting = {name for name, one in self.subscriptions.items() if one.paused}
        self._resting |= set(self.store.disabled())
        with closing(self._pass(stopping)) as views:
            yield from views

    def _pass(self, stopping: Callable[[], bool]) -> Generator[DeliveryView, None, None]:
        try:
            while True:
                pause = None
                if not stopping():
                    self._claim()
                    pause = self._launch(stopping)
                if not self._flying and pause is None:
                    return
                yield from self._land(pause)
        finally:
            self._give_back(set(self._waiting))
            while self._flying:
                self._land(None)
            self.sender.transport.end()

    def _claim(self) -> None:
        """Have at hand what can be sent next, and not so much of one subscription or lane that others wait."""
        most = AHEAD * self.at_a_time
        while (room := most - len(self._waiting) - len(self._flying)) >= most // 2:
            at_hand = [delivery for delivery, _ in self._waiting.values()]
            at_hand += [job.errand.delivery for job in self._flying.values()]
            lanes = Counter(delivery.lane for delivery in at_hand)
            now = self.clock()
            claimed = self.store.claim(
                now=now,
                lease_until=now + LEASE,
                limit=(limit := min(room, 2 * self.lanes.per_host)),
                resting=self._resting | {delivery.subscription for delivery in at_hand},
                full={lane for lane, number in lanes.items() if number >= 2 * self.lanes.bound(lane)},
            )
            contents = self._contents.of(claimed) if claimed else {}
            self._waiting.update({delivery.id: (delivery, contents[delivery.id]) for delivery in claimed})
            if len(claimed) < limit:
                return

    def _launch(self, stopping: Callable[[], bool]) -> float | None:
        """Begin what can be begun; returns the seconds until more can be, None when nothing waits for its turn."""
        busy = {job.errand.delivery.subscription for job in self._flying.values()}
        pauses = []
        for delivery, contents in list(self._waiting.values()):
            if len(self._flying) >= self.at_a_time or stopping():
                break
            if delivery.subscription in busy:
                continue
            if self._hold(delivery):
                del self._waiting[delivery.id]
                continue
            busy.add(delivery.subscription)  # though its lane be full: its messages keep their order
            if pause := self.lanes.wait(delivery.lane):
                pauses.append(pause)
                continue
            del self._waiting[delivery.id]
            self._begin(delivery, contents)
        return min(pauses, default=None)

    def _hold(self, delivery: Delivery) -> bool:
        """Leave it for later where it is quiet; returns whether it is."""
        subscription = self.subscriptions.get(delivery.subscription)
        if subscription is None or delivery.urgent:
            return False
        now = self.clock()
        until = released(now, subscription.quiet, subscription.zone)
        if until > now:
            name = subscription.name
            self.store.settle(
                [Settled(delivery=delivery.id, subscription=name, outcome="held", at=now, until=until)]
            )
        return until > now

    def _begin(self, delivery: Delivery, contents: Sequence[Content]) -> None:
        errand = Errand(
            delivery=delivery,
            subscription=self.subscriptions.get(delivery.subscription),
            contents=contents,
            coverage=self.coverage() if delivery.kind in DIGESTS else (),
            about=self._contents.about(delivery),
        )
        self.lanes.begin(delivery.lane)
        job = self._flying[delivery.id] = Job(errand)
        HANDS.begin(partial(self._do, job))

    def _do(self, job: Job) -> None:
        job.do(self.sender)
        self._landed.put(job)

    def _land(self, pause: float | None) -> list[DeliveryView]:
        """Wait for a send to end, at most `pause` seconds, and record it with all others that have ended."""
        jobs = list(self._ended(min(LOOK_S, math.inf if pause is None else pause)))
        if not jobs:
            return []
        now = self.clock()
        channels = [self._channel(job.errand.subscription) for job in jobs]
        outcomes = [_settled(job, channel, now) for job, channel in zip(jobs, channels, strict=True)]
        self.store.settle(outcomes)
        for job, outcome in zip(jobs, outcomes, strict=True):
            self.lanes.end(job.errand.delivery.lane, failed=outcome.outcome != "sent")
            if outcome.outcome != "sent":
                self._rest(outcome)
        return [_view(*landed) for landed in zip(jobs, channels, outcomes, strict=True)]

    def _ended(self, pause: float) -> Iterator[Job]:
        """Those that ended, and those that will not end in time and are left to themselves."""
        landed = []
        with suppress(Empty):
            landed.append(self._landed.get(timeout=pause))
            while True:
                landed.append(self._landed.get_nowait())
        now = monotonic()
        for job in [*landed, *(job for job in self._flying.values() if job.overdue(now))]:
            number = job.errand.delivery.id
            if self._flying.get(number) is job:
                del self._flying[number]
                yield job

    def _channel(self, subscription: Subscription | None) -> str:
        name = subscription.name if subscription else ""
        if name not in self._channels:
            self._channels[name] = self.sender.channel(subscription)
        return self._channels[name]

    def _rest(self, outcome: Settled) -> None:
        """Let a subscription be whose channel failed; what of it waits is given back."""
        if outcome.outcome == "retry" or outcome.refused:
            name = outcome.subscription
            if outcome.outcome == "retry" or name in self.store.disabled():
                self._resting.add(name)
            self._give_back({number for number, (one, _) in self._waiting.items() if one.subscription == name})

    def _give_back(self, numbers: set[int]) -> None:
        self.store.give_back([self._waiting.pop(number)[0] for number in numbers])


def _settled(job: Job, channel: str, now: datetime) -> Settled:
    delivery, sent = job.errand.delivery, job.result
    assert sent is not None
    if isinstance(sent, Exception):
        return failed(delivery, sent, channel, now)
    return Settled(
        delivery=delivery.id,
        subscription=delivery.subscription,
        outcome="sent",
        at=now,
        subject=sent.subject,
        answer=sent.answer,
    )


def _view(job: Job, channel: str, settled: Settled) -> DeliveryView:
    assert settled.outcome != "held"
    notices = {content.notice.notice for content in job.errand.contents}
    return DeliveryView(
        delivery=settled.delivery,
        subscription=settled.subscription,
        channel=channel,
        notice=notices.pop() if len(notices) == 1 and job.errand.delivery.kind not in DIGESTS else None,
        outcome=settled.outcome,
        attempts=job.errand.delivery.attempts,
        error=settled.error,
    )
