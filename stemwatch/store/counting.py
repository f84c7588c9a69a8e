"""Counts for monitoring: what only grows is read once, what waits is read from its partial index."""

from collections import Counter
from datetime import datetime

import msgspec
from sqlite_utils import Database

from stemwatch.store.database import moment, stamp
from stemwatch.store.outbox import PENDING

_RUNS = "SELECT source, verdict, count(*), max(rowid) FROM runs WHERE rowid > ? GROUP BY source, verdict"
_CHANGES = "SELECT verb, cause, count(*), max(id) FROM changes WHERE id > ? GROUP BY verb, cause"
_OUTCOMES = f"""
SELECT CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN withdrawn THEN 'withdrawn' ELSE 'failed' END, count(*)
FROM deliveries WHERE id >= ? AND id < ? AND NOT ({PENDING}) GROUP BY 1
"""
# Left to itself, SQLite looks for the least id along the whole table.
_FIRST_OPEN = f"""
SELECT coalesce((SELECT min(id) FROM deliveries INDEXED BY deliveries_due WHERE {PENDING}),
                (SELECT max(id) + 1 FROM deliveries), 1),
       (SELECT coalesce(max(id), 0) + 1 FROM deliveries)
"""
_WAITING = f"""
SELECT count(*), min(due_at) FILTER (WHERE due_at <= :now AND subscription NOT IN
    (SELECT subscription FROM channel_states WHERE disabled_at IS NOT NULL))
FROM deliveries INDEXED BY deliveries_due WHERE {PENDING}
"""


class Waiting(msgspec.Struct, frozen=True):
    """What waits. `overdue_since` is when the oldest delivery was due that is still tried; None without one."""

    deliveries: int
    overdue_since: datetime | None
    unmatched: int
    channels_disabled: int


def waiting(db: Database, now: datetime) -> Waiting:
    deliveries, since = db.execute(_WAITING, {"now": stamp(now)}).fetchone()
    unmatched = db.execute("SELECT count(*) FROM changes WHERE matched_at IS NULL").fetchone()[0]
    disabled = db.execute("SELECT count(*) FROM channel_states WHERE disabled_at IS NOT NULL").fetchone()[0]
    return Waiting(deliveries, moment(since), unmatched, disabled)


class Tally:
    """How many runs, changes and deliveries there ever were. Each look reads only what came since the last one,
    and what is younger than the oldest delivery that still waits.
    """

    def __init__(self) -> None:
        self.runs: Counter[tuple[str, str]] = Counter()
        """By source and verdict."""
        self.changes: Counter[tuple[str, str]] = Counter()
        """By verb and cause."""
        self.deliveries: Counter[str] = Counter()
        """By outcome: sent, failed, withdrawn."""
        self._last_run = self._last_change = 0
        self._final: Counter[str] = Counter()
        self._final_until = 1

    def update(self, db: Database) -> None:
        self._last_run = _add(db, _RUNS, self.runs, self._last_run)
        self._last_change = _add(db, _CHANGES, self.changes, self._last_change)
        first_open, end = db.execute(_FIRST_OPEN).fetchone()
        if first_open < self._final_until:  # one that had failed is tried again
            self._final.clear()
            self._final_until = 1
        self._final.update(dict(db.execute(_OUTCOMES, [self._final_until, first_open])))
        self._final_until = first_open
        self.deliveries = self._final + Counter(dict(db.execute(_OUTCOMES, [first_open, end])))


def _add(db: Database, sql: str, counter: Counter[tuple[str, str]], after: int) -> int:
    """Count the rows after a number; returns the last number."""
    for one, other, count, last in db.execute(sql, [after]).fetchall():
        counter[one, other] += count
        after = max(after, last)
    return after
