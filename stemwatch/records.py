"""The records that travel from a crawl to the store, one JSON object a line, told apart by `type`."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from stemwatch.text import comparable
from stemwatch.words import ListKind, PagesRead, Role, Weekday

type_field = "type"


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of everything that is written to a bundle."""


class Listed(Record, frozen=True, tag="listed", tag_field=type_field):
    """What the regulator's list says about one notice.

    `key` is the regulator's raw identifier, `case_number` one that several notices may share (a reissued
    letter keeps it), `fields` what only this source has (`office`, `subject`). Dates are the visible ones.
    `capture` is the SHA-256 of the response that listed it. `doubtful`: its words were unlike a regulator's and
    were left out; what a better run says instead is no edit. `backfilled`: found by looking further back than the
    list's newest part.
    """

    key: str
    url: str
    title: str
    kind: str
    posted_on: date | None = None
    issued_on: date | None = None
    case_number: str = ""
    fields: dict[str, str] = {}
    closed_out_on: date | None = None
    closed_out_url: str = ""
    responded_on: date | None = None
    responded_url: str = ""
    capture: str = ""
    doubtful: bool = False
    backfilled: bool = False
    fingerprint: str = ""

    def content(self) -> dict[str, str]:
        """What a reader of the list would notice, by field name: the ground of every `edited`."""
        dates = {"posted_on": self.posted_on, "issued_on": self.issued_on}
        return {
            "title": self.title,
            "case_number": self.case_number,
            **{name: day.isoformat() if day else "" for name, day in dates.items()},
            **self.fields,
        }

    def stamped(self) -> "Listed":
        """The same with its fingerprint, which also covers the close-out and response columns."""
        life = (self.closed_out_on, self.closed_out_url, self.responded_on, self.responded_url)
        parts = [*flat(self.content()), *map(str, life)]
        return msgspec.structs.replace(self, fingerprint=fingerprint(parts))


class Same(Record, frozen=True, tag="same", tag_field=type_field):
    """A notice that the list shows exactly as the crawl knew it."""

    key: str
    fingerprint: str


class Page(Record, frozen=True, tag="page", tag_field=type_field):
    """One page of a notice, read whole. `label` is the kind of document as the page itself prints it,
    `kind` what that makes of its notice when it is not what the list is about, `posted_on` the day of publication
    where the list gives none, `closed_out_on` the day on which the page says its notice was withdrawn.

    `fields` holds only what the list does not already say: a fact has one home, so that one act of the
    regulator is one change.
    """

    key: str
    role: Role
    url: str
    read_at: datetime
    capture: str
    label: str = ""
    kind: str = ""
    posted_on: date | None = None
    closed_out_on: date | None = None
    fields: dict[str, str] = {}
    text: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def fingerprint(self) -> str:
        closed = [str(self.closed_out_on)] if self.closed_out_on else []
        return fingerprint([comparable(self.label), *flat(self.fields), comparable(self.text), *closed])


class Look(Record, frozen=True, tag="look", tag_field=type_field):
    """A look at a page that brought no text: `unchanged` (304), `gone` (404, 410), `alive`, or `failed`.

    `alive` answers only the question whether the address still serves its notice.
    """

    key: str
    role: Role
    url: str
    looked_at: datetime
    outcome: Literal["unchanged", "gone", "alive", "failed"]
    why: str = ""
    capture: str = ""


class Capture(Record, frozen=True, tag="capture", tag_field=type_field):
    """One HTTP response in the bundle's WARC file: `offset` and `length` are bytes of its gzip member."""

    sha256: str
    url: str
    fetched_at: datetime
    status: int
    offset: int
    length: int


class Validators(Record, frozen=True):
    """What a list's address said of its answer, to ask next time whether there is anything new."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Headers of a conditional request; none when there is nothing to go by."""
        wanted = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in wanted.items() if value}


AnyRecord = Listed | Same | Page | Look | Capture


class Expectations(Record, frozen=True):
    """What a believable run of a source looks like: data beside the source, read by `health`.

    `least`: rows under which the list is not believed. `shrink`: share of the last good size it may lose
    between two runs. `filled`: share of rows that must carry a field. `failed_pages`: share of page reads
    that may fail. `edited`: share of the list that may read otherwise than at the last run. `fresh_days`:
    nothing newer than this is suspicious.
    """

    least: int = 1
    shrink: float = 0.05
    filled: dict[str, float] = {}
    failed_pages: float = 0.1
    edited: float = 0.05
    fresh_days: int = 0


class Source(Record, frozen=True):
    """One list that one regulator publishes. `revision` grows whenever our reading of it changes.

    `busy` are the days, in UTC, on which the regulator publishes most: the list is looked at more often then.
    `tried`: the list was read at least once, from its site or from the stand-in for it. One that was not is
    followed only where the settings enable it.
    """

    name: str
    title: str
    regulator: str
    jurisdiction: str
    language: str
    kind: str
    list: ListKind
    url: str
    licence: str
    every_minutes: int
    delay_seconds: float
    details_per_run: int
    revision: int
    expectations: Expectations = Expectations()
    ways: tuple[str, ...] = ()
    pages: PagesRead = "all"
    busy: tuple[Weekday, ...] = ()
    tried: bool = True

    @property
    def host(self) -> str:
        """The host that a crawl asks, without `www`."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


def flat(fields: dict[str, str]) -> Iterable[str]:
    """The filled fields in a fixed order."""
    return (f"{name}={comparable(value)}" for name, value in sorted(fields.items()) if value)


def fingerprint(parts: Iterable[str]) -> str:
    """SHA-256, shortened to 32 hex digits, over parts that are told apart by a separator no text holds."""
    return sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(AnyRecord).decode


def plain(record: Any) -> Any:
    """A record as JSON-ready builtins."""
    return msgspec.to_builtins(record)
