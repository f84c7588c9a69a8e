"""Mails about subscribing: each is owed once, and forgotten with its address when it was accepted or given up."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.deliveries import Owed
from stemwatch.signup import LETTERS_A_DAY, Letter, LetterKind
from stemwatch.store.database import stamp
from stemwatch.store.keys import Keyring
from stemwatch.store.outbox import PENDING, insert
from stemwatch.subscriptions import Kept, Subscription

Mail = Callable[[str], str]
"""The channel to an e-mail address."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A mail about `subscription` with its settings as they are stored, its channel and its token encrypted."""

    kind: LetterKind
    subscription: str
    settings: str
    channel: str
    token: str
    until: datetime


def owe(db: Database, draft: Draft, lane: str, now: datetime) -> None:
    """Owe a mail, inside the caller's transaction."""
    receiver = f"letter-{token_hex(8)}"
    fields = (draft.kind, draft.subscription, draft.settings, draft.channel, draft.token, stamp(draft.until))
    db.conn.execute("INSERT INTO letters VALUES (?, ?, ?, ?, ?, ?, ?)", (receiver, *fields))
    debt = Owed(subscription=receiver, change=0, identity="letter", kind="letter", due_at=now, lane=lane)
    insert(db, debt, debt.identity, now)


def may_have_another(db: Database, reader: Sequence[str], now: datetime) -> bool:
    """Count a mail to a reader, given by their marks: False when they had all that a day allows."""
    day = now.date().isoformat()
    marks = msgspec.json.encode(reader).decode()
    sql = """SELECT coalesce(sum(letters), 0) FROM letter_counts
             WHERE day = ? AND address IN (SELECT value FROM json_each(?))"""
    if db.execute(sql, [day, marks]).fetchone()[0] >= LETTERS_A_DAY:
        return False
    sql = "INSERT INTO letter_counts VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET letters = letters + 1"
    db.conn.execute(sql, (reader[0], day))
    return True


def letters(db: Database, keyring: Keyring, mail: Mail) -> list[Letter]:
    """Those that wait, as receivers of the deliveries of their names."""
    sql = f"SELECT l.* FROM letters l JOIN deliveries d ON d.subscription = l.receiver WHERE {PENDING}"
    return [_letter(row, keyring, mail) for row in db.query(sql)]


def _letter(row: dict[str, Any], keyring: Keyring, mail: Mail) -> Letter:
    fields = {**msgspec.json.decode(row["settings"]), "name": row["receiver"], "channel": "", "paused": False}
    subscription = msgspec.convert(fields, Subscription)
    return Letter(
        **{name: getattr(subscription, name) for name in Subscription.__struct_fields__},
        opener=partial(channel_of, keyring, row["channel"], mail),
        public=True,
        kind=row["kind"],
        token=partial(keyring.open, row["token"]),
        until=datetime.fromisoformat(row["until"]),
    )


def kept_as(row: dict[str, Any], keyring: Keyring, mail: Mail) -> Kept:
    """A row of `subscriptions`. Its channel is opened when it is used, not before."""
    opener = partial(channel_of, keyring, row["channel"], mail)
    around = {"name": row["name"], "channel": "", "opener": opener, "public": bool(row["public"])}
    return msgspec.convert({**msgspec.json.decode(row["settings"]), **around}, Kept)


ADDRESS = "mailto:"
"""What an address that was given on the site begins with where a channel is kept: RFC 6068, no URL of Apprise."""


def channel_of(keyring: Keyring, sealed: str, mail: Mail) -> str:
    """The channel that was sealed, or the one that `mail` makes of an address."""
    opened = keyring.open(sealed)
    address = opened.removeprefix(ADDRESS)
    return mail(address) if address != opened and not address.startswith("//") else opened
