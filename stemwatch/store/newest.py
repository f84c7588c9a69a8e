"""Notices by when something last happened to them: what a feed is made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.rules.language import Condition
from stemwatch.store.conditions import Conditions, named
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, change_view, notice_view
from stemwatch.views import ChangeView, NoticeView

# A change of our own reading is no news. What a source showed at the first look is as old as it says.
_NEWS = "c.cause IN ('source', 'backfill')"
_AT = """CASE c.verb WHEN 'baseline'
         THEN coalesce(n.posted_on, n.issued_on, substr(c.detected_at, 1, 10)) || 'T00:00:00Z'
         ELSE c.detected_at END"""
_LAST = f"""
SELECT at, id, notice FROM (
    SELECT {_AT} AS at, c.id, n.id AS notice FROM notices n JOIN changes c ON c.id = (
        SELECT max(c.id) FROM changes c WHERE c.notice = n.id AND {_NEWS}
    ) WHERE {{where}}
) WHERE (at, id) {{side}} (?, ?) ORDER BY at {{order}}, id {{order}} LIMIT ?
"""


class Moment(NamedTuple):
    """When something happened, as it is stored, and which change it was."""

    at: str
    change: int


_END = Moment("9999", 0)


class News(msgspec.Struct, frozen=True):
    """A notice, the last thing that happened to it, and when."""

    notice: NoticeView
    change: ChangeView
    at: datetime
    place: Moment


def news(
    db: Database,
    sources: Mapping[str, Source],
    table: Condition,
    most: int,
    *,
    clinic: str = "",
    before: Moment | None = None,
    after: Moment | None = None,
) -> list[News]:
    """Notices that meet the table, those first to which something happened last; with `clinic` only what names it.

    Either those before a place, or those nearest after one. ValueError for a table that names clinics or people.
    """
    where = Conditions(db, sources).of(table)
    if not where.exact:
        raise ValueError("Clinics and people by name cannot be told in SQL.")
    chosen = named([clinic]) if clinic else None
    sql = _LAST.format(
        where=f"{where.sql} AND {chosen.sql}" if chosen else where.sql,
        side=">" if after else "<",
        order="ASC" if after else "DESC",
    )
    place = after or before or _END
    rows = db.execute(sql, [*where.values, *(chosen.values if chosen else ()), *place, most]).fetchall()
    return _read(db, sources, rows[::-1] if after else rows)


def _read(db: Database, sources: Mapping[str, Source], rows: list[tuple[str, int, int]]) -> list[News]:
    asked = [msgspec.json.encode([row[place] for row in rows]).decode() for place in (1, 2)]
    among = "IN (SELECT value FROM json_each(?))"
    changes = {row["change"]: change_view(row) for row in db.query(f"{CHANGE_SQL} WHERE c.id {among}", [asked[0]])}
    found = db.query(f"{NOTICE_SQL} WHERE n.id {among}", [asked[1]])
    notices = {row["id"]: notice_view(row, sources) for row in found}
    return [
        News(notices[notice], changes[change], datetime.fromisoformat(at), Moment(at, change))
        for at, change, notice in rows
    ]
