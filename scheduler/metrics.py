"""What monitoring asks of the service: figures for Prometheus, and whether it can work.

Counters are read from the tables, so they go on where they were after a restart.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from scheduler import backup
from scheduler.crawling import INBOX
from scheduler.house import House
from stemwatch import __version__
from stemwatch.bundle import SUFFIX
from stemwatch.errors import StemwatchError
from stemwatch.store import Store
from stemwatch.store.counting import Tally, Waiting
from stemwatch.store.store import DATABASE
from stemwatch.views import SourceView

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of what `metrics` returns."""


class Probes:
    """The answers to a monitor of one house; any thread may ask. Each has a registry of its own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._registry = CollectorRegistry()
        self._registry.register(_Figures(house))
        ProcessCollector(registry=self._registry)

    def metrics(self) -> bytes:
        """All figures in Prometheus's text format. A store that cannot be read is a figure, too."""
        return generate_latest(self._registry)

    def ready(self) -> tuple[bool, str]:
        """Whether the data folder can be worked on, and a sentence for anybody to read."""
        try:
            with self.house.store():
                writable = os.access(self.house.home, os.W_OK)
        except StemwatchError:
            writable = False
        if not writable:
            return False, "The data folder cannot be used: `stemwatch doctor` says why."
        return True, "Ready."


class _Figures(Collector):
    def __init__(self, house: House) -> None:
        self.house = house
        self._tally = Tally()
        self._lock = Lock()

    def describe(self) -> list[Metric]:
        """Nothing: a registry need not look at the store to learn our names."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield _gauge("build_info", "What runs.", {(__version__,): 1}, "version")
        found: list[Metric] = []
        try:
            with self._lock, self.house.store() as store:
                found.extend(self._of(store))
        except StemwatchError:
            yield _plain("store_readable", "Whether the database could be read.", 0)
            return
        yield _plain("store_readable", "Whether the database could be read.", 1)
        yield from found
        yield from self._of_folder()

    def _of(self, store: Store) -> Iterator[Metric]:
        now = self.house.clock.now()
        with store.snapshot():
            self._tally.update(store.db)
            waiting = store.waiting(now)
            views = store.source_views(self.house.every)
        yield from _of_the_past(self._tally)
        every = self.house.every
        yield from _of_sources([view for view in views if view.source in every])
        periods = {(name,): cadence.every.total_seconds() for name, cadence in every.items()}
        yield _gauge("source_period_seconds", "How often a source is to be read.", periods, "source")
        yield from _of_queues(waiting, now)

    def _of_folder(self) -> Iterator[Metric]:
        home = self.house.home
        bundles = sum(1 for _ in (home / INBOX).glob(f"*{SUFFIX}"))
        yield _plain("inbox_bundles", "Crawls that wait to be applied.", bundles)
        yield _plain("free_bytes", "Room on the disk of the data folder.", shutil.disk_usage(home).free)
        yield _plain("database_bytes", "Size of the database.", (home / DATABASE).stat().st_size)
        folder = self.house.config.backup.folder
        if folder and (newest := backup.newest(Path(folder))):
            made = backup.made_at(newest).timestamp()
            yield _plain("backup_last_timestamp_seconds", "When the newest backup was made.", made)


def _of_the_past(tally: Tally) -> Iterator[Metric]:
    outcomes = {(outcome,): tally.deliveries[outcome] for outcome in ("sent", "failed", "withdrawn")}
    yield _filled(CounterMetricFamily, "runs", "Crawls that were applied.", tally.runs, "source", "verdict")
    yield _filled(CounterMetricFamily, "changes", "Changes that were found.", tally.changes, "verb", "cause")
    yield _filled(CounterMetricFamily, "deliveries", "Deliveries that are over.", outcomes, "outcome")


def _of_sources(views: Sequence[SourceView]) -> Iterator[Metric]:
    ok = {(view.source,): view.last_ok_at.timestamp() for view in views if view.last_ok_at}
    verdicts = {(view.source, view.verdict): 1 for view in views if view.verdict}
    sizes = {(view.source,): view.notices for view in views}
    yield _gauge("source_last_ok_timestamp_seconds", "When a source was last read whole.", ok, "source")
    yield _gauge("source_verdict", "The verdict of its last run.", verdicts, "source", "verdict")
    yield _gauge("source_notices", "Notices of it that are stored.", sizes, "source")


def _of_queues(waiting: Waiting, now: datetime) -> Iterator[Metric]:
    late = (now - waiting.overdue_since).total_seconds() if waiting.overdue_since else 0
    yield _plain("deliveries_waiting", "Deliveries that are owed.", waiting.deliveries)
    yield _plain("deliveries_oldest_due_seconds", "For how long the oldest of them has been due.", late)
    yield _plain("changes_unmatched", "Changes that no rule has looked at.", waiting.unmatched)
    yield _plain("channels_disabled", "Channels that refused too often.", waiting.channels_disabled)


def _plain(name: str, said: str, value: float) -> Metric:
    return _gauge(name, said, {(): value})


def _gauge(name: str, said: str, values: Mapping[Any, float], *labels: str) -> Metric:
    return _filled(GaugeMetricFamily, name, said, values, *labels)


def _filled(
    kind: type[GaugeMetricFamily | CounterMetricFamily],
    name: str,
    said: str,
    values: Mapping[Any, float],
    *labels: str,
) -> Metric:
    """A metric with one sample for each of `values`, whose keys are the values of `labels`."""
    family = kind(f"stemwatch_{name}", said, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
