"""The service: sources crawled when they are due, inbox applied, deliveries sent, until it is told to stop.

The schedule is made from the tables at every look, so a run that was missed is simply due.
"""

import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import jobs
from scheduler.crawling import Options, Stopping, Workers
from scheduler.delivering import BUSY, LOCK, deliver_due, lanes_of, transport_of
from scheduler.house import House
from scheduler.operator import Operator
from scheduler.subscribers import check_written_channels
from scheduler.systemd import ALIVE, READY, STOPPING, notify
from scheduler.upkeep import keep_up
from stemwatch.errors import StemwatchError
from stemwatch.views import SourceView

logger = logging.getLogger("stemwatch")

LOOK_EVERY_S = 1.0
WAKE_EVERY_S = 1.0
STOP_WITHIN_S = 30.0


def ignore(told: dict[str, Any]) -> None:
    """A service shows no progress bars."""


class Service:
    """One service at work on one data folder; `run` returns when it has been stopped."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.workers = Workers()
        self.stopping = Event()
        self.operator = Operator(house)
        self.transport = transport_of(house)
        self.lanes = lanes_of(house)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT. StemwatchError when the folder has a sender already."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        check_written_channels(self.house)
        with self.house.lock(LOCK, busy=BUSY), self.house.store() as store:
            store.rejudge()
            store.release_leases()
            scheduler = self._schedule()
            scheduler.start()
            logger.info("Started: %s sources, %s subscriptions", *self._sizes())
            # A wait without end is not woken by a signal that the system hands to another thread.
            notify(self.house.environ, READY)
            while not self.stopping.wait(WAKE_EVERY_S):
                notify(self.house.environ, ALIVE)
            notify(self.house.environ, STOPPING)
            self.workers.stop()
            scheduler.shutdown(wait=True)
        logger.info("Stopped")

    def stop(self) -> None:
        self.stopping.set()

    def _sizes(self) -> tuple[int, int]:
        return len(self.house.sources), len(self.house.config.subscriptions)

    def _schedule(self) -> BackgroundScheduler:
        """Jobs that look at the tables, each in a thread of its own: who is due, what is owed, and upkeep."""
        threads = {name: ThreadPoolExecutor(1) for name in ("crawls", "deliveries", "upkeep")}
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler = BackgroundScheduler(executors=threads, job_defaults=defaults, timezone="UTC")
        for work, executor in ((self.crawl_due, "crawls"), (self.send_due, "deliveries")):
            scheduler.add_job(self._guarded(work), "interval", seconds=LOOK_EVERY_S, executor=executor)
        now = datetime.now(UTC)
        scheduler.add_job(self._guarded(self.keep_up), "interval", hours=1, executor="upkeep", next_run_time=now)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        return scheduler

    def _guarded(self, work: Callable[[], None]) -> Callable[[], None]:
        """A step that fails says so and is tried again at the next look; it never ends the service."""

        def guarded() -> None:
            try:
                work()
            except StemwatchError as error:
                logger.error("%s", error)  # noqa: TRY400 - the sentence is the message
            except Exception:
                logger.exception("A step failed and will be tried again")

        return guarded

    def crawl_due(self) -> None:
        """Apply what lies in the inbox, then crawl each source that is due."""
        with self.house.store() as store:
            for outcome in jobs.apply_inbox(self.house, store):
                if isinstance(outcome, StemwatchError):
                    logger.error("%s", outcome)
                    continue
                told = {"run": outcome.run, "source": outcome.source, "verdict": outcome.verdict}
                logger.info("Applied from the inbox: %s", outcome, extra=told)
            for source in self._due(store.source_views(self.house.every), self.house.clock.now()):
                if self.stopping.is_set():
                    return
                try:
                    view = jobs.crawl_and_apply(self.house, store, source, Options(), ignore, self.workers)
                except Stopping:
                    return
                told = {"run": view.run, "source": source, "verdict": view.verdict}
                logger.info("%s: %s %s", source, view.verdict, view.reason, extra=told)

    def _due(self, views: list[SourceView], now: datetime) -> list[str]:
        return [
            view.source
            for view in views
            if self.house.config.source(view.source).enabled and (view.due_at is None or view.due_at <= now)
        ]

    def send_due(self) -> None:
        """Match what is new and send what is due."""
        with self.house.store() as store:
            views = deliver_due(
                self.house, store, stopping=self.stopping.is_set, transport=self.transport, lanes=self.lanes
            )
            for view in views:
                told = {"delivery": view.delivery, "subscription": view.subscription, "outcome": view.outcome}
                said = (view.delivery, view.subscription, view.outcome, view.error)
                logger.info("Delivery %s to %s: %s %s", *said, extra=told)
            self.operator.look(store)

    def keep_up(self) -> None:
        """Back up and tidy up."""
        with self.house.store() as store:
            keep_up(self.house, store)
