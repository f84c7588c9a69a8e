"""The tables of a release: every column once, with what it means. DATA_FORMAT.md prints them from here."""

from typing import Any, Literal, NamedTuple

import msgspec

from stemwatch.store.sqlite_release import Cell, Shape

FORMAT_VERSION = 1
"""Grows when a column is removed or changes its meaning; a new column does not touch it."""

Kind = Literal["text", "integer", "number", "boolean", "date", "time", "json"]

SQL_TYPES: dict[Kind, type] = {
    "text": str,
    "integer": int,
    "number": float,
    "boolean": int,
    "date": str,
    "time": str,
    "json": str,
}


class Column(NamedTuple):
    """`path` leads to the value in a line of JSON Lines, by keys; empty for a column of SQLite alone."""

    name: str
    kind: Kind
    about: str
    path: tuple[str, ...] = ()


class Table(NamedTuple):
    """One table. `key` names its rows, `references` gives the table whose key a column holds."""

    name: str
    about: str
    key: str
    columns: tuple[Column, ...]
    references: dict[str, str]
    indexes: tuple[tuple[str, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def shape(self) -> Shape:
        """What SQLite has to know of it."""
        types = {column.name: SQL_TYPES[column.kind] for column in self.columns}
        return Shape(self.name, types, self.key, self.references, self.indexes)

    def row(self, line: bytes) -> tuple[Cell, ...]:
        """A line of JSON Lines as flat cells in the order of the columns."""
        plain = msgspec.json.decode(line)
        return tuple(_cell(column.kind, _value(plain, column.path)) for column in self.columns)


def _value(plain: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        plain = plain[key]
    return plain


def _cell(kind: Kind, value: Any) -> Cell:
    if kind == "json":
        return msgspec.json.encode(value).decode()
    if isinstance(value, bool):
        return int(value)
    return None if value == "" else value


def to_line(view: msgspec.Struct) -> bytes:
    """A record as JSON Lines has it, with the keys of `fields` sorted: the ground of every other format."""
    return _to_json(view)


_to_json = msgspec.json.Encoder(order="deterministic").encode


def _column(name: str, kind: Kind, about: str, *path: str) -> Column:
    return Column(name, kind, about, path or (name,))


_JUDGEMENT = (
    _column(
        "relevance",
        "text",
        "Is it about stem cell, exosome or birth-tissue treatments: `relevant`, `possible` or `unrelated`. "
        "A judgement of Stemwatch, never of the regulator.",
        "relevance",
        "label",
    ),
    _column(
        "score",
        "number",
        "How sure that judgement is, from 0 (certainly not about them) to 1 (certainly about them).",
        "relevance",
        "score",
    ),
)
_REASONS = (
    "Why it was judged so: a list of objects with `phrase`, `field` and `why`; "
    "characters `start` to `end` of that field are the wording as it was printed."
)
_PRODUCTS = (
    "Kinds of treatment it speaks of, a list of: `umbilical_cord`, `adipose_svf`, `amniotic`, `placenta`, "
    "`exosome`, `bone_marrow`, `whartons_jelly`, `cord_blood`, `peripheral_blood`, `other`."
)
_ROUTES = (
    "How the treatment gets into the body, a list of: `intravenous`, `intrathecal`, `intra_articular`, "
    "`nebulised`, `eye_drops`, `intranasal`."
)
_CLINICS = (
    "Clinics, suppliers and makers that the notice names, whom it is about first: a list of ids (`c-` and seven "
    "letters or digits), as `stemwatch clinic` shows them. An id stays, and leads on when its clinic proves to be "
    "another's."
)
_POSTED = "Day the regulator put it on its list, as the list shows it."
_ISSUED = "Day the document itself bears."
_KEY = "The notice: `<source>/<key>`. It stays the same for as long as the notice exists."

NOTICES = Table(
    "notices",
    "One row for each notice of the watched lists, as it stands now, whether or not it is about the "
    "treatments that Stemwatch watches for: filter by `relevance`.",
    "notice",
    (
        _column("notice", "text", _KEY),
        _column("source", "text", "The list it came from, `<country>_<agency>_<list>`."),
        _column("key", "text", "The regulator's own identifier, left exactly as it was found."),
        _column("url", "text", "Where the regulator published it."),
        _column("kind", "text", "What sort of document it is."),
        _column("title", "text", "Its name on the regulator's list; for a letter, whom it was sent to."),
        _column("posted_on", "date", _POSTED),
        _column("issued_on", "date", _ISSUED),
        _column("regulator", "text", "The authority that published it."),
        _column("jurisdiction", "text", "Where that authority's word counts, as a country or region code."),
        _column("language", "text", "Language of the document, as a language code."),
        _column("stage", "text", "How far the matter has come, as far as the regulator has published it."),
        _column(
            "status",
            "text",
            "`listed`; `delisted`: no longer on the list in several complete looks, which does not say that "
            "it was withdrawn; `reissued`: published again under another address.",
        ),
        _column("absent_since", "date", "The first day on which the list no longer showed it."),
        _column("reissued_as", "text", "The notice that took its place, when it was published again."),
        _column("case_number", "text", "The regulator's number of the matter. Several notices may share one."),
        _column(
            "closed_out_on", "date", "Day of the letter that ends the matter, or of the withdrawal of the notice."
        ),
        _column("closed_out_url", "text", "Where that close-out letter is."),
        _column("responded_on", "date", "Day of the recipient's published answer."),
        _column("responded_url", "text", "Where that answer is."),
        *_JUDGEMENT,
        _column("reasons", "json", _REASONS, "relevance", "reasons"),
        _column("products", "json", _PRODUCTS),
        _column("clinics", "json", _CLINICS),
        _column("fields", "json", "What only this source tells, by name: `office`, `subject` and the like."),
        _column("first_seen_at", "time", "When Stemwatch first saw it."),
        _column(
            "page_read_at",
            "time",
            "When Stemwatch last read its page in full; empty while only the list is known.",
        ),
        _column("routes", "json", _ROUTES, "relevance", "routes"),
        _column(
            "event",
            "text",
            "The earliest notice about the same event, when several publishers tell of it; all of them have it.",
        ),
    ),
    {},
    (("source", "posted_on"), ("posted_on",), ("relevance", "posted_on"), ("case_number",)),
)

CHANGES = Table(
    "changes",
    "One row for each thing that happened to a notice, in the order in which Stemwatch found out. The "
    "columns that describe the notice say what holds now, not what held then.",
    "change",
    (
        _column("change", "integer", "A number that only grows: ask for what is greater than the last one."),
        _column("notice", "text", "The notice it happened to: `notices.notice`."),
        _column("source", "text", "The list the notice came from."),
        _column(
            "verb",
            "text",
            "`baseline`: already there when Stemwatch first read the list; `added`, `edited`, `closed_out`, "
            "`responded`, `delisted`, `relisted`, `reissued`: what happened since.",
        ),
        _column(
            "cause",
            "text",
            "`source`: the regulator did it. Otherwise Stemwatch did: `parser` (its reading changed), "
            "`backfill` (it looked further back, or read a page late), `rekey` (an identifier moved).",
        ),
        _column("detected_at", "time", "When Stemwatch saw it; the regulator may have done it earlier."),
        _column("posted_on", "date", _POSTED),
        _column("issued_on", "date", _ISSUED),
        _column("title", "text", "Name of the notice on the regulator's list."),
        _column("url", "text", "Where the regulator published the notice."),
        *_JUDGEMENT,
        _column("reasons", "json", _REASONS),
        _column("products", "json", _PRODUCTS, "relevance", "products"),
        _column("clinics", "json", _CLINICS),
        _column(
            "edited",
            "json",
            "What an edit changed: a list of objects with `field`, `old` and `new`. Both are empty for the "
            "text of a page, which is too long to repeat here.",
        ),
        _column("related", "text", "The other notice, when one was published again as another."),
        _column("late", "boolean", "1 when only the page, read in a later run, showed what it is about."),
    ),
    {"notice": "notices"},
    (("notice",), ("detected_at",), ("verb", "cause"), ("relevance", "detected_at")),
)

LABELS = Table(
    "labels",
    "One row for each notice whose relevance a person decided: ground truth for whoever trains or tests a "
    "classifier. The decision already stands in `notices.relevance`.",
    "notice",
    (
        _column("notice", "text", "The notice: `notices.notice`."),
        _column("label", "text", "What was decided: `relevant` or `unrelated`."),
        _column("why", "text", "The reason that was given."),
        _column("decided_at", "time", "When it was decided."),
    ),
    {"notice": "notices"},
    (),
)

TEXTS = Table(
    "texts",
    "Only in the SQLite file: one row for each notice, with the words that a search looks through. "
    "`texts_fts` is its index.",
    "notice",
    (
        Column("notice", "text", "The notice: `notices.notice`."),
        Column("title", "text", "Its name on the regulator's list."),
        Column("office", "text", "The office that issued it, where the source tells."),
        Column("subject", "text", "Its subject line, where the source tells."),
        Column("text", "text", "The body of its page, a paragraph a line; empty while the page is unread."),
    ),
    {"notice": "notices"},
    (),
)

FILES = (NOTICES, CHANGES, LABELS)
"""The tables that are written as CSV and JSON Lines too."""
