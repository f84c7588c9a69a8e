"""Everything about one notice: history with the words that changed, pages, evidence."""

from collections.abc import Iterator, Mapping

import msgspec
from sqlite_utils import Database

from stemwatch.changes import lines_replaced
from stemwatch.errors import UsageError
from stemwatch.records import Source
from stemwatch.store.database import moment
from stemwatch.store.events import others, told_as_event
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, Row, capture_view, edits, notice_view
from stemwatch.views import CaptureView, Dossier, HistoryView, PageView

MOST_NAMED = 5

_PAGES = """SELECT p.*, coalesce(t.body, '') AS body FROM pages p LEFT JOIN texts t ON t.page = p.id
            WHERE p.notice = ? ORDER BY p.id"""
_NEXT = "SELECT text FROM versions WHERE notice = ? AND role = ? AND change > ? ORDER BY change LIMIT 1"


def dossier(db: Database, sources: Mapping[str, Source], notice: str) -> Dossier:
    """The notice `<source>/<key>` with all that is known of it; a part of the id will do where only one has it.

    UsageError when there is none, or when several go by that part.
    """
    row = find(db, notice)
    return Dossier(
        notice=notice_view(row, sources),
        history=tuple(_history(db, row["id"])),
        pages=tuple(_page(page) for page in db.query(_PAGES, [row["id"]])),
        evidence=tuple(_evidence(db, row["id"])),
        also=others(db, sources, row["id"]),
        told_as_event=tuple(told_as_event(db, row["id"])),
    )


def find(db: Database, notice: str) -> Row:
    """The row of the notice that goes by an id or by a part of one; UsageError when that is none or several."""
    exact = f"{NOTICE_SQL} WHERE n.source = ? AND n.key = ?"
    part = f"{NOTICE_SQL} WHERE instr(notice, ?) ORDER BY n.posted_on DESC, n.id DESC LIMIT {MOST_NAMED + 1}"
    found = list(db.query(exact, notice.partition("/")[::2])) or (list(db.query(part, [notice])) if notice else [])
    if not found:
        raise UsageError(
            f"There is no notice {notice!r}. An id reads SOURCE/KEY; `stemwatch notices WORDS` finds it."
        )
    if len(found) > 1:
        named = ", ".join(row["notice"] for row in found[:MOST_NAMED])
        more = ", and more" if len(found) > MOST_NAMED else ""
        raise UsageError(f"Several notices go by {notice!r}: {named}{more}. Give more of the id.")
    return found[0]


def _history(db: Database, notice: int) -> Iterator[HistoryView]:
    sql = f"SELECT h.*, c.run FROM ({CHANGE_SQL}) h JOIN changes c ON c.id = h.change WHERE c.notice = ?"
    for row in db.query(f"{sql} ORDER BY c.id", [notice]):
        detected = moment(row["detected_at"])
        assert detected is not None
        yield HistoryView(
            change=row["change"],
            verb=row["verb"],
            cause=row["cause"],
            detected_at=detected,
            run=row["run"],
            edited=edits(row["edited"]),
            related=row["related"],
            diff=text_diff(db, row["change"], notice),
        )


def text_diff(db: Database, change: int, notice: int) -> tuple[str, ...]:
    """The lines of text that one change replaced, as a unified diff; empty when no text changed."""
    lines: list[str] = []
    sql = "SELECT role, text FROM versions WHERE change = ? AND role <> 'list' ORDER BY id"
    for row in list(db.query(sql, [change])):
        after = _text_after(db, notice, row["role"], change)
        lines.extend(lines_replaced(row["text"].split("\n"), after.split("\n")))
    return tuple(lines)


def _text_after(db: Database, notice: int, role: str, change: int) -> str:
    later = db.execute(_NEXT, [notice, role, change]).fetchone()
    if later is None:
        later = db.execute(
            """SELECT t.body FROM pages p JOIN texts t ON t.page = p.id WHERE p.notice = ? AND p.role = ?""",
            [notice, role],
        ).fetchone()
    return str(later[0]) if later else ""


def _page(row: Row) -> PageView:
    looked = moment(row["looked_at"])
    assert looked is not None
    return PageView(
        role=row["role"],
        url=row["url"],
        label=row["label"],
        fields=msgspec.json.decode(row["fields"], type=dict[str, str]),
        read_at=moment(row["read_at"]),
        looked_at=looked,
        failure=row["failure"],
        text=row["body"],
    )


def _evidence(db: Database, notice: int) -> Iterator[CaptureView]:
    """The captures that the notice, its pages and its changes rest on."""
    sql = """
    SELECT DISTINCT k.* FROM captures k WHERE k.sha256 IN (
        SELECT capture FROM notices WHERE id = ? UNION SELECT capture FROM pages WHERE notice = ?
    ) OR (k.url IN (SELECT url FROM notices WHERE id = ? UNION SELECT url FROM pages WHERE notice = ?))
    ORDER BY k.fetched_at, k.file, k.offset
    """
    for row in db.query(sql, [notice] * 4):
        yield capture_view(row)
