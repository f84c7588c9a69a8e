"""What the steps of the flow ask of a store, whatever database stands behind it.

About ten methods write, each in one transaction, whole or not at all; the others read. Moments are kept in UTC and
whole seconds. `tests/store/contract/` is what every implementation must pass.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from stemwatch.bundle import Bundle
from stemwatch.deliveries import Content, Correction, Delivery, LedgerView, Owed, Report, Settled
from stemwatch.reading import Known
from stemwatch.rules import Subject
from stemwatch.views import ChangeView, RunView


class CrawlStore(Protocol):
    """For crawl and apply: what is known goes out, bundles come in."""

    def known(self, source: str, /) -> Known:
        """What a crawl of `source` starts from."""

    def last_started_at(self) -> datetime | None:
        """When the newest applied run of any source began."""

    def apply(self, bundle: Bundle, now: datetime, /) -> RunView:
        """Judge, diff and store a bundle. One whose run was applied before changes nothing.

        Its changes are numbered upwards from all that were there. UnusableBundle, and no change, when its rows
        cannot be read.
        """

    def run(self, run: str, /) -> RunView | None:
        """What an applied run brought; None when it was never applied."""


class MatchStore(Protocol):
    """For match: changes that no rule has seen become deliveries that are owed."""

    def matching(self) -> AbstractContextManager[None]:
        """What is read and owed inside is one step: nobody else writes meanwhile.

        Otherwise a page that arrives between reading a change and stamping it would never be looked at.
        """

    def unmatched(self) -> Sequence[ChangeView]:
        """The oldest changes that no rule has looked at yet, all those of a notice together."""

    def subjects(self, changes: Iterable[ChangeView], /, *, texts: bool) -> Iterator[Subject]:
        """What rules may look at of these changes; without `texts` the bodies of the notices are left out."""

    def enqueue(self, owed: Iterable[Owed], matched: Iterable[int], now: datetime, /) -> int:
        """Write what is owed and stamp the changes as matched; returns how many deliveries are new.

        A subscription is given a change once, however often it is matched, and one that was corrected never; what
        comes too late for the delivery of its identity gets one of its own.
        """

    def call_off(self, subscriptions: Collection[str], why: str, now: datetime, /) -> int:
        """Nothing is owed to these any more; returns how many deliveries that takes back."""

    def windows_until(self, subscriptions: Collection[str], now: datetime, /) -> Mapping[str, datetime]:
        """Up to when each of these has had its windows; one that was never asked for begins now."""

    def owe_windows(self, windows: Iterable[Owed], until: Mapping[str, datetime], now: datetime, /) -> int:
        """Owe a digest for each window, also when nothing is in it; returns how many are new.

        `until` is up to when each subscription has had its windows by this.
        """

    def owe_corrections(self, now: datetime, /) -> int:
        """Owe each correction to whoever accepted the wrong message; returns how many are new."""


class Contents(Protocol):
    """Reads what deliveries tell, for one pass."""

    def of(self, deliveries: Collection[Delivery], /) -> Mapping[int, Sequence[Content]]:
        """By delivery, oldest change first."""

    def about(self, delivery: Delivery, /) -> Report | Correction | None:
        """What a report or a correction says; None for what tells of changes."""


class DeliverStore(Protocol):
    """For deliver: what is due is claimed by one sender at a time, and each outcome is recorded."""

    def claim(
        self,
        *,
        now: datetime,
        lease_until: datetime,
        limit: int = 1,
        resting: Collection[str] = (),
        full: Collection[str] = (),
    ) -> Sequence[Delivery]:
        """Take the oldest due deliveries until `lease_until`, oldest first, each counted as an attempt.

        `resting` subscriptions and lanes that are `full` are left out.
        """

    def contents(self) -> Contents:
        """A reader of what deliveries tell."""

    def settle(self, outcomes: Sequence[Settled], /) -> None:
        """Record what became of deliveries, together."""

    def give_back(self, deliveries: Sequence[Delivery], /) -> None:
        """Claimed and not tried: free for the next claim, and no attempt is counted."""

    def disabled(self) -> Collection[str]:
        """The subscriptions whose channel refused too often."""

    def release_leases(self) -> None:
        """For the only sender, when it starts: whoever held a lease is gone."""


class FlowStore(CrawlStore, MatchStore, DeliverStore, Protocol):
    """All steps of the flow, and what those see who follow it."""

    def changes(self, *, since: int = 0) -> Iterator[ChangeView]:
        """Changes after the cursor `since`, oldest first."""

    def correct(self, change: int, why: str, now: datetime, /) -> None:
        """Say that a change was told wrongly. UsageError for one that cannot be corrected."""

    def deliveries(self, *, subscription: str | None = None, failed: bool = False) -> Iterator[LedgerView]:
        """What was sent, waits or failed, oldest first."""
