"""The rows, which never change but are replaced, so that a copy of a few dicts is a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from secrets import token_hex
from threading import RLock
from typing import Any, TypeVar

import msgspec

from stemwatch.assessing import Assessment, Document, assess
from stemwatch.changes import PageContent
from stemwatch.deliveries import Kind
from stemwatch.reading import KnownPage
from stemwatch.records import Listed, Validators
from stemwatch.views import FieldChange, RunView
from stemwatch.words import Cause, Role, Status, Verb

UNREAD = assess(Document(fields={}, kind=""))


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all rows."""


class PageRow(Row, frozen=True):
    """A page as last read, and when it was looked at. Without `read_at` it was only tried."""

    known: KnownPage
    content: PageContent = PageContent(label="", fields={}, text="")
    fingerprint: str = ""
    revision: int = 0


class NoticeRow(Row, frozen=True):
    """A notice: what the list says of it (`listed`), what its pages add, and its life."""

    number: int
    source: str
    listed: Listed
    kind: str
    first_run: str
    first_seen_at: datetime
    posted_by_page: date | None = None
    closed_by_page: date | None = None
    closed_by: int | None = None
    status: Status = "listed"
    absent: int = 0
    absent_since: date | None = None
    reissued_as: int | None = None
    pages: dict[Role, PageRow] = {}
    assessment: Assessment = UNREAD

    @property
    def name(self) -> str:
        return f"{self.source}/{self.listed.key}"

    @property
    def closed_out_on(self) -> date | None:
        return self.listed.closed_out_on or self.closed_by_page


class ChangeRow(Row, frozen=True):
    """`replaced` are the texts of pages that an edit replaced."""

    number: int
    notice: int
    run: str
    verb: Verb
    cause: Cause
    detected_at: datetime
    edited: tuple[FieldChange, ...] = ()
    related: int | None = None
    replaced: tuple[tuple[Role, str], ...] = ()
    late: bool = False
    matched_at: datetime | None = None


class SourceRow(Row, frozen=True):
    last_started_at: datetime | None = None
    last_ok_at: datetime | None = None
    baselined_at: datetime | None = None
    revision: int = 0
    lists: dict[str, Validators] = {}


class DeliveryRow(Row, frozen=True):
    number: int
    subscription: str
    identity: str
    kind: Kind
    lane: str
    due_at: datetime
    next_try_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    urgent: bool = False
    correction: int | None = None
    attempts: int = 0
    lease_until: datetime | None = None
    parts: int = 0
    sent_at: datetime | None = None
    dead_at: datetime | None = None
    withdrawn: bool = False
    subject: str = ""
    answer: str = ""
    error: str = ""

    @property
    def pending(self) -> bool:
        return self.sent_at is None and self.dead_at is None

    @property
    def taken(self) -> bool:
        """Taken up, so that nothing can be added to it."""
        return self.attempts > 0 or not self.pending


class ToldRow(Row, frozen=True):
    delivery: int
    why: tuple[str, ...]
    late: bool


class ChannelRow(Row, frozen=True):
    refusals: int = 0
    disabled: bool = False
    windows_until: datetime | None = None


class Tables(msgspec.Struct):
    """Everything that is stored. `told` is by subscription and change, `corrections` why a change was wrong."""

    runs: dict[str, RunView] = {}
    sources: dict[str, SourceRow] = {}
    notices: dict[int, NoticeRow] = {}
    numbers: dict[str, int] = {}
    changes: dict[int, ChangeRow] = {}
    deliveries: dict[int, DeliveryRow] = {}
    told: dict[tuple[str, int], ToldRow] = {}
    channels: dict[str, ChannelRow] = {}
    corrections: dict[int, str] = {}


Key = TypeVar("Key")
Kept = TypeVar("Kept", bound=Row)


def put(table: dict[Key, Kept], key: Key, **values: Any) -> Kept:
    """Replace values of one row; returns the new row."""
    table[key] = msgspec.structs.replace(table[key], **values)
    return table[key]


def whole(moment: datetime) -> datetime:
    """A moment as it is stored: UTC, whole seconds."""
    return moment.astimezone(UTC).replace(microsecond=0)


class Shelf:
    """What a folder is to the other store: several stores may share it, and it outlives each of them."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.instance = token_hex(4)
        self._lock = RLock()

    def key(self, delivery: DeliveryRow) -> str:
        """Its idempotency key."""
        return f"stemwatch-{self.instance}-{delivery.number}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile."""
        with self._lock:
            yield

    @contextmanager
    def writing(self) -> Iterator[Tables]:
        """One transaction: readers see nothing of it before its end, and nothing at all when it fails."""
        with self._lock:
            draft = Tables(**{name: dict(getattr(self.tables, name)) for name in Tables.__struct_fields__})
            yield draft
            self.tables = draft
