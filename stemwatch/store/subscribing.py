"""Subscriptions kept in the database, their channels sealed; and what is known of every channel."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlite_utils import Database

from stemwatch.deliveries import Owed
from stemwatch.errors import UsageError
from stemwatch.signup import same_mailbox
from stemwatch.store.database import stamp, writing
from stemwatch.store.keys import Keyring, KeyTrouble
from stemwatch.store.letters import ADDRESS, Mail, kept_as
from stemwatch.store.outbox import PENDING, insert
from stemwatch.subscriptions import Kept, Subscription


class Disabled(msgspec.Struct, frozen=True):
    """A channel that refused too often: since when, and its last words."""

    since: datetime
    why: str


_KEPT = """SELECT * FROM subscriptions WHERE name NOT IN
           (SELECT name FROM subscribers WHERE unsubscribed_at IS NOT NULL) ORDER BY name"""
_STATE = f"SELECT quote(name) || quote(settings) || quote(channel) || public FROM ({_KEPT})"


def kept(db: Database, keyring: Keyring, mail: Mail) -> list[Kept]:
    """The subscriptions of the database by name, without those of readers who left."""
    return [kept_as(row, keyring, mail) for row in db.query(_KEPT)]


def kept_state(db: Database) -> str:
    """A digest of all that `kept` is made of: the same as long as nothing of it is changed."""
    digest = sha256()
    for (text,) in db.execute(_STATE):
        digest.update(text.encode())
    return digest.hexdigest()


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
                    "settings": settings_of(subscription),
                    "channel": keyring.seal(subscription.channel),
                    "public": public,
                    "now": stamp(now),
                },
            )
            db.conn.execute("DELETE FROM links WHERE subscription = ?", (subscription.name,))
            _enable(db, subscription.name)


def settings_of(subscription: Subscription) -> str:
    """All but name and channel, as they are stored."""
    fields = subscription.settings()
    return msgspec.json.encode({key: fields[key] for key in fields if key not in ("name", "channel")}).decode()


def change(db: Database, subscription: Subscription) -> None:
    """Store other settings under the same name and channel."""
    with writing(db):
        sql = "UPDATE subscriptions SET settings = ? WHERE name = ?"
        db.conn.execute(sql, (settings_of(subscription), subscription.name))


def remove(db: Database, name: str, now: datetime) -> None:
    """Forget it with its channel; what it was sent stays in the ledger, what it was owed is withdrawn."""
    with writing(db):
        forget(db, name, now)


def forget(db: Database, name: str, now: datetime) -> None:
    """The same inside the caller's transaction, with everything that holds its address or leads to it."""
    asked = "SELECT name FROM signups WHERE address = (SELECT address FROM subscribers WHERE name = ?)"
    for one in (name, *(row[0] for row in db.execute(asked, [name]).fetchall())):
        letters = db.execute("SELECT receiver FROM letters WHERE subscription = ?", [one]).fetchall()
        withdraw(db, [one, *(row[0] for row in letters)], "The subscription was removed.", now)
        for table, column in _HOLDING:
            db.conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (one,))


_HOLDING = (
    *(("subscriptions", "name"), ("channel_states", "subscription"), ("subscribers", "name"), ("signups", "name")),
    *(("links", "subscription"), ("tokens", "subscription"), ("letters", "subscription")),
)


def reseal(db: Database, keyring: Keyring) -> int:
    """All secrets under the newest key; returns how many channels. KeyTrouble, and no change, when one is lost.

    Of public sign-up, what cannot be read is forgotten: links are given anew, and whoever waits may ask again.
    """
    channels = [(keyring.renew(old), old) for old in _secrets(db, "subscriptions", "channel")]
    marks = [(table, _marks(db, keyring, table)) for table in ("signups", "subscribers")]
    with writing(db):
        db.conn.executemany("UPDATE subscriptions SET channel = ? WHERE channel = ?", channels)
        for table, column in _SEALED:
            for old in _secrets(db, table, column):
                _renew(db, keyring, table, column, old)
        for table, known in marks:
            db.conn.executemany(f"UPDATE {table} SET address = ? WHERE name = ?", known)
    return len(channels)


_SEALED = (("signups", "channel"), ("letters", "channel"), ("letters", "token"), ("links", "sealed"))


def _secrets(db: Database, table: str, column: str) -> list[str]:
    return [row[0] for row in db.execute(f"SELECT {column} FROM {table} WHERE {column} <> ''").fetchall()]


def _renew(db: Database, keyring: Keyring, table: str, column: str, old: str) -> None:
    try:
        db.conn.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (keyring.renew(old), old))
    except KeyTrouble:
        db.conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (old,))


def _marks(db: Database, keyring: Keyring, table: str) -> list[tuple[str, str]]:
    """The mark of each address under the newest key, and its name; without those that cannot be read."""
    found = []
    for sealed, name in _addresses(db, table):
        with suppress(KeyTrouble):
            address = keyring.open(sealed).removeprefix(ADDRESS)
            found.append((keyring.marks(same_mailbox(address))[0], name))
    return found


def _addresses(db: Database, table: str) -> list[tuple[str, str]]:
    """Sealed address and name of each row."""
    channels = "signups" if table == "signups" else "subscriptions"
    sql = f"SELECT c.channel, t.name FROM {table} t JOIN {channels} c ON c.name = t.name"
    return [(row[0], row[1]) for row in db.execute(sql).fetchall()]


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


def disable(db: Database, name: str, why: str, now: datetime) -> None:
    """Send nothing more to a channel until its owner acts, inside the caller's transaction."""
    db.conn.execute(
        """INSERT INTO channel_states (subscription, disabled_at, why) VALUES (:name, :now, :why)
           ON CONFLICT DO UPDATE SET disabled_at = coalesce(disabled_at, :now), why = :why""",
        {"name": name, "now": stamp(now), "why": why},
    )


def call_off(db: Database, subscriptions: Collection[str], why: str, now: datetime) -> int:
    """Nothing is owed to these any more; returns how many deliveries are withdrawn."""
    names = msgspec.json.encode(sorted(subscriptions)).decode()
    if not db.execute(f"SELECT 1 FROM deliveries WHERE {_OWED_TO} LIMIT 1", [names]).fetchone():
        return 0
    with writing(db):
        return withdraw(db, subscriptions, why, now)


def withdraw(db: Database, subscriptions: Collection[str], why: str, now: datetime) -> int:
    """The same inside the caller's transaction."""
    names = msgspec.json.encode(sorted(subscriptions)).decode()
    sql = f"""UPDATE deliveries SET dead_at = ?, withdrawn = 1, reported = 1, error = ?, lease_until = NULL
              WHERE {_OWED_TO}"""
    return int(db.conn.execute(sql, (stamp(now), why, names)).rowcount)


_OWED_TO = f"subscription IN (SELECT value FROM json_each(?)) AND {PENDING}"
