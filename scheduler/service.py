"""The service: sources crawled when they are due, inbox applied, deliveries sent, until it is told to stop.

The schedule is made from the tables at every look, so a run that was missed is simply due.
"""

import logging
import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from scheduler import jobs
from scheduler.crawls import Crawls
from scheduler.daily_release import write_if_due
from scheduler.delivering import BUSY, LOCK, Sending
from scheduler.guarded import Guarded
from scheduler.house import House, OpenStore, open_house
from scheduler.lookout import Lookout
from scheduler.operator import Operator
from scheduler.subscribers import check_written_channels
from scheduler.systemd import ALIVE, READY, STOPPING, notify
from scheduler.upkeep import keep_up
from scheduler.website import server_of
from stemwatch.errors import StemwatchError

logger = logging.getLogger("stemwatch")

LOOK_EVERY_S, INBOX_EVERY_S = 1.0, 5.0
CRAWLS, DELIVERIES = "crawls", "deliveries"
JOBS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
RELEASE_EVERY_S = 600.0
UPKEEP_EVERY_S = 3600.0
WAKE_EVERY_S = 1.0
STOP_WITHIN_S = 25.0
"""What does not end by itself in this time is ended; service managers wait for 30 s and more."""


class Service:
    """One service at work on one data folder; `run` returns when it has been stopped.

    `reloading` says that the settings are to be read anew, by a process that takes the place of this one.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.crawls = Crawls(house, self._go_on)
        self.stopping = Event()
        self._scheduler = BackgroundScheduler(job_defaults=JOBS, timezone="UTC")
        self.reloading = False
        self._asked_to_reload = False
        self.release = Guarded(self.release_due)
        self.operator = Operator(house, lambda: self.release.trouble)
        self.sending = Sending(house)
        self._looking = OpenStore(house)
        self.lookout = Lookout(house)

    def run(self) -> bool:
        """Work until SIGTERM, SIGINT, or SIGHUP with settings that can be used; whether all steps ended in time.

        StemwatchError when the folder has a sender already.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        signal.signal(signal.SIGHUP, lambda *_: self.ask_to_reload())
        check_written_channels(self.house)
        with self.house.lock(LOCK, busy=BUSY), self.house.store() as store:
            store.rejudge()
            store.release_leases()
            with server_of(self.house) as server:
                logger.info("The site answers at http://%s:%s", server.host, server.port)
                ended = self._work()
        logger.info("Stopped" if ended else "Stopped in the middle of a step, which will be done again")
        return ended

    def _work(self) -> bool:
        self._schedule()
        self._scheduler.start()
        logger.info("Started: %s sources, %s subscriptions", *self._sizes())
        # A wait without end is not woken by a signal that the system hands to another thread.
        notify(self.house.environ, READY)
        while not self.stopping.wait(WAKE_EVERY_S):
            notify(self.house.environ, ALIVE)
            if self._asked_to_reload:
                self._reload()
        if not self.reloading:
            notify(self.house.environ, STOPPING)
        return self._end()

    def stop(self) -> None:
        self.stopping.set()

    def ask_to_reload(self) -> None:
        self._asked_to_reload = True

    def _reload(self) -> None:
        """Stop, to begin again with the settings of today; go on with the old ones if those cannot be used."""
        self._asked_to_reload = False
        try:
            check_written_channels(open_house(self.house.environ))
        except StemwatchError as error:
            logger.error("The settings stay as they were: %s", error)  # noqa: TRY400 - the sentence is the message
            return
        logger.info("The settings are read anew")
        self.reloading = True
        self.stop()

    def _sizes(self) -> tuple[int, int]:
        return len(self.house.every), len(self.house.config.subscriptions)

    def _schedule(self) -> None:
        """Jobs that look at the tables, each in a thread of its own: who is due, what is owed, what to release,
        what to back up.

        A look that was missed, or takes long, is made up for by one: the tables say what there is to do.
        """
        steps = (
            (CRAWLS, Guarded(self.crawl_due), INBOX_EVERY_S),
            (DELIVERIES, Guarded(self.send_due), LOOK_EVERY_S),
            ("releases", self.release, RELEASE_EVERY_S),
            ("upkeep", Guarded(self.keep_up), UPKEEP_EVERY_S),
        )
        now = datetime.now(UTC)
        for name, step, seconds in steps:
            self._scheduler.add_executor(ThreadPoolExecutor(1), name)
            self._scheduler.add_job(step, "interval", seconds=seconds, id=name, executor=name, next_run_time=now)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def _go_on(self) -> None:
        """A crawl is over: what it brought is told, and its host is free for another."""
        for step in (DELIVERIES, CRAWLS):
            self._look(step, timedelta())

    def _look(self, step: str, after: timedelta) -> None:
        """Do not wait for the step's next turn."""
        with suppress(JobLookupError):  # the service is stopping
            self._scheduler.modify_job(step, next_run_time=datetime.now(UTC) + after)

    def _end(self) -> bool:
        """Hand crawls back, let deliveries under way finish; False when something takes too long."""
        end = monotonic() + STOP_WITHIN_S
        self.crawls.stop()
        waiting = Thread(target=self._scheduler.shutdown, daemon=True)
        waiting.start()
        waiting.join(STOP_WITHIN_S)
        return self.crawls.wait(max(end - monotonic(), 0)) and not waiting.is_alive()

    def crawl_due(self) -> None:
        """Apply what lies in the inbox, then begin to crawl what is due, and be there when the next falls due."""
        with self._looking as store:
            for outcome in jobs.apply_inbox(self.house, store):
                if isinstance(outcome, StemwatchError):
                    logger.error("%s", outcome)
                    continue
                told = {"run": outcome.run, "source": outcome.source, "verdict": outcome.verdict}
                logger.info("Applied from the inbox: %s", outcome, extra=told)
            due = self.crawls.begin_due(store)
        if due and (wait := due - self.house.clock.now()) < timedelta(seconds=INBOX_EVERY_S):
            self._look(CRAWLS, wait)
        self.crawls.workers.tidy()

    def send_due(self) -> None:
        """Match what is new and send what is due."""
        if not self.lookout.news():
            return
        with self.house.store() as store:
            for view in self.sending.deliver(store, self.stopping.is_set):
                told = {"delivery": view.delivery, "subscription": view.subscription, "outcome": view.outcome}
                said = (view.delivery, view.subscription, view.outcome, view.error)
                logger.info("Delivery %s to %s: %s %s", *said, extra=told)
            self.operator.look(store)

    def release_due(self) -> None:
        """Write the day's release when a day before it brought changes."""
        with self.house.store() as store:
            write_if_due(self.house, store, self.crawls.workers)

    def keep_up(self) -> None:
        """Back up and tidy up."""
        with self.house.store() as store:
            keep_up(self.house, store)


def begin_again() -> None:
    """Let a new service take the place of this process, under its number: what a thread still does is given up."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - it is this very program
