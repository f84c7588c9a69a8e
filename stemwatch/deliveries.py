"""What is owed to subscriptions, what a delivery tells, and what became of it: the words of match and deliver."""

from datetime import datetime
from typing import Literal

import msgspec

from stemwatch.views import ChangeView, NoticeView, PublicationView

Kind = Literal["at_once", "burst", "item", "daily", "weekly", "correction", "report", "letter"]
"""A burst is what came together; an item is one notice at a digest's hour; a report is the operator's; a letter is
about subscribing."""

Status = Literal["sent", "waiting", "failed", "withdrawn"]


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One change that one subscription is owed.

    Changes with the same `identity` share one delivery. A digest covers `starts_at` <= t < `ends_at`; when it has
    been taken up already, the change goes into the digest of `next_identity`, marked as late. A burst takes what
    comes before it ends.
    """

    subscription: str
    change: int
    identity: str
    kind: Kind
    due_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    urgent: bool = False
    lane: str = ""
    why: tuple[str, ...] = ()
    later: "Owed | None" = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message owed to one subscription. `key` is its idempotency key: the same at every attempt."""

    id: int
    subscription: str
    kind: Kind
    attempts: int
    starts_at: datetime | None
    ends_at: datetime | None
    lane: str
    urgent: bool
    correction: int | None
    report: int | None
    parts: int
    key: str


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one claimed delivery.

    `sent`: the channel's `answer`. `retry` and `held`: not before `until`; the others of its subscription not
    before `rest`; `parts` marks how much of a long message was accepted. `held` counts as no attempt. `dead`:
    `error` says why; `refused` when the channel will take nothing of the kind, and after `patience` of those in a
    row the channel is disabled.
    """

    delivery: int
    subscription: str
    outcome: Literal["sent", "retry", "held", "dead"]
    at: datetime
    subject: str = ""
    answer: str = ""
    error: str = ""
    parts: int = 0
    until: datetime | None = None
    rest: datetime | None = None
    refused: bool = False
    patience: int = 1


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a delivery, its notice, the lines of text it replaced, why it is told, the clinics by name
    and id, and the other notices of its event.
    """

    change: ChangeView
    notice: NoticeView
    diff: tuple[str, ...]
    why: tuple[str, ...] = ()
    clinics: tuple[str, ...] = ()
    also: tuple[PublicationView, ...] = ()


class Correction(msgspec.Struct, frozen=True):
    """A change that a subscription was told wrongly at `told_at`, and what was wrong with it."""

    change: int
    why: str
    told_at: datetime


class Report(msgspec.Struct, frozen=True):
    """One message to the operator: a subject, and a sentence a line."""

    subject: str
    lines: tuple[str, ...]


class LedgerView(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery: what it tells, and what became of it. `answer` is the receiver's word at `sent_at`.
    `as_event` are notices that were not sent, because this delivery had told of the same event.

    `key` is its idempotency key: the receiver's own log knows the message by it.
    """

    delivery: int
    subscription: str
    kind: str
    status: Status
    subject: str
    notices: tuple[str, ...]
    as_event: tuple[str, ...]
    due_at: datetime
    next_try_at: datetime | None
    attempts: int
    sent_at: datetime | None
    answer: str
    error: str
    key: str
