"""Deliveries: rows that exist before anything is sent. NULL columns are the queue."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.deliveries import Delivery, Owed, Settled
from stemwatch.store import retelling
from stemwatch.store.database import moment, stamp, writing
from stemwatch.store.views import CHANGE_SQL, change_view
from stemwatch.views import ChangeView

_BATCH = 500
PENDING = "sent_at IS NULL AND dead_at IS NULL"
"""What the partial index `deliveries_due` covers: owed, and not given up."""


def unmatched(db: Database) -> list[ChangeView]:
    """Changes that no rule has looked at yet: all those of the notices that wait longest, a bounded number."""
    waiting = (
        f"SELECT notice FROM changes WHERE matched_at IS NULL GROUP BY notice ORDER BY min(id) LIMIT {_BATCH}"
    )
    sql = f"{CHANGE_SQL} WHERE c.matched_at IS NULL AND c.notice IN ({waiting}) ORDER BY c.id"
    return [change_view(row) for row in db.query(sql)]


def enqueue(db: Database, owed: Iterable[Owed], matched: Iterable[int], now: datetime) -> int:
    """Write what is owed and stamp the changes as matched, in one transaction; returns new deliveries.

    A change that a subscription was given before is not given again, however often it is matched. What another
    message told of the same event joins that one, or is only kept on record.
    """
    created = 0
    with writing(db):
        for debt in owed:
            created += _owe(db, debt, now)
        db.conn.executemany(
            "UPDATE changes SET matched_at = ? WHERE id = ?", [(stamp(now), change) for change in matched]
        )
    return created


def _owe(db: Database, debt: Owed, now: datetime) -> int:
    given = "SELECT 1 FROM delivered_changes WHERE subscription = ? AND change = ?"
    if db.execute(given, [debt.subscription, debt.change]).fetchone():
        return 0
    at_once = debt.kind in {"at_once", "burst"}
    told = retelling.told(db, debt.subscription, debt.change, urgent=debt.urgent) if at_once else None
    if told and told.begun:
        retelling.keep(db, debt.subscription, debt.change, told.delivery)
        return 0
    late = debt.later is not None and _taken(db, debt.subscription, debt.identity)
    debt = debt.later if late and debt.later else debt
    identity = told.identity if told else _open(db, debt, now)
    created = insert(db, debt, identity, now)
    db.conn.execute(
        """INSERT INTO delivered_changes (subscription, change, delivery, why, late)
           SELECT ?, ?, id, ?, ? FROM deliveries WHERE subscription = ? AND identity = ?""",
        (
            *(debt.subscription, debt.change, msgspec.json.encode(debt.why).decode(), late),
            *(debt.subscription, identity),
        ),
    )
    return created


def insert(db: Database, debt: Owed, identity: str, now: datetime) -> int:
    """The row of a delivery, inside the caller's transaction; 0 when it was there."""
    return db.conn.execute(
        """INSERT INTO deliveries
           (subscription, identity, kind, starts_at, ends_at, created_at, next_try_at, due_at, urgent, lane)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
        (
            *(debt.subscription, identity, debt.kind),
            stamp(debt.starts_at) if debt.starts_at else None,
            stamp(debt.ends_at) if debt.ends_at else None,
            *(stamp(now), stamp(debt.due_at), stamp(debt.due_at), debt.urgent, debt.lane),
        ),
    ).rowcount


def _taken(db: Database, subscription: str, identity: str) -> bool:
    """Whether the delivery of this identity has been taken up, so that nothing can be added to it."""
    sql = """SELECT 1 FROM deliveries WHERE subscription = ? AND identity = ?
             AND (attempts > 0 OR sent_at IS NOT NULL OR dead_at IS NOT NULL)"""
    return db.execute(sql, [subscription, identity]).fetchone() is not None


def _open(db: Database, debt: Owed, now: datetime) -> str:
    """The identity of a delivery that takes the debt: one of its own when that of its identity was taken up."""
    if debt.kind == "burst":
        return _open_burst(db, debt, now)
    taken = _taken(db, debt.subscription, debt.identity)
    return f"{debt.identity}+{debt.change}" if taken else debt.identity


def _open_burst(db: Database, debt: Owed, now: datetime) -> str:
    """The identity of the burst that still takes changes, or of a new one."""
    sql = f"""SELECT identity FROM deliveries WHERE subscription = ? AND kind = 'burst' AND {PENDING}
              AND attempts = 0 AND ends_at > ? ORDER BY id LIMIT 1"""
    row = db.execute(sql, [debt.subscription, stamp(now)]).fetchone()
    return str(row[0]) if row else debt.identity


_CLAIM = f"""
UPDATE deliveries SET lease_until = :lease, attempts = attempts + 1 WHERE id IN (
    SELECT id FROM deliveries
    WHERE {PENDING} AND next_try_at <= :now
      AND (lease_until IS NULL OR lease_until <= :now)
      AND subscription NOT IN (SELECT value FROM json_each(:resting))
      AND lane NOT IN (SELECT value FROM json_each(:full))
    ORDER BY next_try_at, id LIMIT :limit
) RETURNING *, (SELECT id FROM instance) AS instance
"""


def claim(
    db: Database,
    *,
    now: datetime,
    lease_until: datetime,
    limit: int,
    resting: Collection[str],
    full: Collection[str],
) -> list[Delivery]:
    """Take the oldest due deliveries for this sender until `lease_until`, oldest first."""
    parameters = {
        "now": stamp(now),
        "lease": stamp(lease_until),
        "resting": msgspec.json.encode(sorted(resting)).decode(),
        "full": msgspec.json.encode(sorted(full)).decode(),
        "limit": limit,
    }
    with writing(db):
        rows = list(db.query(_CLAIM, parameters))
    return [_delivery(row) for row in sorted(rows, key=lambda row: (row["next_try_at"], row["id"]))]


def _delivery(row: dict[str, Any]) -> Delivery:
    taken = ("id", "subscription", "kind", "attempts", "lane", "correction", "report", "parts")
    return Delivery(
        **{name: row[name] for name in taken},
        starts_at=moment(row["starts_at"]),
        ends_at=moment(row["ends_at"]),
        urgent=bool(row["urgent"]),
        key=f"stemwatch-{row['instance']}-{row['id']}",
    )


def give_back(db: Database, deliveries: Sequence[Delivery]) -> None:
    """Claimed and not tried: free for the next claim, and no attempt is counted."""
    if deliveries:
        sql = "UPDATE deliveries SET lease_until = NULL, attempts = attempts - 1 WHERE id = ?"
        with writing(db):
            db.conn.executemany(sql, [(delivery.id,) for delivery in deliveries])


def settle(db: Database, outcomes: Sequence[Settled]) -> None:
    """Record what became of claimed deliveries, all in one transaction."""
    sent = [settled for settled in outcomes if settled.outcome == "sent"]
    with writing(db):
        _sent(db, sent)
        for settled in outcomes:
            if settled.outcome != "sent":
                _SETTLE[settled.outcome](db, settled)


def _sent(db: Database, outcomes: Sequence[Settled]) -> None:
    db.conn.executemany(
        "UPDATE deliveries SET sent_at = ?, subject = ?, answer = ?, lease_until = NULL WHERE id = ?",
        [(stamp(one.at), one.subject, one.answer, one.delivery) for one in outcomes],
    )
    names = msgspec.json.encode([one.subscription for one in outcomes]).decode()
    db.conn.execute(
        """UPDATE channel_states SET refusals = 0
           WHERE refusals > 0 AND subscription IN (SELECT value FROM json_each(?))""",
        (names,),
    )


def _retry(db: Database, settled: Settled) -> None:
    assert settled.until is not None
    db.conn.execute(
        "UPDATE deliveries SET error = ?, next_try_at = ?, parts = ?, lease_until = NULL WHERE id = ?",
        (settled.error, stamp(settled.until), settled.parts, settled.delivery),
    )
    if settled.rest:
        sql = f"""UPDATE deliveries SET next_try_at = :rest
                  WHERE subscription = :name AND {PENDING} AND next_try_at < :rest"""
        db.conn.execute(sql, {"rest": stamp(settled.rest), "name": settled.subscription})


def _held(db: Database, settled: Settled) -> None:
    assert settled.until is not None
    db.conn.execute(
        """UPDATE deliveries SET next_try_at = :until, due_at = max(due_at, :until), lease_until = NULL,
           attempts = attempts - 1 WHERE id = :id""",
        {"until": stamp(settled.until), "id": settled.delivery},
    )


def _dead(db: Database, settled: Settled) -> None:
    db.conn.execute(
        "UPDATE deliveries SET error = ?, dead_at = ?, lease_until = NULL WHERE id = ?",
        (settled.error, stamp(settled.at), settled.delivery),
    )
    if settled.refused:
        refused = {"why": settled.error, "at": stamp(settled.at), "name": settled.subscription}
        db.conn.execute(_REFUSED, {**refused, "patience": settled.patience})


_REFUSED = """
INSERT INTO channel_states (subscription, refusals, why, disabled_at)
VALUES (:name, 1, :why, CASE WHEN :patience <= 1 THEN :at END)
ON CONFLICT DO UPDATE SET refusals = refusals + 1, why = :why,
    disabled_at = coalesce(disabled_at, CASE WHEN refusals + 1 >= :patience THEN :at END)
"""


_SETTLE = {"retry": _retry, "held": _held, "dead": _dead}


def release_leases(db: Database) -> None:
    """For the only sender of a data folder, when it starts: whoever held a lease is gone."""
    with writing(db):
        db.execute("UPDATE deliveries SET lease_until = NULL WHERE lease_until IS NOT NULL AND sent_at IS NULL")


def next_due(db: Database) -> datetime | None:
    """When the next delivery is due, leaving out those of disabled channels."""
    sql = f"""SELECT min(next_try_at) FROM deliveries WHERE {PENDING} AND subscription NOT IN
              (SELECT subscription FROM channel_states WHERE disabled_at IS NOT NULL)"""
    return moment(db.execute(sql).fetchone()[0])
