"""What was sent to whom, when it was accepted and by which answer; what failed, and how it is tried again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from sqlite_utils import Database

from stemwatch.deliveries import LedgerView
from stemwatch.errors import UsageError
from stemwatch.store.database import moment, stamp, writing
from stemwatch.store.outbox import PENDING


class Late(msgspec.Struct, frozen=True):
    """Deliveries of one subscription that should have been accepted by now, the oldest due at `since`."""

    subscription: str
    number: int
    since: datetime


STATUS = """CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN withdrawn THEN 'withdrawn'
                 WHEN dead_at IS NOT NULL THEN 'failed' ELSE 'waiting' END"""
_SQL = f"""
SELECT d.*, {STATUS} AS status,
       CASE WHEN {PENDING} THEN next_try_at END AS again_at,
       'stemwatch-' || (SELECT id FROM instance) || '-' || d.id AS key,
       (SELECT json_group_array(notice) FROM (
            SELECT DISTINCT n.source || '/' || n.key AS notice FROM changes c JOIN notices n ON n.id = c.notice
            WHERE c.id IN (SELECT change FROM delivered_changes WHERE delivery = d.id)
               OR c.id = (SELECT change FROM corrections WHERE id = d.correction)
            ORDER BY 1)) AS notices,
       (SELECT json_group_array(n.source || '/' || n.key) FROM told_as_event t JOIN changes c ON c.id = t.change
            JOIN notices n ON n.id = c.notice WHERE t.delivery = d.id) AS as_event
FROM deliveries d
"""


def deliveries(db: Database, *, subscription: str | None = None, failed: bool = False) -> Iterator[LedgerView]:
    """Oldest first, of one subscription or of all; `failed` leaves out what was sent, waits or was withdrawn."""
    where = "WHERE (:name IS NULL OR d.subscription = :name)"
    if failed:
        where += " AND d.dead_at IS NOT NULL AND NOT d.withdrawn"
    for row in db.query(f"{_SQL} {where} ORDER BY d.id", {"name": subscription}):
        taken = ("subscription", "kind", "status", "subject", "attempts", "answer", "error", "key")
        due = moment(row["due_at"])
        assert due is not None
        yield LedgerView(
            **{name: row[name] for name in taken},
            delivery=row["id"],
            notices=msgspec.json.decode(row["notices"], type=tuple[str, ...]),
            as_event=msgspec.json.decode(row["as_event"], type=tuple[str, ...]),
            due_at=due,
            next_try_at=moment(row["again_at"]),
            sent_at=moment(row["sent_at"]),
        )


def retry(db: Database, delivery: int, now: datetime) -> None:
    """Let a failed or withdrawn delivery be tried again from the start. UsageError when it is neither."""
    if not _revive(db, "id = ?", [delivery], now):
        row = db.execute("SELECT sent_at FROM deliveries WHERE id = ?", [delivery]).fetchone()
        state = "no delivery" if row is None else "sent already" if row[0] else "still being tried"
        raise UsageError(
            f"Delivery {delivery} is {state}: `stemwatch deliveries --failed` lists what can be retried."
        )


def retry_failed(db: Database, now: datetime) -> int:
    """Let all that failed be tried again; returns how many."""
    return _revive(db, "NOT withdrawn", [], now)


def _revive(db: Database, which: str, parameters: Sequence[int], now: datetime) -> int:
    sql = f"""UPDATE deliveries SET dead_at = NULL, withdrawn = 0, reported = 0, attempts = 0,
              next_try_at = ?, due_at = ?, lease_until = NULL
              WHERE dead_at IS NOT NULL AND sent_at IS NULL AND {which}"""
    with writing(db):
        return int(db.conn.execute(sql, (stamp(now), stamp(now), *parameters)).rowcount)


def counts(db: Database, since: datetime) -> tuple[int, int, int]:
    """Accepted since then, waiting now, given up since then."""
    sql = f"""SELECT coalesce(sum(sent_at >= :since), 0), coalesce(sum({PENDING}), 0),
                     coalesce(sum(dead_at >= :since AND NOT withdrawn), 0) FROM deliveries"""
    sent, waiting, dead = db.execute(sql, {"since": stamp(since)}).fetchone()
    return sent, waiting, dead


def late(db: Database, before: datetime) -> list[Late]:
    """Who still waits for what was due before this moment. Disabled channels wait for their owner."""
    sql = f"""SELECT subscription, count(*), min(due_at) FROM deliveries
              WHERE {PENDING} AND due_at <= ? AND kind NOT IN ('report', 'letter') AND subscription NOT IN
                    (SELECT subscription FROM channel_states WHERE disabled_at IS NOT NULL)
              GROUP BY subscription ORDER BY subscription"""
    rows = db.execute(sql, [stamp(before)]).fetchall()
    return [Late(name, number, datetime.fromisoformat(since)) for name, number, since in rows]
