"""Finding notices: the matching ids first, narrowed and in their order, then only the rows that are shown."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.search import expression
from stemwatch.store.views import NOTICE_SQL, notice_view
from stemwatch.views import FoundView
from stemwatch.words import Label

_SHOWN = f"{NOTICE_SQL} WHERE n.id IN (SELECT value FROM json_each(?))"
# The plus keeps SQLite from asking the index once for each row, which costs a prefix many times its price.
_SNIPPETS = """SELECT rowid, snippet(search, -1, '[', ']', ' … ', 16) FROM search
               WHERE search MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"""
_JOINED = "search JOIN notices n ON n.id = search.rowid"
# Along the days: the index is read from the newest day on until enough of its notices are among those found.
_ALONG = "notices n INDEXED BY notices_by_posting"
_AMONG = "+n.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
_BY_DAY = "n.posted_on DESC, n.id DESC"
_FEW = 2_000
"""So many finds are sorted sooner than met along the days (measured at 100,000 notices)."""
_BATCH = 200


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. `ranked`: best first, otherwise newest first; it needs a query."""

    query: str = ""
    relevance: Label | None = None
    source: str | None = None
    since: date | None = None
    ranked: bool = False


class Found:
    """What a search found: `total` notices, read as they are asked for.

    UsageError when the query cannot be understood.
    """

    def __init__(self, db: Database, sources: Mapping[str, Source], search: Search) -> None:
        self._db = db
        self._sources = sources
        self._match = expression(search.query) if search.query.strip() else ""
        self._ranked = search.ranked and bool(self._match)
        self._narrowed = {
            clause: value
            for clause, value in (
                ("n.label = ?", search.relevance),
                ("n.source = ?", search.source),
                ("n.posted_on >= ?", search.since and search.since.isoformat()),
            )
            if value is not None
        }
        self.total: int = self._select("count(*)", self._tables(), ["search MATCH ?"]).fetchone()[0]

    def __iter__(self) -> Iterator[FoundView]:
        """Every find in its order."""
        order = "search.rank" if self._ranked else _BY_DAY
        ids = iter([row[0] for row in self._select("n.id", _joined(self._match), ["search MATCH ?"], order)])
        while batch := list(islice(ids, _BATCH)):
            yield from self._views(batch)

    def first(self, most: int) -> list[FoundView]:
        """The first `most` finds."""
        if self._ranked and not self._narrowed:
            ids = self._select("rowid", "search", ["search MATCH ?"], "rank", most)
        elif self._ranked or self.total < _FEW:
            order = "search.rank" if self._ranked else _BY_DAY
            ids = self._select("n.id", _joined(self._match), ["search MATCH ?"], order, most)
        else:
            ids = self._select("n.id", _ALONG, [_AMONG], _BY_DAY, most)
        return list(self._views([row[0] for row in ids]))

    def _tables(self) -> str:
        return "search" if self._match and not self._narrowed else _joined(self._match)

    def _select(self, what: str, tables: str, matching: list[str], order: str = "", most: int = -1) -> Any:
        where = [*(matching if self._match else []), *self._narrowed] or ["1"]
        sql = f"SELECT {what} FROM {tables} WHERE {' AND '.join(where)}"
        if order:
            sql += f" ORDER BY {order} LIMIT {most}"
        return self._db.execute(sql, [*([self._match] if self._match else []), *self._narrowed.values()])

    def _views(self, ids: list[int]) -> Iterator[FoundView]:
        asked = msgspec.json.encode(ids).decode()
        rows = {row["id"]: row for row in self._db.query(_SHOWN, [asked])}
        snippets = dict(self._db.execute(_SNIPPETS, [self._match, asked])) if self._match else {}
        for number in ids:
            view = notice_view(rows[number], self._sources)
            fields = {name: getattr(view, name) for name in view.__struct_fields__}
            yield FoundView(**fields, snippet=snippets.get(number, ""))


def _joined(match: str) -> str:
    return _JOINED if match else "notices n"
