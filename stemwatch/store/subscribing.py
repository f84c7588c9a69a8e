"""Subscriptions kept in the database, their channels sealed; and what is known of every channel."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.errors import UsageError
from stemwatch.store.database import stamp, writing
from stemwatch.store.keys import Keyring
from stemwatch.store.outbox import PENDING, Owed, insert
from stemwatch.subscriptions import Kept, Subscription


class Disabled(msgspec.Struct, frozen=True):
    """A channel that refused too often: since when, and its last words."""

    since: datetime
    why: str


def kept(db: Database, keyring: Keyring) -> list[Kept]:
    """The subscriptions of the database by name. A channel is opened when it is used, not before."""
    rows = db.query("SELECT * FROM subscriptions ORDER BY name")
    return [_kept(row, keyring) for row in rows]


def _kept(row: dict[str, Any], keyring: Keyring) -> Kept:
    fields = {**msgspec.json.decode(row["settings"]), "name": row["name"], "channel": ""}
    subscription = msgspec.convert(fields, Subscription)
    return Kept.of(subscription, partial(keyring.open, row["channel"]), public=bool(row["public"]))


def keep(
    db: Database,
    subscriptions: Iterable[Subscription],
    keyring: Keyring,
    now: datetime,
    *,
    replace: bool,
    public: bool,
) -> None:
    """Store all of them or none. UsageError for a name that is taken, unless it may be replaced."""
    with writing(db):
        for subscription in subscriptions:
            if not replace and _exists(db, subscription.name):
                raise UsageError(
                    f"There is a subscription {subscription.name!r} already: give another name, or --replace."
                )
            db.conn.execute(
                """INSERT INTO subscriptions VALUES (:name, :settings, :channel, :public, :now)
                   ON CONFLICT DO UPDATE SET settings = :settings, channel = :channel, public = :public""",
                {
                    "name": subscription.name,
                    "settings": _settings(subscription),
                    "channel": keyring.seal(subscription.channel),
                    "public": public,
                    "now": stamp(now),
                },
            )
            _enable(db, subscription.name)


def _settings(subscription: Subscription) -> str:
    fields = subscription.settings()
    return msgspec.json.encode({key: fields[key] for key in fields if key not in ("name", "channel")}).decode()


def change(db: Database, subscription: Subscription) -> None:
    """Store other settings under the same name and channel."""
    with writing(db):
        sql = "UPDATE subscriptions SET settings = ? WHERE name = ?"
        db.conn.execute(sql, (_settings(subscription), subscription.name))


def remove(db: Database, name: str, now: datetime) -> None:
    """Forget it with its channel; what it was sent stays in the ledger, what it was owed is withdrawn."""
    call_off(db, [name], "The subscription was removed.", now)
    with writing(db):
        for table, column in (("subscriptions", "name"), ("channel_states", "subscription")):
            db.conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (name,))


def reseal(db: Database, keyring: Keyring) -> int:
    """Every channel under the newest key; returns how many. KeyTrouble, and no change, when one cannot be read."""
    rows = db.execute("SELECT channel, name FROM subscriptions").fetchall()
    sealed = [(keyring.renew(channel), name) for channel, name in rows]
    with writing(db):
        db.conn.executemany("UPDATE subscriptions SET channel = ? WHERE name = ?", sealed)
    return len(sealed)


def _exists(db: Database, name: str) -> bool:
    return db.execute("SELECT 1 FROM subscriptions WHERE name = ?", [name]).fetchone() is not None


# What is known of channels


def disabled(db: Database) -> dict[str, Disabled]:
    """The channels that nothing is sent to until their owner acts, by subscription."""
    rows = db.execute("SELECT subscription, disabled_at, why FROM channel_states WHERE disabled_at IS NOT NULL")
    return {name: Disabled(datetime.fromisoformat(since), why) for name, since, why in rows.fetchall()}


def windows_until(db: Database, subscriptions: Collection[str], now: datetime) -> dict[str, datetime]:
    """Up to when each of these has had its windows; one that was never asked for begins now."""
    names = msgspec.json.encode(sorted(subscriptions)).decode()
    sql = """SELECT subscription, windows_until FROM channel_states
             WHERE windows_until NOT NULL AND subscription IN (SELECT value FROM json_each(?))"""
    known = {name: datetime.fromisoformat(until) for name, until in db.execute(sql, [names]).fetchall()}
    if new := [(name, stamp(now)) for name in subscriptions if name not in known]:
        with writing(db):
            db.conn.executemany(_BEGIN, new)
    return {name: known.get(name, now) for name in subscriptions}


_BEGIN = """INSERT INTO channel_states (subscription, windows_until) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET windows_until = excluded.windows_until"""


def owe_windows(db: Database, windows: Iterable[Owed], until: Mapping[str, datetime], now: datetime) -> int:
    """Owe a digest for each of these windows, also when nothing is in it; returns how many are new.

    `until` is up to when each subscription has had its windows by this.
    """
    created = 0
    with writing(db):
        for window in windows:
            created += insert(db, window, window.identity, now)
        db.conn.executemany(_BEGIN, [(name, stamp(moment)) for name, moment in until.items()])
    return created


def enable(db: Database, name: str) -> bool:
    """Let a channel be tried again, from now on; returns whether it was disabled."""
    with writing(db):
        return _enable(db, name)


def _enable(db: Database, name: str) -> bool:
    disabled = "SELECT 1 FROM channel_states WHERE subscription = ? AND disabled_at IS NOT NULL"
    was = db.execute(disabled, [name]).fetchone() is not None
    sql = "UPDATE channel_states SET disabled_at = NULL, refusals = 0, windows_until = NULL WHERE subscription = ?"
    db.conn.execute(sql, (name,))
    return was


def call_off(db: Database, subscriptions: Collection[str], why: str, now: datetime) -> int:
    """Nothing is owed to these any more; returns how many deliveries are withdrawn."""
    names = msgspec.json.encode(sorted(subscriptions)).decode()
    which = f"subscription IN (SELECT value FROM json_each(?)) AND {PENDING}"
    if not db.execute(f"SELECT 1 FROM deliveries WHERE {which} LIMIT 1", [names]).fetchone():
        return 0
    sql = f"""UPDATE deliveries SET dead_at = ?, withdrawn = 1, reported = 1, error = ?, lease_until = NULL
              WHERE {which}"""
    with writing(db):
        return int(db.conn.execute(sql, (stamp(now), why, names)).rowcount)
