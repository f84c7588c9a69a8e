"""The store as the rest of the house sees it: a few dozen methods over one connection."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from stemwatch.bundle import Bundle
from stemwatch.cadence import Cadence, Standing
from stemwatch.claims.records import Claim, Precedent
from stemwatch.decisions import DecidedLabel, Decision
from stemwatch.errors import StemwatchError
from stemwatch.reading import Known
from stemwatch.records import Source
from stemwatch.rereading import Stored
from stemwatch.rules import Condition
from stemwatch.rules.backtest import Happening
from stemwatch.store import (
    applying,
    claims,
    decisions,
    dossiers,
    forgetting,
    knowing,
    naming,
    newest,
    queries,
    rejudge,
    rereading,
    subjects,
    verifying,
)
from stemwatch.store.browsing import Browsed
from stemwatch.store.clinics.gathered import Gathered
from stemwatch.store.clinics.relinking import relink_all
from stemwatch.store.database import open_database
from stemwatch.store.dataset import Dataset
from stemwatch.store.events import retie_all
from stemwatch.store.filtering import Filter
from stemwatch.store.newest import Moment, News
from stemwatch.store.outgoing import Outgoing
from stemwatch.store.searching import Found, Search
from stemwatch.store.shown import Shown
from stemwatch.store.statistics import Figures
from stemwatch.views import ChangeView, Dossier, NoticeView, RereadView, RunView, SourceView

DATABASE = "stemwatch.db"
Progress = Callable[[str, int, int], None]
"""Told a stage of long work, and how many of how many are done."""


class Store(Outgoing, Gathered, Dataset, Shown, Figures, Browsed):
    """The data folder `home` with its database. One connection: one per thread and process, unless
    `any_thread`: then it may be handed from thread to thread.

    `sources` are the sources this installation knows, by name.
    """

    def __init__(self, home: Path, sources: Mapping[str, Source], *, any_thread: bool = False) -> None:
        self.home = home
        self.sources = sources
        self.db = open_database(home / DATABASE, any_thread=any_thread)

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

    @property
    def version(self) -> int:
        """Another number whenever somebody else has written since this connection last asked."""
        return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    # Crawling

    def known(self, source: str) -> Known:
        """What a crawl of `source` starts from."""
        return knowing.known(self.db, self.sources[source])

    def apply(self, bundle: Bundle, now: datetime) -> RunView:
        """Judge, diff and store a bundle; one that was applied before changes nothing."""
        source = self.sources[bundle.report.source]
        return applying.apply_bundle(self.db, bundle, source, home=self.home, now=now)

    def stored_evidence(self, source: str) -> Stored:
        """What is stored of `source`, and which evidence it rests on."""
        return rereading.stored_evidence(self.db, self.sources[source])

    def apply_reread(self, bundle: Bundle, now: datetime, *, keep: bool) -> RereadView:
        """What a bundle of evidence that was read again changes; nothing is written unless it is to be kept."""
        source = self.sources[bundle.report.source]
        return rereading.apply_reread(self.db, bundle, source, now=now, keep=keep)

    def run(self, run: str) -> RunView | None:
        """What an applied run brought; None when it was never applied."""
        return applying.run_view(self.db, run)

    def rejudge(self, progress: Progress | None = None) -> int:
        """Judge, link and tie every notice anew when the lexicons have changed; returns how many labels moved."""
        tell = progress or (lambda stage, done, total: None)
        languages = {name: source.language for name, source in self.sources.items()}
        relink_all(self.db, languages, partial(tell, "linking"))
        moved = rejudge.rejudge_all(self.db, partial(tell, "judging"))
        retie_all(self.db)
        return moved

    def decide(self, notice: str, label: DecidedLabel, why: str, now: datetime) -> str:
        """A person's judgement of one notice, which wins over the lexicon; returns the notice's id."""
        return decisions.decide(self.db, notice, label, why, now)

    def withdraw(self, notice: str) -> str:
        """Leave a notice to the lexicon again; returns its id."""
        return decisions.withdraw(self.db, notice)

    def decisions(self) -> Iterator[Decision]:
        """What people decided, by notice."""
        return decisions.decisions(self.db)

    # Reading

    @property
    def instance(self) -> str:
        """What tells this database from every other."""
        return str(self.db.execute("SELECT id FROM instance").fetchone()[0])

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read within shows one state of the store, whatever is applied meanwhile."""
        self.db.execute("BEGIN")
        try:
            yield
        finally:
            self.db.rollback()

    def source_views(self, every: Mapping[str, Cadence]) -> list[SourceView]:
        """Every source and how it fares; `every` is how often each is due."""
        return queries.source_views(self.db, self.sources, every)

    def standings(self) -> list[Standing]:
        """How every source stands: what says when it is due."""
        return queries.standings(self.db, self.sources)

    def last_started_at(self) -> datetime | None:
        """When the newest applied run of any source began."""
        return queries.last_started_at(self.db)

    def notices(self, search: Search | None = None) -> Found:
        """Notices that a search finds, all of them without one: newest first, or best first."""
        return Found(self.db, self.sources, search or Search())

    def filter(self, table: Condition) -> Filter:
        """What a table of the rule language means here. UsageError when its search cannot be understood."""
        return Filter(self.db, self.sources, table)

    def news(
        self,
        table: Condition,
        most: int,
        *,
        clinic: str = "",
        before: Moment | None = None,
        after: Moment | None = None,
    ) -> list[News]:
        """Notices that meet a table, by when something last happened to them, newest first."""
        return newest.news(self.db, self.sources, table, most, clinic=clinic, before=before, after=after)

    def all_notices(self) -> Iterator[NoticeView]:
        """Every notice by its id."""
        return queries.all_notices(self.db, self.sources)

    def texts(self) -> Iterator[tuple[str, str]]:
        """The text of every notice whose page was read, by notice id."""
        return queries.texts(self.db)

    def changes(self, *, since: int = 0) -> Iterator[ChangeView]:
        """Changes after the cursor `since`, oldest first."""
        return queries.changes(self.db, since=since)

    def newest_change(self, *, before: datetime | None = None) -> int:
        """The number of the newest change, or of the newest seen before a moment; 0 when there is none."""
        return queries.newest_change(self.db, before)

    def history_size(self, *, since: date | None) -> int:
        """How many `history` has."""
        return subjects.history_size(self.db, since=since)

    def history(self, *, since: date | None, texts: bool) -> Iterator[Happening]:
        """What regulators did, as far as it is stored, for trying rules on."""
        return subjects.history(self.db, self.sources, since=since, texts=texts)

    def dossier(self, notice: str) -> Dossier:
        """Everything about one notice, named by its id or a part of it that no other has; else UsageError."""
        return dossiers.dossier(self.db, self.sources, notice)

    def notices_named(self, ids: Collection[str]) -> dict[str, NoticeView]:
        """The notices of those ids that there are, by id."""
        return naming.notices_named(self.db, self.sources, ids)

    def precedents(self, asked: Sequence[Claim], most: int = 3) -> list[tuple[Precedent, ...]]:
        """For each claim the notices that acted on the like, the nearest first, at most `most` of them."""
        return claims.precedents(self.db, asked, most)

    # Evidence

    def forget_unused(self, before: datetime) -> int:
        """Forget evidence files of runs before then that nothing rests on; returns how many."""
        return forgetting.forget_unused(self.db, before)

    def cited(self) -> set[str]:
        """Every evidence file that is pointed at, relative to `home`."""
        return forgetting.cited(self.db)

    def verify(self) -> Iterator[str]:
        """What does not hold, one sentence each."""
        return verifying.verify(self.db, self.home)
