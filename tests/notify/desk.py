"""A sender over a real store: runs go in, a set clock moves, what became of each delivery comes out."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from notify.audience import Audience
from notify.channels import Transport
from notify.dispatch import DeliveryView, Dispatcher
from notify.matching import Matcher
from notify.slack_hook import BASE
from stemwatch.cadence import Cadence
from stemwatch.config import Subscription
from stemwatch.records import Listed, Page
from stemwatch.rules import Rule
from tests.store import builders
from tests.store.builders import World, changed, letter

EVERY = Cadence(timedelta(hours=6))
ABOUT = "Unapproved exosome products"
KIMERA = changed(builders.KIMERA, subject=ABOUT)
SURGENEX = changed(builders.SURGENEX, subject=ABOUT)
CHARA = changed(builders.CHARA, subject=ABOUT)
UNRELATED = letter(
    "salt-city-baking-company-llc-689956-11142024",
    "Salt City Baking Company, LLC",
    office="Division of Human and Animal Food Operations East VI",
    subject="CGMP/Food/Prepared, Packed or Held Under Insanitary Conditions",
)


class Desk:
    """The sender of a data folder. `now` is its clock, at first that of the world, `limit` the seconds that a send
    may take.
    """

    def __init__(
        self,
        world: World,
        *subscriptions: Subscription,
        now: datetime | None = None,
        limit: float = 4.0,
        at_a_time: int = 8,
    ) -> None:
        self.world = world
        self.subscriptions = subscriptions
        self.rules: dict[str, Rule] = {}
        self.now = now or world.now
        self.limit = limit
        self.slack = BASE
        self.at_a_time = at_a_time

    def dispatcher(self, environ: Mapping[str, str] | None = None) -> Dispatcher:
        return Dispatcher(
            self.world.store,
            self.subscriptions,
            environ or {},
            lambda: self.now,
            lambda: tuple(self.world.store.source_views(dict.fromkeys(self.world.store.sources, EVERY))),
            Transport(silence=2.0, limit=self.limit, slack=self.slack),
            at_a_time=self.at_a_time,
        )

    def run(self, rows: Sequence[Listed], *records: Page) -> None:
        """A run that looks at the list just now."""
        self.world.run(rows, *records, started_at=self.now, finished_at=self.now)

    def match(self) -> int:
        return Matcher(self.world.store, Audience(self.subscriptions, self.rules, {}), lambda: self.now).match()

    def deliver(self, after: timedelta = timedelta()) -> list[DeliveryView]:
        """Match and send what is due, some time later."""
        self.now += after
        self.match()
        return list(self.dispatcher().deliver())

    def outcomes(self, after: timedelta = timedelta()) -> list[str]:
        return [view.outcome for view in self.deliver(after)]

    def rows(self, columns: str) -> list[tuple[Any, ...]]:
        """These columns of every delivery."""
        return list(self.world.store.db.execute(f"SELECT {columns} FROM deliveries ORDER BY id").fetchall())


def subscription(name: str = "press", channel: str = "json://127.0.0.1:9", **settings: Any) -> Subscription:
    return Subscription(name=name, channel=channel, **settings)
