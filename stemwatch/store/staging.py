"""A bundle's records laid out in temporary tables, so that the difference is found by sets, not row by row."""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.bundle import Bundle
from stemwatch.records import Capture, Listed, Look, Page, Same

_TABLES = """
CREATE TEMP TABLE staged_list (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, line BLOB);
CREATE TEMP TABLE staged_pages (key TEXT NOT NULL, role TEXT NOT NULL, line BLOB NOT NULL);
CREATE TEMP TABLE fresh (notice INTEGER PRIMARY KEY, cause TEXT NOT NULL);
CREATE TEMP TABLE touched (notice INTEGER PRIMARY KEY)
"""
_BATCH = 2000


class Staged:
    """What one bundle holds: list rows and pages in tables, the few looks and captures in memory."""

    def __init__(self, db: Database, bundle: Bundle) -> None:
        self.db = db
        self.source = bundle.report.source
        self.looks: list[Look] = []
        self.captures: dict[str, list[Capture]] = {}
        for name in ("staged_list", "staged_pages", "fresh", "touched"):
            db.execute(f"DROP TABLE IF EXISTS temp.{name}")
        for statement in _TABLES.split(";"):
            db.execute(statement)
        self._load(bundle)

    def _load(self, bundle: Bundle) -> None:
        listed: list[tuple[str, str, bytes | None]] = []
        pages: list[tuple[str, str, bytes]] = []
        for record, line in bundle.lines():
            match record:
                case Listed():
                    listed.append((record.key, record.fingerprint, line))
                case Same():
                    listed.append((record.key, record.fingerprint, None))
                case Page():
                    pages.append((record.key, record.role, line))
                case Look():
                    self.looks.append(record)
                case Capture():
                    self.captures.setdefault(record.sha256, []).append(record)
            if len(listed) + len(pages) >= _BATCH:
                self._flush(listed, pages)
        self._flush(listed, pages)

    def _flush(self, listed: list[tuple[str, str, bytes | None]], pages: list[tuple[str, str, bytes]]) -> None:
        # A key that the list shows twice keeps its last row.
        self.db.conn.executemany("INSERT OR REPLACE INTO staged_list VALUES (?, ?, ?)", listed)
        self.db.conn.executemany("INSERT INTO staged_pages VALUES (?, ?, ?)", pages)
        listed.clear()
        pages.clear()

    def new(self) -> Iterator[Listed]:
        """Rows whose key the store has never seen, in the list's own order turned round: oldest first."""
        sql = """SELECT s.line FROM staged_list s
                 LEFT JOIN notices n ON n.source = ? AND n.key = s.key
                 WHERE n.id IS NULL AND s.line IS NOT NULL ORDER BY s.rowid DESC"""
        for (line,) in self.db.conn.execute(sql, (self.source,)):
            yield msgspec.json.decode(line, type=Listed)

    def different(self) -> Iterator[tuple[dict[str, Any], Listed]]:
        """Stored notices that the list shows otherwise than before, or shows again."""
        sql = """SELECT n.*, s.line FROM staged_list s JOIN notices n ON n.source = ? AND n.key = s.key
                 WHERE (n.fingerprint <> s.fingerprint OR n.status <> 'listed') AND s.line IS NOT NULL"""
        for row in self.db.query(sql, (self.source,)):
            yield row, msgspec.json.decode(row.pop("line"), type=Listed)

    def count_different(self) -> int:
        """How many notices the list shows otherwise than before."""
        sql = """SELECT count(*) FROM staged_list s JOIN notices n ON n.source = ? AND n.key = s.key
                 WHERE n.fingerprint <> s.fingerprint AND n.doubted = 0"""
        return int(self.db.execute(sql, [self.source]).fetchone()[0])

    def count_known(self) -> int:
        """How many notices that are stored the list shows."""
        sql = "SELECT count(*) FROM staged_list s JOIN notices n ON n.source = ? AND n.key = s.key"
        return int(self.db.execute(sql, [self.source]).fetchone()[0])

    def pages(self) -> Iterator[tuple[int, Page]]:
        """Each page with the id of its notice."""
        sql = """SELECT n.id, s.line FROM staged_pages s JOIN notices n ON n.source = ? AND n.key = s.key
                 ORDER BY s.rowid"""
        for notice, line in self.db.conn.execute(sql, (self.source,)):
            yield notice, msgspec.json.decode(line, type=Page)


def touch(db: Database, notice: int) -> None:
    """Mark a notice whose relevance and search entry must be made anew."""
    db.conn.execute("INSERT OR IGNORE INTO touched VALUES (?)", (notice,))
