"""Relevance, stage, quoted claims and the search index, made anew for the notices that a run touched."""

from collections.abc import Mapping
from itertools import islice, tee
from typing import Any

from sqlite_utils import Database

from stemwatch.assessing import Document, assess_all, assessing_digest
from stemwatch.crew import Counted, Spread, here, spread
from stemwatch.store.claims import refill
from stemwatch.store.database import writing
from stemwatch.store.fields import fields_of
from stemwatch.store.notice_rows import JUDGED_COLUMNS, judged_values

_DOCUMENTS = """
SELECT n.id, n.title, n.kind, n.issued_on, n.posted_on, n.fields, p.fields AS page_fields, t.body,
       d.label AS decision, d.why
FROM touched u CROSS JOIN notices n ON n.id = u.notice LEFT JOIN decisions d ON d.notice = n.id
LEFT JOIN pages p ON p.notice = n.id AND p.role = 'notice' LEFT JOIN texts t ON t.page = p.id
"""
_JUDGED = f"UPDATE notices SET {', '.join(f'{name} = ?' for name in JUDGED_COLUMNS)} WHERE id = ?"


def refresh_touched(db: Database) -> None:
    """Judge and index every touched notice. Those without a page were judged when they were inserted."""
    _judge_touched(db, here)
    db.execute("DELETE FROM search WHERE rowid IN (SELECT notice FROM touched)")
    db.execute("""INSERT INTO search (rowid, title, office, subject, case_number, body)
                  SELECT * FROM search_documents WHERE id IN (SELECT notice FROM touched)""")


def _judge_touched(db: Database, work_on: Spread, progress: Counted | None = None) -> None:
    total = db.execute("SELECT count(*) FROM touched").fetchone()[0]
    done = 0
    rows, same = tee(db.query(_DOCUMENTS))
    for found in work_on(assess_all, map(_document, rows)):
        batch = list(zip(islice(same, len(found)), found, strict=True))
        db.conn.executemany(_JUDGED, [(*judged_values(assessment), row["id"]) for row, assessment in batch])
        refill(db, batch)
        done += len(batch)
        if progress:
            progress(done, total)


def _document(row: Mapping[str, Any]) -> Document:
    return Document(fields=fields_of(row), kind=row["kind"], decision=row["decision"], why=row["why"] or "")


def rejudge_one(db: Database, notice: int) -> None:
    """Judge one notice anew, inside the caller's transaction."""
    _judge_only(db, "SELECT ?", [notice])


def rejudge_all(db: Database, progress: Counted | None = None) -> int:
    """Judge every notice anew when a lexicon is not the one they were judged by; returns labels moved.

    Many are judged in several processes.
    """
    digest = assessing_digest()
    if db.execute("SELECT lexicon FROM instance").fetchone()[0] == digest:
        return 0
    with writing(db):
        db.execute("CREATE TEMP TABLE judged_before AS SELECT id, label FROM notices")
        _judge_only(db, "SELECT id FROM notices", [], progress)
        db.execute("UPDATE instance SET lexicon = ?", [digest])
        moved = "SELECT count(*) FROM notices n JOIN judged_before b ON b.id = n.id WHERE n.label <> b.label"
        count = int(db.execute(moved).fetchone()[0])
        db.execute("DROP TABLE judged_before")
    return count


def _judge_only(db: Database, which: str, parameters: list[int], progress: Counted | None = None) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched (notice INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM touched")
    db.execute(f"INSERT INTO touched {which}", parameters)
    _judge_touched(db, spread, progress)
    db.execute("DELETE FROM touched")
