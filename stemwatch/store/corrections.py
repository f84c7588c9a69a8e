"""Corrections: whoever accepted a message that told something wrong is told so, and nobody else."""

from datetime import datetime

from sqlite_utils import Database

from stemwatch.deliveries import Correction
from stemwatch.errors import UsageError
from stemwatch.store.database import stamp, writing
from stemwatch.store.outbox import PENDING


def correct(db: Database, change: int, why: str, now: datetime) -> None:
    """Say that a change was told wrongly. Who was not told yet will not be.

    UsageError when there is no such change, or it was corrected before.
    """
    with writing(db):
        if not db.execute("SELECT 1 FROM changes WHERE id = ?", [change]).fetchone():
            raise UsageError(f"There is no change {change}: `stemwatch changes` lists them.")
        sql = "INSERT INTO corrections (change, why, corrected_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        if not db.conn.execute(sql, (change, why, stamp(now))).rowcount:
            raise UsageError(f"Change {change} was corrected before.")
        _untell(db, change, why, now)


def _untell(db: Database, change: int, why: str, now: datetime) -> None:
    """Take the change out of what nobody has begun to send; what is left empty is withdrawn.

    It stays with what was tried, because a receiver may have taken that although its answer was lost.
    """
    untried = f"""SELECT id FROM deliveries WHERE {PENDING} AND attempts = 0 AND id IN
                  (SELECT delivery FROM delivered_changes WHERE change = :change)"""
    ids = [row[0] for row in db.execute(untried, {"change": change}).fetchall()]
    for delivery in ids:
        db.conn.execute("DELETE FROM delivered_changes WHERE change = ? AND delivery = ?", (change, delivery))
        db.conn.execute(
            """UPDATE deliveries SET dead_at = ?, withdrawn = 1, reported = 1, error = ?
               WHERE id = ? AND NOT EXISTS (SELECT 1 FROM delivered_changes WHERE delivery = deliveries.id)""",
            (stamp(now), f"Corrected before it was sent: {why}", delivery),
        )


_OWED = """
INSERT INTO deliveries
    (subscription, identity, kind, created_at, next_try_at, due_at, lane, correction)
SELECT d.subscription, 'correction:' || k.id, 'correction', :now, :now, :now, d.lane, k.id
FROM corrections k JOIN delivered_changes t ON t.change = k.change
JOIN deliveries d ON d.id = t.delivery AND d.sent_at IS NOT NULL
WHERE true
ON CONFLICT DO NOTHING
"""


def owe_corrections(db: Database, now: datetime) -> int:
    """Owe each correction to whoever accepted the wrong message by now; returns how many are new."""
    if not db.execute("SELECT 1 FROM corrections LIMIT 1").fetchone():
        return 0
    with writing(db):
        return int(db.conn.execute(_OWED, {"now": stamp(now)}).rowcount)


def read(db: Database, delivery: int) -> Correction:
    """What a delivery corrects."""
    change, why, told = db.execute(_TOLD, [delivery]).fetchone()
    return Correction(change, why, datetime.fromisoformat(told))


_TOLD = """
SELECT k.change, k.why, max(d.sent_at) FROM deliveries x JOIN corrections k ON k.id = x.correction
JOIN delivered_changes t ON t.change = k.change AND t.subscription = x.subscription
JOIN deliveries d ON d.id = t.delivery WHERE x.id = ?
"""
