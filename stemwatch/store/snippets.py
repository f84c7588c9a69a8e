"""The words around what a search found.

FTS5's snippet() takes time by the square of how often the words occur: seconds for 20,000 times. So it is asked
about a part of each text only, which begins where the first of the words may stand.
"""

import re
import sqlite3
from collections.abc import Collection
from contextlib import closing

import msgspec
from sqlite_utils import Database

from stemwatch.search import mentions

LONGEST = 20_000
"""Characters of one text that are looked at."""
BEFORE = 1_000
_PARTS = """SELECT rowid, title, office, subject, case_number, body FROM search
            WHERE rowid IN (SELECT value FROM json_each(?))"""
_TABLE = """CREATE VIRTUAL TABLE search USING fts5 (
    title, office, subject, case_number, body, tokenize = 'unicode61 remove_diacritics 2')"""
_INSERT = "INSERT INTO search (rowid, title, office, subject, case_number, body) VALUES (?, ?, ?, ?, ?, ?)"
_SNIPPETS = "SELECT rowid, snippet(search, -1, ?, ?, ' … ', 16) FROM search WHERE search MATCH ?"


def snippets(db: Database, query: str, ids: Collection[int], marks: tuple[str, str]) -> dict[int, str]:
    """By notice the words of the query, marked, and those around, unless the part looked at has none of them."""
    wanted = mentions(query)
    first = re.compile("|".join(map(re.escape, wanted.words)), re.IGNORECASE) if wanted.words else None
    with closing(sqlite3.connect(":memory:")) as own:
        own.execute(_TABLE)
        rows = db.execute(_PARTS, [msgspec.json.encode(list(ids)).decode()])
        own.executemany(_INSERT, ((row[0], *(_part(text, first) for text in row[1:])) for row in rows))
        return dict(own.execute(_SNIPPETS, [*marks, wanted.expression]))


def _part(text: str | None, first: re.Pattern[str] | None) -> str:
    if not text or len(text) <= LONGEST:
        return text or ""
    found = first.search(text) if first else None
    start = max(0, found.start() - BEFORE) if found else 0
    return text[start : start + LONGEST]
