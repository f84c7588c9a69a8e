"""Notices and changes that a table of the rule language means, some at a time.

SQL is asked what it can say; where that is more than the table means, each find is read and held against the
table, a bounded number at a time. A notice is meant when one of its changes is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

import msgspec
from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.rules.evaluating import prepared_table
from stemwatch.rules.language import Condition
from stemwatch.rules.reading import Reading
from stemwatch.store.conditions import Conditions, Where
from stemwatch.store.subjects import subjects
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, Row, change_view, notice_view
from stemwatch.views import ChangeView, NoticeView

MOST_READ = 300
"""Notices whose texts are read for one answer."""
_AT_ONCE = 25
"""So many of them are read together."""

_AMONG = "IN (SELECT value FROM json_each(?))"
_OF_NOTICES = f"c.notice {_AMONG}"
_FIRST_OF_NOTICES = f"c.id IN (SELECT min(c.id) FROM changes c WHERE {_OF_NOTICES} GROUP BY c.notice)"
# A search may find half of all notices: the newest of them are met sooner along the days than sorted out.
_ALONG = "INDEXED BY notices_by_posting"
_BY_DAY = "ORDER BY n.posted_on DESC, n.id DESC LIMIT ?"
# The cross join keeps the changes in their order.
_CHANGES = """SELECT c.id FROM changes c CROSS JOIN notices n ON n.id = c.notice
              WHERE {} AND c.id > ? ORDER BY c.id LIMIT ?"""
Item = TypeVar("Item")
Place = TypeVar("Place")


class Posted(NamedTuple):
    """Where a notice stands among the newest first: its day of posting, empty without one, and its row."""

    on: str
    row: int


class Slice(msgspec.Struct, Generic[Item, Place], frozen=True):
    """Some of what is meant, in order. `after`: the place to go on from, None when nothing is left.

    There may be fewer than were asked for, or none, before the end: then much was read in vain.
    """

    items: tuple[Item, ...]
    after: Place | None


class Filter:
    """What a table of rules means in one database. Keys that the table does not name leave nothing out."""

    def __init__(self, db: Database, sources: Mapping[str, Source], table: Condition) -> None:
        self._db = db
        self._sources = sources
        self._where = Conditions(db, sources).of(table)
        self._along = _ALONG if table.query is not None else ""
        self._table = prepared_table(table)
        self._of_changes = any(each.verbs is not None or each.causes is not None for _, each in table.within())
        self._texts = any(each.reads_texts for _, each in table.within())

    def notices(
        self, most: int, after: Posted | None = None, *, since: date | None = None, until: date | None = None
    ) -> Slice[NoticeView, Posted]:
        """Newest first; `since` and `until` are days of posting, both included."""
        looked = self._looked(most)
        rows = list(self._posted(looked + 1, after, since, until))
        chosen, left = self._chosen(rows, most, self._notices_meeting)
        return Slice(tuple(self._notices(place.row for place in chosen)), left)

    def changes(self, most: int, after: int = 0) -> Slice[ChangeView, int]:
        """Oldest first, those after the change `after`."""
        looked = self._looked(most)
        sql = _CHANGES.format(self._where.sql)
        rows = [number for (number,) in self._db.execute(sql, [*self._where.values, after, looked + 1])]
        chosen, left = self._chosen(rows, most, self._changes_meeting)
        return Slice(tuple(map(change_view, self._changes(f"c.id {_AMONG}", chosen))), left)

    def _looked(self, most: int) -> int:
        return most if self._where.exact else max(most, MOST_READ)

    def _chosen(
        self, rows: Sequence[Place], most: int, meeting: Callable[[Sequence[Place]], Sequence[Place]]
    ) -> tuple[list[Place], Place | None]:
        """The first `most` of the rows that meet the table, and the last looked at when others follow.

        The last row only shows that there is one more.
        """
        looked = rows[: self._looked(most)]
        chosen: list[Place] = []
        for start in range(0, len(looked), _AT_ONCE):
            batch = looked[start : start + _AT_ONCE]
            chosen += batch if self._where.exact else meeting(batch)
            if len(chosen) >= most:
                last = chosen[most - 1]
                return chosen[:most], None if last == rows[-1] else last
        return chosen, rows[-2] if len(rows) > len(looked) else None

    def _posted(self, most: int, after: Posted | None, since: date | None, until: date | None) -> list[Posted]:
        """Notices after a place, the newest first; those without a day come last."""
        found: list[Posted] = []
        if after is None or after.on:
            found += self._places(_dated(after, since, until), most)
            after = None
        if len(found) < most and since is None and until is None:
            found += self._places(_undated(after), most - len(found))
        return found

    def _places(self, part: Where, most: int) -> list[Posted]:
        where = self._where.sql
        if self._of_changes:
            where = f"EXISTS (SELECT 1 FROM changes c WHERE c.notice = n.id AND {where})"
        sql = f"SELECT n.posted_on, n.id FROM notices n {self._along} WHERE {where} AND {part.sql} {_BY_DAY}"
        rows = self._db.execute(sql, [*self._where.values, *part.values, most])
        return [Posted(on or "", row) for on, row in rows]

    def _notices_meeting(self, places: Sequence[Posted]) -> list[Posted]:
        where = _OF_NOTICES if self._of_changes else _FIRST_OF_NOTICES
        met = {row["notice_id"] for row in self._meeting(where, [place.row for place in places])}
        return [place for place in places if place.row in met]

    def _changes_meeting(self, changes: Sequence[int]) -> list[int]:
        return [row["change"] for row in self._meeting(f"c.id {_AMONG}", changes)]

    def _meeting(self, where: str, numbers: Iterable[int]) -> Iterator[Row]:
        """The changes that meet the table."""
        rows = list(self._changes(where, numbers))
        read = subjects(self._db, self._sources, map(change_view, rows), texts=self._texts)
        for row, subject in zip(rows, read, strict=True):
            if self._table.met(Reading(subject)) is not None:
                yield row

    def _changes(self, where: str, numbers: Iterable[int]) -> Iterable[Row]:
        return self._db.query(f"{CHANGE_SQL} WHERE {where} ORDER BY c.id", [_json(numbers)])

    def _notices(self, ids: Iterable[int]) -> Iterator[NoticeView]:
        wanted = list(ids)
        rows = self._db.query(f"{NOTICE_SQL} WHERE n.id {_AMONG}", [_json(wanted)])
        views = {row["id"]: notice_view(row, self._sources) for row in rows}
        return map(views.__getitem__, wanted)


def _dated(after: Posted | None, since: date | None, until: date | None) -> Where:
    bounds: dict[str, tuple[object, ...]] = {"n.posted_on IS NOT NULL": ()}
    if since:
        bounds["n.posted_on >= ?"] = (since.isoformat(),)
    if until:
        bounds["n.posted_on <= ?"] = (until.isoformat(),)
    if after:
        bounds["(n.posted_on, n.id) < (?, ?)"] = after
    return Where(" AND ".join(bounds), tuple(value for values in bounds.values() for value in values))


def _undated(after: Posted | None) -> Where:
    last = Where("n.posted_on IS NULL")
    return Where(f"{last.sql} AND n.id < ?", (after.row,)) if after else last


def _json(numbers: Iterable[int]) -> str:
    return msgspec.json.encode(list(numbers)).decode()
