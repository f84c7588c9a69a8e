"""Where each implementation keeps what is stored, and how a store is opened over it."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from stemwatch.deliveries import Content, Delivery, LedgerView, Owed, Settled
from stemwatch.flow import FlowStore
from stemwatch.records import Listed, Source
from stemwatch.views import NoticeView
from tests.store.builders import SOURCE, Runs, opened
from tests.store.memory import MemoryStore, Shelf

KINDS = ("sqlite", "memory")
MINUTE = timedelta(minutes=1)
Outcome = Literal["sent", "retry", "held", "dead"]


class Place(Runs):
    """Where one implementation keeps what is stored. `again` opens one more store over it, as a process does."""

    def __init__(self, kind: str, home: Path, source: Source = SOURCE) -> None:
        self._opened = ExitStack()
        self._open = self._opener(kind, home, {source.name: source})
        super().__init__(home, self.again(), source)

    def _opener(self, kind: str, home: Path, sources: dict[str, Source]) -> Callable[[], FlowStore]:
        if kind == "memory":
            return partial(MemoryStore, Shelf(), sources)
        return lambda: self._opened.enter_context(opened(home, sources, any_thread=True))

    def again(self) -> FlowStore:
        return self._open()

    def close(self) -> None:
        self._opened.close()

    def two_changes(self, one: Listed, other: Listed, *, beside: Listed) -> list[int]:
        """The numbers of two changes that no rule has seen."""
        self.run([beside])
        self.run([beside, other, one])
        return [change.change for change in self.store.unmatched()]

    def owed(self, change: int, identity: str = "", **other: Any) -> Owed:
        values = {"subscription": "press", "kind": "at_once", "due_at": self.now, **other}
        return Owed(change=change, identity=identity or f"change-{change}", **values)

    def owe(self, *debts: Owed) -> int:
        return self.store.enqueue(debts, [debt.change for debt in debts], self.now)

    def claim(
        self, *, after: timedelta = timedelta(), store: FlowStore | None = None, **other: Any
    ) -> list[Delivery]:
        now = self.now + after
        return list((store or self.store).claim(now=now, lease_until=now + 5 * MINUTE, **other))

    def claim_one(self, *, after: timedelta = timedelta()) -> Delivery:
        (delivery,) = self.claim(after=after)
        return delivery

    def settle(self, delivery: Delivery, outcome: Outcome, **other: Any) -> None:
        about = {"delivery": delivery.id, "subscription": delivery.subscription, "at": self.now}
        self.store.settle([Settled(outcome=outcome, **{**about, **other})])

    def contents(self, delivery: Delivery) -> list[Content]:
        return list(self.store.contents().of([delivery])[delivery.id])

    def ledger(self, delivery: Delivery) -> LedgerView:
        return next(row for row in self.store.deliveries() if row.delivery == delivery.id)

    def notice(self, row: Listed) -> NoticeView:
        """The notice as a message of its last change shows it."""
        name = f"{self.source.name}/{row.key}"
        change = [change.change for change in self.store.changes() if change.notice == name][-1]
        told = self.owed(change, subscription=f"{row.key} {self.days}", due_at=self.now - timedelta(days=9999))
        self.store.enqueue([told], [], self.now)
        return self.contents(self.claim_one())[0].notice
