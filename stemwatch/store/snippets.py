"""The words around what a search found.

FTS5's snippet() takes time by the square of how often the words occur: seconds for 20,000 times. So of a long text
only a part is looked at, which begins where the first of the words may stand.
"""

import re
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.search import expression, mentions

LONGEST = 20_000
"""Characters of one text that are looked at."""
BEFORE = 1_000
_SNIPPET = "snippet(search, -1, ?, ?, ' … ', 16)"
# The plus keeps SQLite from asking the index once for each row, which costs a prefix many times its price.
_SHORT = f"""SELECT rowid, CASE WHEN coalesce(length(body), 0) <= {LONGEST} THEN {_SNIPPET} END FROM search
             WHERE search MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"""
_LONG = """SELECT rowid, title, office, subject, case_number, body FROM search
           WHERE rowid IN (SELECT value FROM json_each(?))"""
_TABLE = """CREATE VIRTUAL TABLE search USING fts5 (
    title, office, subject, case_number, body, tokenize = 'unicode61 remove_diacritics 2')"""
_INSERT = "INSERT INTO search (rowid, title, office, subject, case_number, body) VALUES (?, ?, ?, ?, ?, ?)"


def snippets(db: Database, query: str, ids: Collection[int], marks: tuple[str, str]) -> dict[int, str]:
    """By notice that the query finds its words, marked, and those around."""
    found = dict(db.execute(_SHORT, [*marks, expression(query), _listed(ids)]))
    long = [number for number, words in found.items() if words is None]
    return {**found, **_of_long(db.execute(_LONG, [_listed(long)]), query, marks)} if long else found


def _listed(ids: Collection[int]) -> str:
    return msgspec.json.encode(list(ids)).decode()


def _of_long(rows: Iterable[tuple[Any, ...]], query: str, marks: tuple[str, str]) -> dict[int, str]:
    wanted = mentions(query)
    first = re.compile("|".join(map(re.escape, wanted.words)), re.IGNORECASE)
    with closing(sqlite3.connect(":memory:")) as own:
        own.execute(_TABLE)
        own.executemany(_INSERT, ((*row[:-1], _part(row[-1], first)) for row in rows))
        return dict(
            own.execute(f"SELECT rowid, {_SNIPPET} FROM search WHERE search MATCH ?", [*marks, wanted.expression])
        )


def _part(text: str, first: re.Pattern[str]) -> str:
    found = first.search(text)
    start = max(0, found.start() - BEFORE) if found else 0
    return text[start : start + LONGEST]
