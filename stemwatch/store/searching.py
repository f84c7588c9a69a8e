"""Finding notices: the matching ids first, narrowed and in their order, then only the rows that are shown."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.search import expression
from stemwatch.store.snippets import snippets
from stemwatch.store.views import NOTICE_SQL, notice_view
from stemwatch.views import FoundView
from stemwatch.words import Label, Stage

_IN = "IN (SELECT value FROM json_each(?))"
_STAGE = "CASE WHEN n.closed_out_on IS NOT NULL OR n.closed_by IS NOT NULL THEN 'closed' ELSE n.stage END"
_RELATED: tuple[Label, ...] = ("relevant", "possible")
_SHOWN = f"{NOTICE_SQL} WHERE n.id IN (SELECT value FROM json_each(?))"
_JOINED = "search JOIN notices n ON n.id = search.rowid"
# Along the days: the index is read from the newest day on until enough of its notices are among those found.
_ALONG = "notices n INDEXED BY notices_by_posting"
_AMONG = "+n.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
_BY_DAY = "n.posted_on DESC, n.id DESC"
_FEW = 2_000
"""So many finds are sorted sooner than met along the days (measured at 100,000 notices)."""
_BATCH = 200


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. `ranked`: best first, otherwise newest first; it needs a query.

    `related` leaves out what is unrelated. `stage` is the one shown, where a close-out outweighs the words.
    `since` and `until` are posted dates. `marks` stand around the words found in a snippet.
    """

    query: str = ""
    relevance: Label | None = None
    related: bool = False
    source: str | None = None
    sources: tuple[str, ...] | None = None
    kind: str | None = None
    stage: Stage | None = None
    since: date | None = None
    until: date | None = None
    ranked: bool = False
    marks: tuple[str, str] = ("[", "]")


class Found:
    """What a search found: `total` notices, read as they are asked for.

    UsageError when the query cannot be understood.
    """

    def __init__(self, db: Database, sources: Mapping[str, Source], search: Search) -> None:
        self._db = db
        self._sources = sources
        self._match = expression(search.query) if search.query.strip() else ""
        self._ranked = search.ranked and bool(self._match)
        self._query, self._marks = search.query, search.marks
        self._narrowed = _narrowed(search)
        self.total: int = self._select("count(*)", self._tables(), ["search MATCH ?"]).fetchone()[0]

    def __iter__(self) -> Iterator[FoundView]:
        """Every find in its order."""
        order = "search.rank" if self._ranked else _BY_DAY
        ids = iter([row[0] for row in self._select("n.id", _joined(self._match), ["search MATCH ?"], order)])
        while batch := list(islice(ids, _BATCH)):
            yield from self._views(batch)

    def first(self, most: int, skip: int = 0) -> list[FoundView]:
        """The first `most` finds after `skip` of them."""
        if self._ranked and not self._narrowed:
            ids = self._select("rowid", "search", ["search MATCH ?"], "rank", most, skip)
        elif self._ranked or self.total < _FEW:
            order = "search.rank" if self._ranked else _BY_DAY
            ids = self._select("n.id", _joined(self._match), ["search MATCH ?"], order, most, skip)
        else:
            ids = self._select("n.id", _ALONG, [_AMONG], _BY_DAY, most, skip)
        return list(self._views([row[0] for row in ids]))

    def _tables(self) -> str:
        return "search" if self._match and not self._narrowed else _joined(self._match)

    def _select(
        self, what: str, tables: str, matching: list[str], order: str = "", most: int = -1, skip: int = 0
    ) -> Any:
        where = [*(matching if self._match else []), *self._narrowed] or ["1"]
        sql = f"SELECT {what} FROM {tables} WHERE {' AND '.join(where)}"
        if order:
            sql += f" ORDER BY {order} LIMIT {most} OFFSET {skip}"
        return self._db.execute(sql, [*([self._match] if self._match else []), *self._narrowed.values()])

    def _views(self, ids: list[int]) -> Iterator[FoundView]:
        asked = msgspec.json.encode(ids).decode()
        rows = {row["id"]: row for row in self._db.query(_SHOWN, [asked])}
        found = snippets(self._db, self._query, ids, self._marks) if self._match else {}
        for number in ids:
            view = notice_view(rows[number], self._sources)
            fields = {name: getattr(view, name) for name in view.__struct_fields__}
            yield FoundView(**fields, snippet=found.get(number) or "")


def _joined(match: str) -> str:
    return _JOINED if match else "notices n"


def _narrowed(search: Search) -> dict[str, str]:
    """Conditions with the value of the one question mark in each."""
    wanted = (
        ("n.label = ?", search.relevance),
        (f"n.label {_IN}", _listed(_RELATED if search.related else None)),
        ("n.source = ?", search.source),
        (f"n.source {_IN}", _listed(search.sources)),
        ("n.kind = ?", search.kind),
        (f"{_STAGE} = ?", search.stage),
        ("n.posted_on >= ?", _iso(search.since)),
        ("n.posted_on <= ?", _iso(search.until)),
    )
    return {clause: value for clause, value in wanted if value is not None}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _listed(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else msgspec.json.encode(values).decode()
