"""Relevance, quoted claims and the search index, made anew for the notices that a run touched."""

from itertools import islice
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.claims.lexicon import claims_digest
from stemwatch.decisions import decided
from stemwatch.relevance import Relevance, judge, lexicon_digest
from stemwatch.store.claims import refill
from stemwatch.store.database import writing
from stemwatch.store.notice_rows import JUDGED_COLUMNS, judged_values

_DOCUMENTS = """
SELECT n.id, n.title, n.kind, n.issued_on, n.posted_on, n.fields, p.fields AS page_fields, t.body,
       d.label AS decision, d.why
FROM touched u JOIN notices n ON n.id = u.notice LEFT JOIN decisions d ON d.notice = n.id
LEFT JOIN pages p ON p.notice = n.id AND p.role = 'notice' LEFT JOIN texts t ON t.page = p.id
"""
_JUDGED = f"UPDATE notices SET {', '.join(f'{name} = ?' for name in JUDGED_COLUMNS)} WHERE id = ?"
_BATCH = 500


def refresh_touched(db: Database) -> None:
    """Judge and index every touched notice. Those without a page were judged when they were inserted."""
    _judge_touched(db)
    db.execute("DELETE FROM search WHERE rowid IN (SELECT notice FROM touched)")
    db.execute("""INSERT INTO search (rowid, title, office, subject, case_number, body)
                  SELECT * FROM search_documents WHERE id IN (SELECT notice FROM touched)""")


def _judge_touched(db: Database) -> None:
    rows = db.query(_DOCUMENTS)
    while batch := [(row, _judged(row)) for row in islice(rows, _BATCH)]:
        db.conn.executemany(_JUDGED, [(*judged_values(relevance), row["id"]) for row, relevance in batch])
        refill(db, [(row, relevance.label) for row, relevance in batch])


def _judged(row: dict[str, Any]) -> Relevance:
    fields = msgspec.json.decode(row["fields"], type=dict[str, str])
    page_fields = msgspec.json.decode(row["page_fields"] or "{}", type=dict[str, str])
    relevance = judge({**page_fields, **fields, "title": row["title"], "text": row["body"] or ""})
    if row["decision"]:
        relevance = decided(relevance, row["decision"], row["why"])
    return relevance


def rejudge_one(db: Database, notice: int) -> None:
    """Judge one notice anew, inside the caller's transaction."""
    _judge_only(db, "SELECT ?", [notice])


def rejudge_all(db: Database) -> int:
    """Judge every notice anew when a lexicon is not the one they were judged by; returns labels moved."""
    digest = f"{lexicon_digest()}/{claims_digest()}"
    if db.execute("SELECT lexicon FROM instance").fetchone()[0] == digest:
        return 0
    with writing(db):
        before = dict(db.execute("SELECT id, label FROM notices").fetchall())
        _judge_only(db, "SELECT id FROM notices", [])
        db.execute("UPDATE instance SET lexicon = ?", [digest])
        after = db.execute("SELECT id, label FROM notices").fetchall()
    return sum(before[notice] != label for notice, label in after)


def _judge_only(db: Database, which: str, parameters: list[int]) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched (notice INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM touched")
    db.execute(f"INSERT INTO touched {which}", parameters)
    _judge_touched(db)
    db.execute("DELETE FROM touched")
