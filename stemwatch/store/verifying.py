"""Does what is stored still hold? Database, evidence, and what ties them."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from stemwatch.evidence import holds
from stemwatch.records import Capture
from stemwatch.store.database import moment

_UNPROVEN = """
SELECT n.source || '/' || n.key, 'notice' FROM notices n WHERE n.capture NOT IN (SELECT sha256 FROM captures)
UNION ALL
SELECT n.source || '/' || n.key, p.role || ' page' FROM pages p JOIN notices n ON n.id = p.notice
WHERE p.read_at IS NOT NULL AND p.capture NOT IN (SELECT sha256 FROM captures)
"""


def verify(db: Database, home: Path) -> Iterator[str]:
    """One sentence for each thing that does not hold; nothing when all is well."""
    try:
        yield from _database(db)
        yield from _evidence(db, home)
        yield from _proofs(db)
    except sqlite3.DatabaseError as error:
        yield f"The database cannot be read: {error}."


def _database(db: Database) -> Iterator[str]:
    for (finding,) in db.execute("PRAGMA integrity_check"):
        if finding != "ok":
            yield f"The database is damaged: {finding}."
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"The database is inconsistent: row {row} of {table} points at a missing row of {parent}."


def _evidence(db: Database, home: Path) -> Iterator[str]:
    for row in db.query("SELECT * FROM captures ORDER BY file, offset"):
        fetched = moment(row["fetched_at"])
        assert fetched is not None
        capture = Capture(
            sha256=row["sha256"],
            url=row["url"],
            fetched_at=fetched,
            status=row["status"],
            offset=row["offset"],
            length=row["length"],
        )
        if finding := holds(home / row["file"], capture):
            yield finding


def _proofs(db: Database) -> Iterator[str]:
    for notice, what in db.execute(_UNPROVEN):
        yield f"The {what} of {notice} has no evidence."
