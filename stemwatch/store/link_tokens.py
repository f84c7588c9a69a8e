"""The tokens in links of our mails: random, stored as hashes, each for one purpose and one subscription.

Links that stand in every mail are needed again, so they are kept encrypted beside their hashes.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe

import msgspec
from sqlite_utils import Database

from stemwatch.signup import MANAGE_FOR, Purpose
from stemwatch.site import Links
from stemwatch.store.database import stamp, writing
from stemwatch.store.keys import Keyring, KeyTrouble

_BYTES = 32
_FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def issue(db: Database, purpose: Purpose, subscription: str, expires_at: datetime | None) -> str:
    """A new token, inside the caller's transaction."""
    token = token_urlsafe(_BYTES)
    row = (_hash(token), purpose, subscription, stamp(expires_at) if expires_at else None)
    db.conn.execute("INSERT INTO tokens VALUES (?, ?, ?, ?)", row)
    return token


def opened(db: Database, token: str, now: datetime, *purposes: Purpose) -> str | None:
    """The subscription that a token opens; None when it is unknown, for none of these purposes, or too old."""
    if not _FORM.fullmatch(token):
        return None
    hashed = _hash(token)
    sql = """SELECT hash, purpose, subscription FROM tokens
             WHERE hash = ? AND (expires_at IS NULL OR expires_at > ?)"""
    row = db.execute(sql, [hashed, stamp(now)]).fetchone()
    if row is None or not compare_digest(row[0], hashed) or row[1] not in purposes:
        return None
    return str(row[2])


def give_links(db: Database, keyring: Keyring, subscription: str, now: datetime) -> None:
    """The links that stand in every mail of a subscription, inside the caller's transaction."""
    manage = issue(db, "manage", subscription, now + MANAGE_FOR)
    _keep(db, keyring, subscription, Links(issue(db, "unsubscribe", subscription, None), manage), now)


def _keep(db: Database, keyring: Keyring, subscription: str, links: Links, now: datetime) -> None:
    sealed = keyring.seal(msgspec.json.encode(links).decode())
    row = (subscription, sealed, stamp(now + MANAGE_FOR / 2))
    db.conn.execute("INSERT OR REPLACE INTO links VALUES (?, ?, ?)", row)


def give_missing(
    db: Database,
    keyring: Keyring,
    subscriptions: Iterable[str],
    wanted: Callable[[str], bool | None],
    now: datetime,
) -> None:
    """Links for those of the subscriptions that have none yet and are `wanted` to; None when that is not known."""
    looked_at = {name for (name,) in db.execute("SELECT subscription FROM links").fetchall()}
    missing = [(name, wanted(name)) for name in subscriptions if name not in looked_at]
    known = [(name, has) for name, has in missing if has is not None]
    if not known:
        return
    with writing(db):
        for name, has in known:
            if has:
                give_links(db, keyring, name, now)
            else:
                db.conn.execute("INSERT INTO links VALUES (?, '', NULL)", (name,))


def renew_links(db: Database, keyring: Keyring, now: datetime) -> None:
    """A new manage link for whoever has had theirs for half its time; the old one works until its end."""
    due = db.execute("SELECT subscription, sealed FROM links WHERE renew_at <= ?", [stamp(now)]).fetchall()
    readable = [(subscription, links) for subscription, sealed in due if (links := _read(keyring, sealed))]
    if not readable:
        return
    with writing(db):
        for subscription, links in readable:
            manage = issue(db, "manage", subscription, now + MANAGE_FOR)
            _keep(db, keyring, subscription, links._replace(manage=manage), now)


def links_of_all(db: Database, keyring: Keyring) -> dict[str, Callable[[], Links]]:
    """The tokens of the links in each subscription's mails; each is opened when it is used.

    Without the key that they were sealed with there are none: a mail is better sent without them than not.
    """
    rows = db.execute("SELECT subscription, sealed FROM links WHERE sealed <> ''").fetchall()
    return {subscription: partial(_tokens, keyring, sealed) for subscription, sealed in rows}


def _tokens(keyring: Keyring, sealed: str) -> Links:
    return _read(keyring, sealed) or Links()


def _read(keyring: Keyring, sealed: str) -> Links | None:
    """None without the key."""
    try:
        return msgspec.json.decode(keyring.open(sealed), type=Links)
    except KeyTrouble:
        return None


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
