"""What the pages of public sign-up do: ask, confirm, manage, unsubscribe, erase.

Whoever asks learns nothing about an address: known or not, the same rows are written and a mail is owed, and only
its reader sees which. A token is all that is ever needed, and it came by mail to the address that it is about.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, Literal

import msgspec
from sqlite_utils import Database

from stemwatch.signup import (
    CONFIRM_WITHIN,
    ERASED_AFTER,
    MANAGE_FOR,
    LetterKind,
    Managed,
    Purpose,
    Sent,
    Wish,
    masked,
    same_mailbox,
    same_reader,
)
from stemwatch.store import subscribing
from stemwatch.store.database import moment, stamp, writing
from stemwatch.store.keys import Keyring
from stemwatch.store.ledger import STATUS
from stemwatch.store.letters import ADDRESS, Draft, may_have_another, owe
from stemwatch.store.link_tokens import give_links, issue, opened
from stemwatch.subscriptions import Subscription

Confirmed = Literal["confirmed", "used", "unknown"]

_SHOWN = 100
"""So many of the last messages are shown to their subscriber."""
_LEAVING: tuple[Purpose, ...] = ("unsubscribe", "manage")


class Signups:
    """The public's operations on one database. `lane` is the lane of the mail server they are answered through."""

    def __init__(self, db: Database, keyring: Keyring, lane: str = "") -> None:
        self.db = db
        self.keyring = keyring
        self.lane = lane

    def ask(self, address: str, wish: Wish, now: datetime) -> None:
        """Owe the address a mail: to be confirmed or, where it subscribed already, saying so.

        An address has a number of such mails a day; beyond it nothing is owed. `address` as `read_address` has it.
        """
        marks = self.keyring.marks(same_mailbox(address))
        channel = self.keyring.seal(f"{ADDRESS}{address}")
        with writing(self.db):
            if not may_have_another(self.db, self.keyring.marks(same_reader(address)), now):
                return
            name = f"public-{token_hex(8)}"
            wished = subscribing.settings_of(msgspec.structs.replace(wish.subscription(name), paused=False))
            # Written in either case: without a token nothing becomes of it.
            row = (name, marks[0], wished, channel, stamp(now + CONFIRM_WITHIN))
            self.db.conn.execute("INSERT INTO signups VALUES (?, ?, ?, ?, ?)", row)
            active = self._subscribed(marks)
            self._write("known" if active else "confirm", active or name, wished, channel, now)

    def _subscribed(self, marks: tuple[str, ...]) -> str | None:
        """The subscription of an address, as long as mails reach it."""
        sql = """SELECT s.name FROM subscribers s LEFT JOIN channel_states c ON c.subscription = s.name
                 WHERE s.address IN (SELECT value FROM json_each(?)) AND s.unsubscribed_at IS NULL
                   AND c.disabled_at IS NULL"""
        row = self.db.execute(sql, [msgspec.json.encode(marks).decode()]).fetchone()
        return row[0] if row else None

    def _write(self, kind: LetterKind, subscription: str, settings: str, channel: str, now: datetime) -> None:
        """Owe a mail with a token of its own."""
        confirm = kind == "confirm"
        purpose: Purpose = "confirm" if confirm else "manage"
        token = issue(self.db, purpose, subscription, now + (CONFIRM_WITHIN if confirm else MANAGE_FOR))
        draft = Draft(
            kind=kind,
            subscription=subscription,
            settings=settings,
            channel=channel,
            token=self.keyring.seal(token),
            until=now + (ERASED_AFTER if kind == "gone" else CONFIRM_WITHIN),
        )
        owe(self.db, draft, self.lane, now)

    def waiting(self, token: str, now: datetime) -> Wish | None:
        """What confirming would subscribe to; None when the token is unknown, used or too old."""
        name = opened(self.db, token, now, "confirm")
        row = self._signup(name) if name else None
        return Wish.of(_subscription(row)) if row else None

    def confirm(self, token: str, now: datetime) -> Confirmed:
        """Subscribe, once. Whatever else the address was asked to confirm is settled by this.

        A token whose sign-up is gone was used; both are forgotten when their time is over.
        """
        with writing(self.db):
            name = opened(self.db, token, now, "confirm")
            if name is None:
                return "unknown"
            row = self._signup(name)
            if row is None:
                return "used"
            self.db.conn.execute("DELETE FROM signups WHERE address = ?", (row["address"],))
            self._subscribe(row, now)
        return "confirmed"

    def _signup(self, name: str) -> dict[str, Any] | None:
        return next(iter(self.db.query("SELECT * FROM signups WHERE name = ?", [name])), None)

    def _subscribe(self, row: Mapping[str, Any], now: datetime) -> None:
        """In the place of a subscription that this address had ended, or that its mails did not reach."""
        sql = "SELECT name FROM subscribers WHERE address = ?"
        for (old,) in self.db.execute(sql, [row["address"]]).fetchall():
            subscribing.forget(self.db, old, now)
        values = (row["name"], row["settings"], row["channel"], True, stamp(now))
        self.db.conn.execute("INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?)", values)
        sql = "INSERT INTO subscribers (name, address, confirmed_at) VALUES (?, ?, ?)"
        self.db.conn.execute(sql, (row["name"], row["address"], stamp(now)))
        give_links(self.db, self.keyring, row["name"], now)

    def manage(self, token: str, now: datetime) -> Managed | None:
        """The subscription that a link of a mail leads to; None when it is unknown or too old."""
        name = opened(self.db, token, now, "manage")
        return self._managed(name) if name else None

    def may_unsubscribe(self, token: str, now: datetime) -> bool:
        """Whether `unsubscribe` would do anything with this token."""
        return opened(self.db, token, now, *_LEAVING) is not None

    def _managed(self, name: str) -> Managed:
        row = self._row(name)
        left = moment(row["unsubscribed_at"]) if row else None
        address = self.keyring.open(row["channel"]).removeprefix(ADDRESS) if row else ""
        return Managed(
            subscription=name,
            address=masked(address) if address else "",
            wish=Wish.of(_subscription(row)) if row else None,
            erased_at=left + ERASED_AFTER if left else None,
            failing=name in subscribing.disabled(self.db),
            sent=self._sent(name),
        )

    def _sent(self, name: str) -> tuple[Sent, ...]:
        """The last messages, newest first."""
        sql = f"""SELECT subject, {STATUS} AS status, due_at, sent_at FROM deliveries
                  WHERE subscription = ? ORDER BY id DESC LIMIT ?"""
        return tuple(msgspec.convert(row, Sent, strict=False) for row in self.db.query(sql, [name, _SHOWN]))

    def _row(self, name: str) -> dict[str, Any] | None:
        """A subscriber with their subscription; None for what the operator wrote."""
        sql = """SELECT s.*, p.unsubscribed_at FROM subscriptions s JOIN subscribers p ON p.name = s.name
                 WHERE s.name = ?"""
        return next(iter(self.db.query(sql, [name])), None)

    def change(self, token: str, wish: Wish, now: datetime) -> bool:
        """Subscribe to something else from now on; False when the token does not allow it."""
        name = opened(self.db, token, now, "manage")
        if name is None or self._row(name) is None:
            return False
        subscribing.change(self.db, wish.subscription(name))
        return True

    def unsubscribe(self, token: str, now: datetime) -> bool:
        """End it at once, and owe a mail that says so; False for an unknown token. Twice is as good as once.

        What the operator wrote is stopped like a channel that refuses, and the operator is told.
        """
        with writing(self.db):
            name = opened(self.db, token, now, *_LEAVING)
            if name is None:
                return False
            row = self._row(name)
            if row is None:
                subscribing.disable(self.db, name, "Its reader unsubscribed.", now)
            elif row["unsubscribed_at"] is None:
                sql = "UPDATE subscribers SET unsubscribed_at = ? WHERE name = ?"
                self.db.conn.execute(sql, (stamp(now), name))
                subscribing.withdraw(self.db, [name], "Its reader unsubscribed.", now)
                if may_have_another(self.db, self._reader(row["channel"]), now):
                    self._write("gone", name, row["settings"], row["channel"], now)
        return True

    def _reader(self, channel: str) -> tuple[str, ...]:
        return self.keyring.marks(same_reader(self.keyring.open(channel).removeprefix(ADDRESS)))

    def resume(self, token: str, now: datetime) -> bool:
        """Take unsubscribing back, or try a refusing address again; False when the token does not allow it."""
        name = opened(self.db, token, now, "manage")
        if name is None or self._row(name) is None:
            return False
        with writing(self.db):
            sql = "UPDATE subscribers SET unsubscribed_at = NULL WHERE name = ?"
            self.db.conn.execute(sql, (name,))
        subscribing.enable(self.db, name)
        return True

    def erase(self, token: str, now: datetime) -> bool:
        """Forget the address with its subscription, at once; False when the token does not allow it."""
        with writing(self.db):
            name = opened(self.db, token, now, "manage")
            if name is None or self._row(name) is None:
                return False
            subscribing.forget(self.db, name, now)
        return True

    def erase_address(self, address: str, now: datetime) -> bool:
        """The same for the operator, whom its owner asked; False when nothing is known of the address."""
        marks = msgspec.json.encode(self.keyring.marks(same_mailbox(address))).decode()
        sql = """SELECT name FROM subscribers WHERE address IN (SELECT value FROM json_each(:marks))
                 UNION ALL SELECT name FROM signups WHERE address IN (SELECT value FROM json_each(:marks))"""
        with writing(self.db):
            names = [row[0] for row in self.db.execute(sql, {"marks": marks}).fetchall()]
            for name in names:
                subscribing.forget(self.db, name, now)
        return bool(names)


