"""What is told to people and programs: the shapes behind `--json`, messages and datasets.

The order of the fields is the order of the JSON keys and of the dataset's columns.
"""

from datetime import date, datetime

import msgspec

from stemwatch.relevance import Reason, Relevance
from stemwatch.words import Cause, ListKind, Product, Status, Verb, Verdict


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Base of everything that is shown."""


class SourceView(View, frozen=True):
    """One source and how it fares. `verdict` is that of its last run, `newest_on` its newest posted date."""

    source: str
    title: str
    regulator: str
    jurisdiction: str
    language: str
    list: ListKind
    verdict: Verdict | None
    verdict_since: datetime | None
    reason: str
    last_ok_at: datetime | None
    newest_on: date | None
    notices: int
    due_at: datetime | None


class NoticeView(View, frozen=True):
    """One notice. `notice` is `<source>/<key>`; `fields` what only its source has (office, subject, recipient)."""

    notice: str
    source: str
    key: str
    url: str
    kind: str
    title: str
    posted_on: date | None
    issued_on: date | None
    regulator: str
    jurisdiction: str
    language: str
    stage: str
    status: Status
    absent_since: date | None
    reissued_as: str | None
    case_number: str
    closed_out_on: date | None
    closed_out_url: str
    responded_on: date | None
    responded_url: str
    relevance: Relevance
    products: tuple[Product, ...]
    clinics: tuple[str, ...]
    fields: dict[str, str]
    first_seen_at: datetime
    page_read_at: datetime | None


class FieldChange(View, frozen=True):
    """One field of an edited notice; for a long text `old` and `new` are empty and versions hold the words."""

    field: str
    old: str
    new: str


class ChangeView(View, frozen=True):
    """One change with its notice as it stands now. `change` grows: it is the cursor of `changes --since`."""

    change: int
    notice: str
    source: str
    verb: Verb
    cause: Cause
    detected_at: datetime
    posted_on: date | None
    issued_on: date | None
    title: str
    url: str
    relevance: Relevance
    reasons: tuple[Reason, ...]
    clinics: tuple[str, ...]
    edited: tuple[FieldChange, ...]
    related: str | None
    """The other notice of a `reissued` change, `<source>/<key>`."""
    late: bool
    """True when the notice matched only after its page had been read, in a later run than it was first seen."""
