"""What the operator was told: each trouble once when it begins and once when it ends, over all restarts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlite_utils import Database

from stemwatch.deliveries import Owed, Report
from stemwatch.store.database import stamp, writing
from stemwatch.store.outbox import insert
from stemwatch.subscriptions import OPERATOR


class Failed(msgspec.Struct, frozen=True):
    """A delivery that was given up and that the operator does not know of."""

    delivery: int
    subscription: str
    error: str


def unreported(db: Database) -> list[Failed]:
    """Deliveries that were given up since the last report, but the operator's own and what strangers asked for."""
    sql = """SELECT id, subscription, error FROM deliveries
             WHERE dead_at IS NOT NULL AND reported = 0 AND kind NOT IN ('report', 'letter') ORDER BY id"""
    return [Failed(*row) for row in db.execute(sql).fetchall()]


def troubles(db: Database) -> dict[str, str]:
    """What the operator was told and not yet told the end of, by topic."""
    return dict(db.execute("SELECT topic, sentence FROM troubles").fetchall())


def report(
    db: Database,
    message: Report | None,
    *,
    key: str,
    lane: str,
    now: datetime,
    standing: Mapping[str, str],
    failed: Sequence[Failed],
) -> bool:
    """Owe the operator a message and note what it says, in one transaction; False when `key` was told before.

    `standing` is all trouble there is now, by topic.
    """
    with writing(db):
        if message is not None and not _owe(db, message, key, lane, now):
            return False
        _note(db, standing, now)
        numbers = [(one.delivery,) for one in failed]
        db.conn.executemany("UPDATE deliveries SET reported = 1 WHERE id = ?", numbers)
    return True


def _owe(db: Database, message: Report, key: str, lane: str, now: datetime) -> bool:
    debt = Owed(subscription=OPERATOR, change=0, identity=key, kind="report", due_at=now, lane=lane)
    if not insert(db, debt, key, now):
        return False
    lines = msgspec.json.encode(message.lines).decode()
    cursor = db.conn.execute("INSERT INTO reports (subject, lines) VALUES (?, ?)", (message.subject, lines))
    sql = "UPDATE deliveries SET report = ? WHERE subscription = ? AND identity = ?"
    db.conn.execute(sql, (cursor.lastrowid, OPERATOR, key))
    return True


def _note(db: Database, standing: Mapping[str, str], now: datetime) -> None:
    topics = msgspec.json.encode(sorted(standing)).decode()
    db.conn.execute("DELETE FROM troubles WHERE topic NOT IN (SELECT value FROM json_each(?))", (topics,))
    db.conn.executemany(
        "INSERT INTO troubles VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(topic, sentence, stamp(now)) for topic, sentence in standing.items()],
    )


def read(db: Database, number: int) -> Report:
    """A report by its number."""
    subject, lines = db.execute("SELECT subject, lines FROM reports WHERE id = ?", [number]).fetchone()
    return Report(subject, msgspec.json.decode(lines, type=tuple[str, ...]))