def _subscription(row: Mapping[str, Any]) -> Subscription:
    fields = {**msgspec.json.decode(row["settings"]), "name": row["name"], "channel": ""}
    return msgspec.convert(fields, Subscription)


_DONE = """SELECT l.receiver FROM letters l JOIN deliveries d ON d.subscription = l.receiver
           WHERE d.sent_at IS NOT NULL OR d.dead_at IS NOT NULL"""
_OVER = f"""
SELECT EXISTS (SELECT 1 FROM signups WHERE expires_at <= :now)
    OR EXISTS (SELECT 1 FROM tokens WHERE expires_at <= :now)
    OR EXISTS (SELECT 1 FROM letter_counts WHERE day < :day)
    OR EXISTS (SELECT 1 FROM subscribers WHERE unsubscribed_at <= :left)
    OR EXISTS ({_DONE})
"""


def tidy(db: Database, now: datetime) -> int:
    """Forget what is over: unconfirmed sign-ups, old tokens, sent letters, and who left 30 days ago.

    Returns how many addresses of former subscribers were erased.
    """
    values = {"now": stamp(now), "day": now.astimezone(UTC).date().isoformat(), "left": stamp(now - ERASED_AFTER)}
    if not db.execute(_OVER, values).fetchone()[0]:
        return 0
    with writing(db):
        left = db.execute("SELECT name FROM subscribers WHERE unsubscribed_at <= :left", values).fetchall()
        for (name,) in left:
            subscribing.forget(db, name, now)
        for statement in _FORGET:
            db.conn.execute(statement, values)
    return len(left)


_FORGET = (
    "DELETE FROM signups WHERE expires_at <= :now",
    "DELETE FROM tokens WHERE expires_at <= :now",
    "DELETE FROM letter_counts WHERE day < :day",
    f"DELETE FROM letters WHERE receiver IN ({_DONE})",
)
