"""The store itself: each method one question to the tables, or one transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from stemwatch.bundle import Bundle, UnusableBundle
from stemwatch.deliveries import Delivery, LedgerView, Owed, Settled
from stemwatch.reading import Known
from stemwatch.records import Source
from stemwatch.rules import Subject, subject
from stemwatch.views import ChangeView, RunView
from tests.store.memory import outbox
from tests.store.memory.applying import Application
from tests.store.memory.tables import DeliveryRow, Shelf, SourceRow, put, whole
from tests.store.memory.views import MemoryContents, change_view, known_notice, ledger_view, notice_view

BATCH = 500


class MemoryStore:
    """`shelf` holds what is stored; `sources` are those this installation knows, by name."""

    def __init__(self, shelf: Shelf, sources: Mapping[str, Source]) -> None:
        self.shelf = shelf
        self.sources = sources

    # Crawl and apply

    def known(self, source: str) -> Known:
        tables, about = self.shelf.tables, self.sources[source]
        state = tables.sources.get(source, SourceRow())
        rows = [row for row in tables.notices.values() if row.source == source]
        asked = state.revision == about.revision and not any(row.absent and row.status == "listed" for row in rows)
        lists = state.lists if asked else {}
        days = [row.listed.posted_on for row in rows if row.listed.posted_on]
        return Known(
            source=source,
            baselined=state.baselined_at is not None,
            newest_on=max(days, default=None),
            lists=lists,
            notices={row.listed.key: known_notice(row, about, unchanged=bool(lists)) for row in rows},
        )

    def last_started_at(self) -> datetime | None:
        begun = (state.last_started_at for state in self.shelf.tables.sources.values())
        return max(filter(None, begun), default=None)

    def apply(self, bundle: Bundle, now: datetime) -> RunView:
        report = bundle.report
        if report.reread:
            raise UnusableBundle(f"{bundle.path.name} holds evidence read again.")
        with self.shelf.writing() as tables:
            if report.run not in tables.runs:
                tables.runs[report.run] = Application(tables, bundle, self.sources[report.source]).write()
            return tables.runs[report.run]

    def run(self, run: str) -> RunView | None:
        return self.shelf.tables.runs.get(run)

    def changes(self, *, since: int = 0) -> Iterator[ChangeView]:
        tables = self.shelf.tables
        return (change_view(tables, row) for number, row in tables.changes.items() if number > since)

    # Match

    def matching(self) -> AbstractContextManager[None]:
        return self.shelf.alone()

    def unmatched(self) -> list[ChangeView]:
        tables = self.shelf.tables
        waiting = [row for row in tables.changes.values() if row.matched_at is None]
        first = list(dict.fromkeys(row.notice for row in waiting))[:BATCH]
        return [change_view(tables, row) for row in waiting if row.notice in first]

    def subjects(self, changes: Iterable[ChangeView], *, texts: bool) -> Iterator[Subject]:
        tables = self.shelf.tables
        for change in changes:
            row = tables.notices[tables.numbers[change.notice]]
            read = [page.content.text for page in row.pages.values() if page.known.read_at]
            view = notice_view(tables, row, self.sources[row.source])
            yield subject(change, view, body="\n".join(read) if texts else "")

    def enqueue(self, owed: Iterable[Owed], matched: Iterable[int], now: datetime) -> int:
        with self.shelf.writing() as tables:
            created = sum(outbox.owe(tables, debt, now) for debt in owed)
            for change in matched:
                put(tables.changes, change, matched_at=whole(now))
            return created

    def call_off(self, subscriptions: Collection[str], why: str, now: datetime) -> int:
        with self.shelf.writing() as tables:
            rows = [row for row in tables.deliveries.values() if row.pending and row.subscription in subscriptions]
            return outbox.withdraw(tables, rows, why, now)

    def windows_until(self, subscriptions: Collection[str], now: datetime) -> dict[str, datetime]:
        found = {}
        with self.shelf.writing() as tables:
            for name in subscriptions:
                known = tables.channels.get(name)
                found[name] = (known.windows_until if known else None) or now
                outbox.channel(tables, name, windows_until=whole(found[name]))
        return found

    def owe_windows(self, windows: Iterable[Owed], until: Mapping[str, datetime], now: datetime) -> int:
        with self.shelf.writing() as tables:
            created = sum(outbox.insert(tables, window) for window in windows)
            for name, moment in until.items():
                outbox.channel(tables, name, windows_until=whole(moment))
            return created

    def correct(self, change: int, why: str, now: datetime) -> None:
        with self.shelf.writing() as tables:
            outbox.correct(tables, change, why, now)

    def owe_corrections(self, now: datetime) -> int:
        with self.shelf.writing() as tables:
            return outbox.owe_corrections(tables, now)

    # Deliver

    def claim(
        self,
        *,
        now: datetime,
        lease_until: datetime,
        limit: int = 1,
        resting: Collection[str] = (),
        full: Collection[str] = (),
    ) -> list[Delivery]:
        with self.shelf.writing() as tables:
            rows = outbox.claim(tables, now=now, until=lease_until, limit=limit, resting=resting, full=full)
            return [self._delivery(row) for row in rows]

    def _delivery(self, row: DeliveryRow) -> Delivery:
        taken = (
            "subscription",
            "kind",
            "attempts",
            "starts_at",
            "ends_at",
            "lane",
            "urgent",
            "correction",
            "parts",
        )
        values = {name: getattr(row, name) for name in taken}
        return Delivery(**values, id=row.number, report=None, key=self.shelf.key(row))

    def contents(self) -> MemoryContents:
        return MemoryContents(self.shelf, self.sources)

    def settle(self, outcomes: Sequence[Settled]) -> None:
        with self.shelf.writing() as tables:
            for outcome in sorted(outcomes, key=lambda one: one.outcome != "sent"):
                outbox.settle(tables, outcome)

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        with self.shelf.writing() as tables:
            for number in (delivery.id for delivery in deliveries):
                attempts = tables.deliveries[number].attempts - 1
                put(tables.deliveries, number, lease_until=None, attempts=attempts)

    def disabled(self) -> set[str]:
        return {name for name, row in self.shelf.tables.channels.items() if row.disabled}

    def release_leases(self) -> None:
        with self.shelf.writing() as tables:
            for number in tables.deliveries:
                put(tables.deliveries, number, lease_until=None)

    def deliveries(self, *, subscription: str | None = None, failed: bool = False) -> Iterator[LedgerView]:
        for row in self.shelf.tables.deliveries.values():
            if subscription in (None, row.subscription) and (not failed or (row.dead_at and not row.withdrawn)):
                yield ledger_view(self.shelf, row)
