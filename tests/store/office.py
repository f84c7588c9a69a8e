"""Public sign-up on a data folder of its own, as tests drive it."""

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from stemwatch.deliveries import Settled
from stemwatch.signup import Wish
from stemwatch.store.keys import Keyring
from stemwatch.store.signups import Signups
from stemwatch.subscriptions import Kept
from tests.store.builders import SOURCE, START, opened

READER = "reader@example.org"


WEEKLY = Wish(send="weekly", query="knee CANARY", time_zone="Europe/Berlin")


SECOND = timedelta(seconds=1)


DAY = timedelta(days=1)


class Read(NamedTuple):
    """A letter that arrived."""

    kind: str
    address: str
    token: str


class Office:
    """Public sign-up on a data folder of its own. `now` is its clock."""

    def __init__(self, home: Path, environ: dict[str, str] | None = None) -> None:
        self.store = opened(home, {SOURCE.name: SOURCE})
        self.keyring = Keyring(home, environ or {})
        self.signups = Signups(self.store.db, self.keyring)
        self.now = START

    def ask(self, address: str = READER, wish: Wish = WEEKLY) -> None:
        self.signups.ask(address, wish, self.now)

    def post(self) -> list[Read]:
        """Every letter that is owed, accepted by this."""
        letters = {letter.name: letter for letter in self.store.letters(self.keyring)}
        claimed = self.store.claim(now=self.now, lease_until=self.now + SECOND, limit=99)
        self.store.settle(
            [
                Settled(delivery=one.id, subscription=one.subscription, outcome="sent", at=self.now)
                for one in claimed
            ]
        )
        found = [letters[one.subscription] for one in claimed]
        return [Read(letter.kind, letter.channel_url({}), letter.token()) for letter in found]

    def read(self) -> Read:
        """The only letter that is owed."""
        (letter,) = self.post()
        return letter

    def subscribe(self, address: str = READER, wish: Wish = WEEKLY) -> str:
        """A confirmed subscription; returns its manage token."""
        self.ask(address, wish)
        known = self.names
        assert self.signups.confirm(self.read().token, self.now) == "confirmed"
        (name,) = self.names - known
        return self.store.links(self.keyring)[name]().manage

    @property
    def kept(self) -> list[Kept]:
        return self.store.kept(self.keyring)

    @property
    def names(self) -> set[str]:
        return {one.name for one in self.kept}

    @property
    def dump(self) -> str:
        return "\n".join(self.store.db.conn.iterdump())

    def rows(self, table: str) -> int:
        return int(self.store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
