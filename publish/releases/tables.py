"""The tables of a release: every column once, with what it means. DATA_FORMAT.md prints them from here."""

from collections.abc import Iterator

from publish.releases.clinic_tables import CLINIC_NAMES, CLINICS, RELATIONS
from publish.releases.columns import Column, Table, column
from publish.releases.source_tables import CAPTURES, EVIDENCE, SOURCES

_JUDGEMENT = (
    column(
        "relevance",
        "text",
        "Is it about stem cell, exosome or birth-tissue treatments: `relevant`, `possible` or `unrelated`. "
        "A judgement of Stemwatch, never of the regulator.",
        "relevance",
        "label",
    ),
    column(
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
    ("notice",),
    (
        column("notice", "text", _KEY),
        column("source", "text", "The list it came from, `<country>_<agency>_<list>`."),
        column("key", "text", "The regulator's own identifier, left exactly as it was found."),
        column("url", "text", "Where the regulator published it."),
        column("kind", "text", "What sort of document it is."),
        column("title", "text", "Its name on the regulator's list; for a letter, whom it was sent to."),
        column("posted_on", "date", _POSTED),
        column("issued_on", "date", _ISSUED),
        column("regulator", "text", "The authority that published it."),
        column("jurisdiction", "text", "Where that authority's word counts, as a country or region code."),
        column("language", "text", "Language of the document, as a language code."),
        column("stage", "text", "How far the matter has come, as far as the regulator has published it."),
        column(
            "status",
            "text",
            "`listed`; `delisted`: no longer on the list in several complete looks, which does not say that "
            "it was withdrawn; `reissued`: published again under another address.",
        ),
        column("absent_since", "date", "The first day on which the list no longer showed it."),
        column("reissued_as", "text", "The notice that took its place, when it was published again."),
        column("case_number", "text", "The regulator's number of the matter. Several notices may share one."),
        column(
            "closed_out_on", "date", "Day of the letter that ends the matter, or of the withdrawal of the notice."
        ),
        column("closed_out_url", "text", "Where that close-out letter is."),
        column("responded_on", "date", "Day of the recipient's published answer."),
        column("responded_url", "text", "Where that answer is."),
        *_JUDGEMENT,
        column("reasons", "json", _REASONS, "relevance", "reasons"),
        column("products", "json", _PRODUCTS),
        column("clinics", "json", _CLINICS),
        column("fields", "json", "What only this source tells, by name: `office`, `subject` and the like."),
        column("first_seen_at", "time", "When Stemwatch first saw it."),
        column(
            "page_read_at",
            "time",
            "When Stemwatch last read its page in full; empty while only the list is known.",
        ),
        column("routes", "json", _ROUTES, "relevance", "routes"),
        column(
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
    ("change",),
    (
        column("change", "integer", "A number that only grows: ask for what is greater than the last one."),
        column("notice", "text", "The notice it happened to: `notices.notice`."),
        column("source", "text", "The list the notice came from."),
        column(
            "verb",
            "text",
            "`baseline`: already there when Stemwatch first read the list; `added`, `edited`, `closed_out`, "
            "`responded`, `delisted`, `relisted`, `reissued`: what happened since.",
        ),
        column(
            "cause",
            "text",
            "`source`: the regulator did it. Otherwise Stemwatch did: `parser` (its reading changed), "
            "`backfill` (it looked further back, or read a page late), `rekey` (an identifier moved).",
        ),
        column("detected_at", "time", "When Stemwatch saw it; the regulator may have done it earlier."),
        column("posted_on", "date", _POSTED),
        column("issued_on", "date", _ISSUED),
        column("title", "text", "Name of the notice on the regulator's list."),
        column("url", "text", "Where the regulator published the notice."),
        *_JUDGEMENT,
        column("reasons", "json", _REASONS),
        column("products", "json", _PRODUCTS, "relevance", "products"),
        column("clinics", "json", _CLINICS),
        column(
            "edited",
            "json",
            "What an edit changed: a list of objects with `field`, `old` and `new`. Both are empty for the "
            "text of a page, which is too long to repeat here.",
        ),
        column("related", "text", "The other notice, when one was published again as another."),
        column("late", "boolean", "1 when only the page, read in a later run, showed what it is about."),
    ),
    {"notice": "notices"},
    (("notice",), ("detected_at",), ("verb", "cause"), ("relevance", "detected_at")),
)

LABELS = Table(
    "labels",
    "One row for each notice whose relevance a person decided: ground truth for whoever trains or tests a "
    "classifier. The decision already stands in `notices.relevance`.",
    ("notice",),
    (
        column("notice", "text", "The notice: `notices.notice`."),
        column("label", "text", "What was decided: `relevant` or `unrelated`."),
        column("why", "text", "The reason that was given."),
        column("decided_at", "time", "When it was decided."),
    ),
    {"notice": "notices"},
    (),
)

TEXTS = Table(
    "texts",
    "Only in the SQLite file: one row for each notice, with the words that a search looks through. "
    "`texts_fts` is its index.",
    ("notice",),
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

COLUMNS = Table(
    "columns",
    "Only in the SQLite file: one row for each column of the others, so that the file explains itself.",
    ("table_name", "column_name"),
    (
        Column("table_name", "text", "The table."),
        Column("column_name", "text", "The column."),
        Column("type", "text", "What it holds: text, integer, number, boolean, date, time or json."),
        Column("meaning", "text", "What it says."),
    ),
    {},
    (),
)

FILES = (SOURCES, NOTICES, CHANGES, CLINICS, CLINIC_NAMES, RELATIONS, LABELS, CAPTURES, EVIDENCE)
"""The tables that are written in every format, each after those that it refers to."""

EVERY = (*FILES, TEXTS, COLUMNS)


def described() -> Iterator[tuple[str, str, str, str]]:
    """The rows of `columns`."""
    for table in EVERY:
        for told in table.columns:
            yield table.name, told.name, told.kind, told.about
