"""Deliveries: rows that exist before anything is sent. NULL columns are the queue."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.store.clinics.finding import clinic_name
from stemwatch.store.database import moment, stamp, writing
from stemwatch.store.dossiers import text_diff
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, change_view, notice_view
from stemwatch.views import ChangeView, NoticeView

_BATCH = 500


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One change that one subscription is owed.

    Changes with the same `identity` share one delivery. A digest covers `starts_at` <= t < `ends_at`.
    """

    subscription: str
    change: int
    identity: str
    kind: str
    due_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message owed to one subscription. `key` is its idempotency key: the same at every attempt."""

    id: int
    subscription: str
    kind: str
    attempts: int
    starts_at: datetime | None
    ends_at: datetime | None
    key: str


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a delivery, its notice, the lines of text it replaced, the clinics by name and id."""

    change: ChangeView
    notice: NoticeView
    diff: tuple[str, ...]
    clinics: tuple[str, ...]


def unmatched(db: Database) -> list[ChangeView]:
    """Changes that no rule has looked at yet: all those of the notices that wait longest, a bounded number."""
    waiting = (
        f"SELECT notice FROM changes WHERE matched_at IS NULL GROUP BY notice ORDER BY min(id) LIMIT {_BATCH}"
    )
    sql = f"{CHANGE_SQL} WHERE c.matched_at IS NULL AND c.notice IN ({waiting}) ORDER BY c.id"
    return [change_view(row) for row in db.query(sql)]


def enqueue(db: Database, owed: Iterable[Owed], matched: Iterable[int], now: datetime) -> int:
    """Write what is owed and stamp the changes as matched, in one transaction; returns new deliveries.

    A change that a subscription was given before is not given again, however often it is matched.
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
    identity = _open_identity(db, debt)
    cursor = db.conn.execute(
        """INSERT INTO deliveries (subscription, identity, kind, starts_at, ends_at, created_at, next_try_at)
           VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
        (
            debt.subscription,
            identity,
            debt.kind,
            stamp(debt.starts_at) if debt.starts_at else None,
            stamp(debt.ends_at) if debt.ends_at else None,
            stamp(now),
            stamp(debt.due_at),
        ),
    )
    db.conn.execute(
        """INSERT INTO delivered_changes SELECT ?, ?, id FROM deliveries
           WHERE subscription = ? AND identity = ?""",
        (debt.subscription, debt.change, debt.subscription, identity),
    )
    return cursor.rowcount


def _open_identity(db: Database, debt: Owed) -> str:
    """The debt's identity, or one of its own when the delivery of that identity has already been taken up."""
    taken = """SELECT 1 FROM deliveries WHERE subscription = ? AND identity = ?
               AND (attempts > 0 OR sent_at IS NOT NULL OR dead_at IS NOT NULL)"""
    if db.execute(taken, [debt.subscription, debt.identity]).fetchone():
        return f"{debt.identity}+{debt.change}"
    return debt.identity


_CLAIM = """
UPDATE deliveries SET lease_until = :lease, attempts = attempts + 1 WHERE id = (
    SELECT id FROM deliveries
    WHERE sent_at IS NULL AND dead_at IS NULL AND next_try_at <= :now
      AND (lease_until IS NULL OR lease_until <= :now)
      AND subscription NOT IN (SELECT value FROM json_each(:resting))
    ORDER BY next_try_at, id LIMIT 1
) RETURNING *, (SELECT id FROM instance) AS instance
"""


def claim(db: Database, *, now: datetime, lease_until: datetime, resting: Collection[str]) -> Delivery | None:
    """Take the oldest due delivery for this sender until `lease_until`; None when nothing is due."""
    parameters = {
        "now": stamp(now),
        "lease": stamp(lease_until),
        "resting": msgspec.json.encode(sorted(resting)).decode(),
    }
    with writing(db):
        row = next(iter(db.query(_CLAIM, parameters)), None)
    if row is None:
        return None
    return Delivery(
        id=row["id"],
        subscription=row["subscription"],
        kind=row["kind"],
        attempts=row["attempts"],
        starts_at=moment(row["starts_at"]),
        ends_at=moment(row["ends_at"]),
        key=f"stemwatch-{row['instance']}-{row['id']}",
    )


def content(db: Database, delivery: int, sources: Mapping[str, Source]) -> Iterator[Content]:
    """What a delivery tells, oldest change first."""
    sql = f"""{CHANGE_SQL} WHERE c.id IN (SELECT change FROM delivered_changes WHERE delivery = ?)
              ORDER BY c.id"""
    for row in list(db.query(sql, [delivery])):
        notice = next(iter(db.query(f"{NOTICE_SQL} WHERE n.id = ?", [row["notice_id"]])))
        view = notice_view(notice, sources)
        yield Content(
            change=change_view(row),
            notice=view,
            clinics=tuple(f"{clinic_name(db, clinic)} ({clinic})" for clinic in view.clinics),
            diff=text_diff(db, row["change"], row["notice_id"]),
        )


def accepted(db: Database, delivery: int, now: datetime) -> None:
    """The channel took it."""
    _settle(db, delivery, sent_at=stamp(now))


def postponed(db: Database, delivery: int, error: str, next_try_at: datetime) -> None:
    """The channel could not take it now."""
    _settle(db, delivery, error=error, next_try_at=stamp(next_try_at))


def dead(db: Database, delivery: int, error: str, now: datetime) -> None:
    """The channel will never take it, or not in time: kept to be seen and replayed."""
    _settle(db, delivery, error=error, dead_at=stamp(now))


def _settle(db: Database, delivery: int, **values: Any) -> None:
    columns = ", ".join(f"{name} = :{name}" for name in values)
    sql = f"UPDATE deliveries SET {columns}, lease_until = NULL WHERE id = :id"
    with writing(db):
        db.execute(sql, {**values, "id": delivery})


def release_leases(db: Database) -> None:
    """For the only sender of a data folder, when it starts: whoever held a lease is gone."""
    with writing(db):
        db.execute("UPDATE deliveries SET lease_until = NULL WHERE lease_until IS NOT NULL AND sent_at IS NULL")
