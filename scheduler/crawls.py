"""The crawls of a service: several at a time, never two of one host, each applied as soon as it is there."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Lock, Thread
from time import monotonic
from typing import Any

from scheduler import jobs
from scheduler.crawling import Options
from scheduler.guarded import Guarded
from scheduler.house import House
from scheduler.plan import Turn, beginning, next_due
from scheduler.workers import Workers
from stemwatch.store import Store

logger = logging.getLogger("stemwatch")

MOST_BEHIND = timedelta(days=2)
"""A clock that was set back by less does not stop the service: what is new is still told, edits wait."""


def ignore(told: dict[str, Any]) -> None:
    """A service shows no progress bars."""


class Crawls:
    """Begins the crawls that are due, each in a thread that looks after its worker process. `on_ended` is called
    when one is over, applied or not."""

    def __init__(self, house: House, on_ended: Callable[[], None]) -> None:
        self.house = house
        self._on_ended = on_ended
        self.workers = Workers()
        self._steps: dict[str, Guarded] = {}
        self._tried: dict[str, float] = {}
        self._under_way: dict[str, Thread] = {}
        self._lock = Lock()

    def begin_due(self, store: Store) -> datetime | None:
        """Begin what is due, as far as there is room and its host is left in peace; returns when more will be."""
        with self._lock:
            under_way = set(self._under_way)
        turns, now = list(self._turns(store, under_way)), self.house.clock.now()
        chosen = beginning(
            turns,
            hosts={self.house.sources[source].host for source in under_way},
            now=now,
            room=self.house.config.crawl.at_a_time - len(under_way),
        )
        for source in chosen:
            if not self.workers.stopping:
                self._begin(source)
        return next_due(turns, now)

    def _turns(self, store: Store, under_way: set[str]) -> Iterator[Turn]:
        every = self.house.every
        for standing in store.standings():
            source = standing.source
            if source in under_way or source not in every:
                continue
            tried = self._tried.get(source)
            yield Turn(
                standing=standing,
                cadence=every[source],
                host=self.house.sources[source].host,
                tried=None if tried is None else timedelta(seconds=monotonic() - tried),
            )

    def _begin(self, source: str) -> None:
        thread = Thread(target=self._run, args=(source,), name=f"crawl of {source}", daemon=True)
        self._tried[source] = monotonic()
        with self._lock:
            self._under_way[source] = thread
        thread.start()

    def _run(self, source: str) -> None:
        step = self._steps.setdefault(source, Guarded(lambda: self._crawl(source)))
        try:
            step()
        finally:
            with self._lock:
                del self._under_way[source]
            self._on_ended()

    def _crawl(self, source: str) -> None:
        with self.house.store() as store:
            view = jobs.crawl_and_apply(
                self.house, store, source, Options(), ignore, self.workers, behind=MOST_BEHIND
            )
        told = {"run": view.run, "source": source, "verdict": view.verdict}
        logger.info("%s: %s %s", source, view.verdict, view.reason, extra=told)

    def stop(self) -> None:
        """End every worker. What it read is not lost: its source is still due."""
        self.workers.stop()

    def wait(self, seconds: float) -> bool:
        """Wait for the threads to end; False when one did not, as when it applies a large bundle."""
        end = monotonic() + seconds
        with self._lock:
            threads = list(self._under_way.values())
        for thread in threads:
            thread.join(max(end - monotonic(), 0))
        return not any(thread.is_alive() for thread in threads)
