"""What is told to people and programs: the shapes behind `--json`, messages and datasets.

The order of the fields is the order of the JSON keys and of the dataset's columns.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from stemwatch.claims.records import Category, Grade, Precedent
from stemwatch.relevance import Reason, Relevance
from stemwatch.words import Cause, ListKind, Product, Role, Route, Status, Verb, Verdict


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Base of everything that is shown."""


class SourceView(View, frozen=True):
    """One source and how it fares. `verdict` is that of its last run, `newest_on` its newest posted date,
    `leftover` names fields of its list that nobody reads."""

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
    leftover: tuple[str, ...] = ()


class NoticeView(View, frozen=True):
    """One notice. `notice` is `<source>/<key>`; `fields` what only its source has (office, subject)."""

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
    event: str | None
    """The earliest notice about the same event, when other publishers tell of it, too; perhaps this one."""


class PublicationView(View, frozen=True):
    """Another notice of the same event; `on` is its day."""

    notice: str
    regulator: str
    title: str
    url: str
    stage: str
    on: date | None


class ToldView(View, frozen=True):
    """A change that a subscription was not sent, because this delivery had told it of the same event."""

    subscription: str
    delivery: int
    change: int


class FoundView(NoticeView, frozen=True):
    """One notice that a search found; `snippet` is where, the words found in square brackets."""

    snippet: str


class FieldChange(View, frozen=True):
    """One field of an edited notice; for a long text both are empty: versions hold the words."""

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
    """True when the notice matched only after its page had been read, in a later run."""


class CorrectionView(View, frozen=True):
    """What was wrong with what was told of a change, and when that was said."""

    change: int
    why: str
    corrected_at: datetime


class BundleView(View, frozen=True):
    """A crawl whose bundle lies at `bundle`, to be applied elsewhere; `stopped` says why it ended early."""

    source: str
    run: str
    stopped: Verdict | None
    reason: str
    seen: int
    details_read: int
    details_left: int
    requests: int
    seconds: float
    bundle: str


class RereadChange(View, frozen=True):
    """What today's parsers read otherwise of one notice; `diff` are the lines of text that differ."""

    source: str
    notice: str
    verb: Verb
    cause: Cause
    edited: tuple[FieldChange, ...]
    diff: tuple[str, ...]


class RereadView(View, frozen=True):
    """What came of reading the stored evidence of a source again: how many notices and pages could be read, what
    is read otherwise, and a sentence for each that cannot be read any more."""

    source: str
    notices: int
    pages: int
    changes: tuple[RereadChange, ...]
    unread: tuple[str, ...]


class RunView(View, frozen=True):
    """One run and what it brought: how many changes of each verb, pages read and still unread."""

    source: str
    run: str
    verdict: Verdict
    reason: str
    seen: int
    baseline: int
    added: int
    edited: int
    closed_out: int
    responded: int
    delisted: int
    relisted: int
    reissued: int
    details_read: int
    details_left: int
    requests: int
    seconds: float


class CaptureView(View, frozen=True):
    """Where one response lies: `file` below the data folder, `offset` and `length` in bytes."""

    url: str
    fetched_at: datetime
    status: int
    sha256: str
    file: str
    offset: int
    length: int


class HistoryView(View, frozen=True):
    """One change of one notice with the words that changed, as lines of a unified diff."""

    change: int
    verb: Verb
    cause: Cause
    detected_at: datetime
    run: str
    edited: tuple[FieldChange, ...]
    related: str | None
    diff: tuple[str, ...]


class PageView(View, frozen=True):
    """One page of a notice as last read."""

    role: Role
    url: str
    label: str
    fields: dict[str, str]
    read_at: datetime | None
    looked_at: datetime
    failure: str
    text: str


class Dossier(View, frozen=True):
    """Everything known of one notice."""

    notice: NoticeView
    history: tuple[HistoryView, ...]
    pages: tuple[PageView, ...]
    evidence: tuple[CaptureView, ...]
    also: tuple[PublicationView, ...]
    """The other notices of its event."""
    told_as_event: tuple[ToldView, ...]
    """Who was told of it by a message about another notice of its event."""


class ClaimView(View, frozen=True):
    """One claim of a text that was screened, with the notices that acted on the like, the nearest first."""

    category: Category
    grade: Grade
    quote: str
    start: int
    end: int
    disease: str
    product: Product | Literal[""]
    route: Route | Literal[""]
    precedents: tuple[Precedent, ...]
