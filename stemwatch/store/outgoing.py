"""What the store does for delivering: what is owed, what became of it, who is told, what the operator knows."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlite_utils import Database

from stemwatch.deliveries import Delivery, LedgerView, Owed, Report, Settled
from stemwatch.records import Source
from stemwatch.rules import Subject
from stemwatch.signup import Letter
from stemwatch.site import Links
from stemwatch.store import (
    corrections,
    counting,
    ledger,
    letters,
    link_tokens,
    outbox,
    reports,
    signups,
    subjects,
    subscribing,
)
from stemwatch.store.contents import Contents
from stemwatch.store.counting import Waiting
from stemwatch.store.database import writing
from stemwatch.store.keys import Keyring
from stemwatch.store.ledger import Late
from stemwatch.store.letters import Mail
from stemwatch.store.reports import Failed
from stemwatch.store.signups import Signups
from stemwatch.store.subscribing import Disabled
from stemwatch.subscriptions import Kept, Subscription
from stemwatch.views import ChangeView


class Outgoing:
    """The part of `Store` that messages go out through."""

    db: Database
    sources: Mapping[str, Source]

    # Delivering

    def matching(self) -> AbstractContextManager[None]:
        """What is read and owed inside is one step: nobody else writes meanwhile."""
        return writing(self.db)

    def unmatched(self) -> list[ChangeView]:
        """The oldest changes that no rule has looked at yet."""
        return outbox.unmatched(self.db)

    def subjects(self, changes: Iterable[ChangeView], *, texts: bool) -> Iterator[Subject]:
        """What rules may look at of these changes; without `texts` only how their notices are filed."""
        return subjects.subjects(self.db, self.sources, changes, texts=texts)

    def enqueue(self, owed: Iterable[Owed], matched: Iterable[int], now: datetime) -> int:
        """Write what is owed and stamp the changes as matched; returns how many deliveries are new."""
        return outbox.enqueue(self.db, owed, matched, now)

    def owe_windows(self, windows: Iterable[Owed], until: Mapping[str, datetime], now: datetime) -> int:
        """Owe a digest for each window, also when nothing is in it; returns how many are new."""
        return subscribing.owe_windows(self.db, windows, until, now)

    def windows_until(self, subscriptions: Collection[str], now: datetime) -> dict[str, datetime]:
        """Up to when each of these has had its windows."""
        return subscribing.windows_until(self.db, subscriptions, now)

    def call_off(self, subscriptions: Collection[str], why: str, now: datetime) -> int:
        """Nothing is owed to these any more; returns how many deliveries that takes back."""
        return subscribing.call_off(self.db, subscriptions, why, now)

    def claim(
        self,
        *,
        now: datetime,
        lease_until: datetime,
        limit: int = 1,
        resting: Collection[str] = (),
        full: Collection[str] = (),
    ) -> list[Delivery]:
        """Take the oldest due deliveries, leaving out `resting` subscriptions and lanes that are `full`."""
        return outbox.claim(self.db, now=now, lease_until=lease_until, limit=limit, resting=resting, full=full)

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """Claimed and not tried: they are free for the next claim."""
        outbox.give_back(self.db, deliveries)

    def contents(self) -> Contents:
        """A reader of what deliveries tell, for one pass."""
        return Contents(self.db, self.sources)

    def settle(self, outcomes: Sequence[Settled]) -> None:
        """Record what became of deliveries, together."""
        outbox.settle(self.db, outcomes)

    def next_due(self) -> datetime | None:
        """When the next delivery is due."""
        return outbox.next_due(self.db)

    def release_leases(self) -> None:
        """For the only sender of this folder, when it starts."""
        outbox.release_leases(self.db)

    def deliveries(self, *, subscription: str | None = None, failed: bool = False) -> Iterator[LedgerView]:
        """What was sent, waits or failed, oldest first."""
        return ledger.deliveries(self.db, subscription=subscription, failed=failed)

    def retry(self, delivery: int, now: datetime) -> None:
        """Let a failed delivery be tried again. UsageError when it did not fail."""
        ledger.retry(self.db, delivery, now)

    def retry_failed(self, now: datetime) -> int:
        """Let all that failed be tried again; returns how many."""
        return ledger.retry_failed(self.db, now)

    def counts(self, since: datetime) -> tuple[int, int, int]:
        """Messages accepted since then, waiting now, given up since then."""
        return ledger.counts(self.db, since)

    def waiting(self, now: datetime) -> Waiting:
        """What waits now, for monitoring."""
        return counting.waiting(self.db, now)

    def late(self, before: datetime) -> list[Late]:
        """Who still waits for what was due before this moment."""
        return ledger.late(self.db, before)

    def correct(self, change: int, why: str, now: datetime) -> None:
        """Say that a change was told wrongly. UsageError for one that cannot be corrected."""
        corrections.correct(self.db, change, why, now)

    def owe_corrections(self, now: datetime) -> int:
        """Owe each correction to whoever accepted the wrong message; returns how many are new."""
        return corrections.owe_corrections(self.db, now)

    # Subscribing

    def kept(self, keyring: Keyring, mail: Mail = str) -> list[Kept]:
        """The subscriptions of the database; `mail` is the channel to an address that was given on the site."""
        return subscribing.kept(self.db, keyring, mail)

    def kept_state(self) -> str:
        """A digest of all that `kept` is made of: the same as long as nothing of it is changed."""
        return subscribing.kept_state(self.db)

    def letters(self, keyring: Keyring, mail: Mail = str) -> list[Letter]:
        """Mails about subscribing that are owed."""
        return letters.letters(self.db, keyring, mail)

    def signups(self, keyring: Keyring, lane: str = "") -> Signups:
        """What the pages of public sign-up do; `lane` is that of the mail server."""
        return Signups(self.db, keyring, lane)

    def links(self, keyring: Keyring) -> dict[str, Callable[[], Links]]:
        """The tokens of the links in the mails of each subscription that has some."""
        return link_tokens.links_of_all(self.db, keyring)

    def renew_links(
        self, keyring: Keyring, subscriptions: Iterable[str], wanted: Callable[[str], bool | None], now: datetime
    ) -> None:
        """Links for those of these that lack them and are `wanted` to have some; new ones for whose grow old."""
        link_tokens.give_missing(self.db, keyring, subscriptions, wanted, now)
        link_tokens.renew_links(self.db, keyring, now)

    def tidy(self, now: datetime) -> int:
        """Forget what is over of public sign-up; returns how many addresses were erased."""
        return signups.tidy(self.db, now)

    def keep(
        self,
        subscriptions: Iterable[Subscription],
        keyring: Keyring,
        now: datetime,
        *,
        replace: bool = False,
        public: bool = False,
    ) -> None:
        """Store all of these or none. UsageError for a name that is taken and may not be replaced.

        `public`: strangers gave the channels, so nothing is sent to addresses that are not open to all.
        """
        subscribing.keep(self.db, subscriptions, keyring, now, replace=replace, public=public)

    def change_subscription(self, subscription: Subscription) -> None:
        """Store other settings under the same name and channel."""
        subscribing.change(self.db, subscription)

    def remove_subscription(self, name: str, now: datetime) -> None:
        """Forget it; what it was sent stays in the ledger."""
        subscribing.remove(self.db, name, now)

    def reseal(self, keyring: Keyring) -> int:
        """Every channel under the newest key; returns how many."""
        return subscribing.reseal(self.db, keyring)

    def disabled(self) -> dict[str, Disabled]:
        """Channels that refused too often, by subscription."""
        return subscribing.disabled(self.db)

    def enable(self, name: str) -> bool:
        """Let a channel be tried again, from now on; returns whether it was disabled."""
        return subscribing.enable(self.db, name)

    # Telling the operator

    def unreported(self) -> list[Failed]:
        """Failed deliveries that the operator does not know of."""
        return reports.unreported(self.db)

    def troubles(self) -> dict[str, str]:
        """What the operator was told and not yet told the end of, by topic."""
        return reports.troubles(self.db)

    def report(
        self,
        message: Report | None,
        *,
        key: str,
        lane: str,
        now: datetime,
        standing: Mapping[str, str],
        failed: Sequence[Failed] = (),
    ) -> bool:
        """Owe the operator a message and note what it says; False when `key` was told before."""
        return reports.report(self.db, message, key=key, lane=lane, now=now, standing=standing, failed=failed)
