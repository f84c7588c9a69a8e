"""One installation that watches the stand-in: what benchmarks and tests drive day by day."""

from datetime import datetime
from pathlib import Path

from bench.replica import Replica
from notify.dispatch import DeliveryView
from scheduler.clock import Clock
from scheduler.crawling import Options
from scheduler.delivering import deliver_due
from scheduler.house import House
from scheduler.jobs import crawl_and_apply
from scheduler.workers import Workers
from spiders.registry import sources
from stemwatch.config import Config, CrawlSettings, Subscription
from stemwatch.views import ChangeView, RunView

SOURCE = "us_fda_warning_letters"


class Watcher:
    """A data folder, one subscription to everything relevant, and a clock that is set day by day.

    `workers` crawl for several watchers, or each crawl has a process of its own.
    """

    def __init__(
        self,
        home: Path,
        replica: Replica,
        *,
        timeout_seconds: float = 60.0,
        memory_mib: int = 1024,
        workers: Workers | None = None,
    ) -> None:
        self._workers = workers
        subscription = Subscription(name="advocates", channel=replica.sink_url("advocates"))
        self._config = Config(
            subscriptions=(subscription,),
            crawl=CrawlSettings(timeout_seconds=timeout_seconds, memory_mib=memory_mib),
        )
        self._environ = {"STEMWATCH_MIRROR": replica.url}
        self._home = home
        self.set(replica.get("/_replica/state")["as_of"])

    def set(self, day: str) -> None:
        """Noon of `day`."""
        clock = Clock(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        self.house = House(self._home, self._config, clock, self._environ, sources())

    def crawl(
        self, source: str = SOURCE, *, recheck: bool = False, backfill: bool = False, details: int | None = None
    ) -> RunView:
        with self.house.store() as store:
            options = Options(recheck=recheck, backfill=backfill, details=details)
            return crawl_and_apply(self.house, store, source, options, lambda told: None, self._workers)

    def deliver(self) -> list[DeliveryView]:
        with self.house.store() as store:
            return list(deliver_due(self.house, store))

    def changes(self, since: int = 0) -> list[ChangeView]:
        with self.house.store() as store:
            return [change for change in store.changes(since=since) if change.verb != "baseline"]
