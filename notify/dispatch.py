"""Matching and delivering: what is owed becomes rows, and rows become messages, each target by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from notify.channels import Transport, check, describe
from notify.content import Coverage
from notify.errors import Permanent, Temporary
from notify.frame import Frame
from notify.message import Mention, Message, alert, digest
from stemwatch.config import Subscription
from stemwatch.errors import StemwatchError
from stemwatch.rules import digest_window, meets
from stemwatch.store import Store
from stemwatch.store.outbox import Content, Delivery, Owed
from stemwatch.views import ChangeView

LEASE = timedelta(minutes=5)
"""Longer than any send: a delivery whose sender died is taken up after it."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720, 1440))
"""Pauses after the first failure, the second...: 58 hours in all, then the delivery is dead."""

Outcome = Literal["sent", "retry", "dead"]


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one delivery. `notice` is None for a digest, which tells of several."""

    delivery: int
    subscription: str
    channel: str
    notice: str | None
    outcome: Outcome
    attempts: int
    error: str


def match(store: Store, subscriptions: Sequence[Subscription], clock: Callable[[], datetime]) -> int:
    """Look at every change that no rule has seen; returns how many deliveries are new."""
    created = 0
    while changes := store.unmatched():
        now = clock()
        owed = [debt for subscription in subscriptions for debt in _owed(changes, subscription, now)]
        created += store.enqueue(owed, [change.change for change in changes], now)
    return created


def _owed(changes: Sequence[ChangeView], subscription: Subscription, now: datetime) -> Iterator[Owed]:
    """One delivery a notice at once, however much happened to it; or one a day for all."""
    wanted = [change for change in changes if meets(change, subscription)]
    if subscription.send == "daily":
        start, end = digest_window(now, subscription)
        for change in wanted:
            yield Owed(
                subscription=subscription.name,
                change=change.change,
                identity=f"daily:{end.isoformat()}",
                kind="daily",
                due_at=end,
                starts_at=start,
                ends_at=end,
            )
        return
    first: dict[str, int] = {}
    for change in wanted:
        number = first.setdefault(change.notice, change.change)
        yield Owed(
            subscription=subscription.name,
            change=change.change,
            identity=f"change:{number}",
            kind="at_once",
            due_at=now,
        )


def check_channels(subscriptions: Sequence[Subscription], environ: Mapping[str, str]) -> None:
    """StemwatchError naming the first subscription whose channel cannot be used."""
    for subscription in subscriptions:
        try:
            check(subscription.channel_url(environ))
        except StemwatchError as error:
            name = subscription.name
            raise type(error)(f"The subscription {name!r} cannot be used: {error}") from None


class Dispatcher:
    """Sends what is due. `coverage` is what a digest says was checked."""

    def __init__(
        self,
        store: Store,
        subscriptions: Sequence[Subscription],
        environ: Mapping[str, str],
        clock: Callable[[], datetime],
        coverage: Callable[[], Coverage],
        transport: Transport | None = None,
    ) -> None:
        self.store = store
        self.subscriptions = {subscription.name: subscription for subscription in subscriptions}
        self.environ = environ
        self.clock = clock
        self.coverage = coverage
        self.transport = transport or Transport()

    def deliver(self, stopping: Callable[[], bool] = lambda: False) -> Iterator[DeliveryView]:
        """Send everything that is due, one message after another, and record each outcome before the next.

        A subscription whose channel fails rests until its next try, so that it does not hold up the others.
        """
        resting: set[str] = set()
        while not stopping():
            now = self.clock()
            delivery = self.store.claim(now=now, lease_until=now + LEASE, resting=resting)
            if delivery is None:
                return
            view = self._send(delivery)
            if view.outcome == "retry":
                resting.add(view.subscription)
            yield view

    def _send(self, delivery: Delivery) -> DeliveryView:
        subscription = self.subscriptions.get(delivery.subscription)
        contents = self.store.content(delivery)
        channel, error = "-", ""
        outcome: Outcome = "sent"
        try:
            if subscription is None:
                raise Permanent("No subscription of this name is configured any more.")
            url = subscription.channel_url(self.environ)
            channel = describe(url)
            message = self._message(delivery, subscription, contents)
            self.transport.send(url, message, delivery.key, now=self.clock())
        except Permanent as refusal:
            error, outcome = refusal.reason, "dead"
            self.store.dead(delivery, error, self.clock())
        except Temporary as failure:
            error = failure.reason
            outcome = self._again(delivery, failure)
        else:
            self.store.accepted(delivery, self.clock())
        return DeliveryView(
            delivery=delivery.id,
            subscription=delivery.subscription,
            channel=channel,
            notice=contents[0].notice.notice if delivery.kind == "at_once" and contents else None,
            outcome=outcome,
            attempts=delivery.attempts,
            error=error,
        )

    def _again(self, delivery: Delivery, failure: Temporary) -> Outcome:
        """Put the next try off, or give up after the last pause."""
        now = self.clock()
        if delivery.attempts > len(BACK_OFF):
            self.store.dead(delivery, f"Given up after {delivery.attempts} attempts. {failure.reason}", now)
            return "dead"
        pause = BACK_OFF[delivery.attempts - 1]
        asked = timedelta(seconds=failure.retry_after or 0)
        self.store.postponed(delivery, failure.reason, now + max(pause, asked))
        return "retry"

    def _message(self, delivery: Delivery, subscription: Subscription, contents: list[Content]) -> Message:
        mentions = _mentions(contents, subscription)
        frame = Frame(subscription=subscription.name, zone=subscription.zone)
        if delivery.kind == "at_once":
            return alert(mentions[0], frame)
        assert delivery.starts_at is not None
        assert delivery.ends_at is not None
        return digest(mentions, frame, delivery.starts_at, delivery.ends_at, self.coverage())


def _mentions(contents: list[Content], subscription: Subscription) -> list[Mention]:
    """Each notice once, with everything that this delivery tells of it."""
    by_notice: dict[str, list[Content]] = {}
    for content in contents:
        by_notice.setdefault(content.notice.notice, []).append(content)
    return [_mention(found, subscription) for found in by_notice.values()]


def _mention(contents: list[Content], subscription: Subscription) -> Mention:
    changes = tuple(content.change for content in contents)
    why = [reason for change in changes for reason in meets(change, subscription)]
    return Mention(
        notice=contents[-1].notice,
        changes=changes,
        diff=tuple(line for content in contents for line in content.diff),
        why=tuple(dict.fromkeys(why)),
    )
