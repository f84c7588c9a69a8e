"""The store as the rest of the house sees it: about a dozen methods over one connection."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from stemwatch.bundle import Bundle
from stemwatch.decisions import DecidedLabel, Decision
from stemwatch.errors import StemwatchError
from stemwatch.reading import Known
from stemwatch.records import Source
from stemwatch.rules import Subject
from stemwatch.rules.backtest import Event
from stemwatch.store import applying, decisions, dossiers, outbox, queries, rejudge, subjects, verifying
from stemwatch.store.database import open_database
from stemwatch.store.outbox import Content, Delivery, Owed
from stemwatch.store.searching import Found, Search
from stemwatch.views import ChangeView, Dossier, NoticeView, RunView, SourceView

DATABASE = "stemwatch.db"


class Store:
    """The data folder `home` with its database. One connection: one per thread and process.

    `sources` are the sources this installation knows, by name.
    """

    def __init__(self, home: Path, sources: Mapping[str, Source]) -> None:
        self.home = home
        self.sources = sources
        self.db = open_database(home / DATABASE)

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close. What SQLite could not do becomes a sentence; a breach of our own rules stays an error of ours."""
        self.close()
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
            damaged = any(sign in str(error) for sign in ("malformed", "not a database", "corrupt"))
            advice = "Restore it from a backup." if damaged else "Try again."
            raise StemwatchError(
                f"The database {self.home / DATABASE} cannot be used: {error}. {advice}"
            ) from error

    # Crawling

    def known(self, source: str) -> Known:
        """What a crawl of `source` starts from."""
        return queries.known(self.db, source)

    def apply(self, bundle: Bundle, now: datetime) -> RunView:
        """Judge, diff and store a bundle; one that was applied before changes nothing."""
        source = self.sources[bundle.report.source]
        return applying.apply_bundle(self.db, bundle, source, home=self.home, now=now)

    def run(self, run: str) -> RunView | None:
        """What an applied run brought; None when it was never applied."""
        return applying.run_view(self.db, run)

    def rejudge(self) -> int:
        """Judge every notice anew when the lexicon has changed; returns how many labels moved."""
        return rejudge.rejudge_all(self.db)

    def decide(self, notice: str, label: DecidedLabel, why: str, now: datetime) -> str:
        """A person's judgement of one notice, which wins over the lexicon; returns the notice's id."""
        return decisions.decide(self.db, notice, label, why, now)

    def withdraw(self, notice: str) -> str:
        """Leave a notice to the lexicon again; returns its id."""
        return decisions.withdraw(self.db, notice)

    def decisions(self) -> Iterator[Decision]:
        """What people decided, by notice."""
        return decisions.decisions(self.db)

    # Delivering

    def unmatched(self) -> list[ChangeView]:
        """The oldest changes that no rule has looked at yet."""
        return outbox.unmatched(self.db)

    def subjects(self, changes: Iterable[ChangeView], *, texts: bool) -> Iterator[Subject]:
        """What rules may look at of these changes; without `texts` the bodies of the notices are left out."""
        return subjects.subjects(self.db, self.sources, changes, texts=texts)

    def enqueue(self, owed: Iterable[Owed], matched: Iterable[int], now: datetime) -> int:
        """Write what is owed and stamp the changes as matched; returns how many deliveries are new."""
        return outbox.enqueue(self.db, owed, matched, now)

    def claim(self, *, now: datetime, lease_until: datetime, resting: Collection[str] = ()) -> Delivery | None:
        """Take the oldest due delivery, leaving out subscriptions that are `resting`."""
        return outbox.claim(self.db, now=now, lease_until=lease_until, resting=resting)

    def content(self, delivery: Delivery) -> list[Content]:
        """What a delivery tells."""
        return list(outbox.content(self.db, delivery.id, self.sources))

    def accepted(self, delivery: Delivery, now: datetime) -> None:
        outbox.accepted(self.db, delivery.id, now)

    def postponed(self, delivery: Delivery, error: str, next_try_at: datetime) -> None:
        outbox.postponed(self.db, delivery.id, error, next_try_at)

    def dead(self, delivery: Delivery, error: str, now: datetime) -> None:
        outbox.dead(self.db, delivery.id, error, now)

    def release_leases(self) -> None:
        """For the only sender of this folder, when it starts."""
        outbox.release_leases(self.db)

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read within shows one state of the store, whatever is applied meanwhile."""
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            self.db.rollback()

    def source_views(self, every: Mapping[str, timedelta]) -> list[SourceView]:
        """Every source and how it fares; `every` is how often each is due."""
        return queries.source_views(self.db, self.sources, every)

    def last_started_at(self) -> datetime | None:
        """When the newest applied run of any source began."""
        return queries.last_started_at(self.db)

    def notices(self, search: Search | None = None) -> Found:
        """Notices that a search finds, all of them without one: newest first, or best first."""
        return Found(self.db, self.sources, search or Search())

    def all_notices(self) -> Iterator[NoticeView]:
        """Every notice by its id."""
        return queries.all_notices(self.db, self.sources)

    def texts(self) -> Iterator[tuple[str, str]]:
        """The text of every notice whose page was read, by notice id."""
        return queries.texts(self.db)

    def changes(self, *, since: int = 0) -> Iterator[ChangeView]:
        """Changes after the cursor `since`, oldest first."""
        return queries.changes(self.db, since=since)

    def events(self, *, since: date | None) -> int:
        """How many events `history` has."""
        return subjects.events(self.db, since=since)

    def history(self, *, since: date | None, texts: bool) -> Iterator[Event]:
        """What regulators did, as far as it is stored, for trying rules on."""
        return subjects.history(self.db, self.sources, since=since, texts=texts)

    def dossier(self, notice: str) -> Dossier:
        """Everything about one notice, named by its id or a part of it that no other has; else UsageError."""
        return dossiers.dossier(self.db, self.sources, notice)

    def verify(self) -> Iterator[str]:
        """What does not hold, one sentence each."""
        return verifying.verify(self.db, self.home)
