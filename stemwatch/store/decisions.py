"""Decisions of people about relevance: stored beside the notice, applied whenever it is judged."""

from collections.abc import Iterator
from datetime import datetime

from sqlite_utils import Database

from stemwatch.decisions import DecidedLabel, Decision
from stemwatch.store.database import moment, stamp, writing
from stemwatch.store.dossiers import find
from stemwatch.store.pages import match_again
from stemwatch.store.rejudge import rejudge_one

_SAVE = """
INSERT INTO decisions (notice, label, why, decided_at) VALUES (?, ?, ?, ?)
ON CONFLICT (notice) DO UPDATE SET label = excluded.label, why = excluded.why, decided_at = excluded.decided_at
"""
_ALL = """
SELECT n.source || '/' || n.key AS notice, d.label, d.why, d.decided_at
FROM decisions d JOIN notices n ON n.id = d.notice ORDER BY 1
"""


def decide(db: Database, notice: str, label: DecidedLabel, why: str, now: datetime) -> str:
    """Store a decision and judge the notice by it; its changes are matched again. Returns the notice's id."""
    row = find(db, notice)
    with writing(db):
        db.execute(_SAVE, [row["id"], label, why, stamp(now)])
        rejudge_one(db, row["id"])
        match_again(db, row["id"])
    return str(row["notice"])


def withdraw(db: Database, notice: str) -> str:
    """Leave the notice to the lexicon again."""
    row = find(db, notice)
    with writing(db):
        db.execute("DELETE FROM decisions WHERE notice = ?", [row["id"]])
        rejudge_one(db, row["id"])
    return str(row["notice"])


def decisions(db: Database) -> Iterator[Decision]:
    """Every decision, by notice."""
    for row in db.query(_ALL):
        at = moment(row.pop("decided_at"))
        assert at is not None
        yield Decision(**row, decided_at=at)
