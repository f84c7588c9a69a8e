"""Matching and sending for one house: whoever holds its lock `deliver` is its only sender."""

from collections.abc import Callable, Iterator

from notify.audience import Audience
from notify.channels import Transport
from notify.dispatch import DeliveryView, Dispatcher
from notify.lanes import Lanes
from notify.matching import Matcher
from notify.slack_hook import BASE
from scheduler.house import House
from scheduler.subscribers import keep_links, pages_of, receivers, subscribers
from stemwatch.store import Store

LOCK = "deliver"
BUSY = "Another process is delivering from this data folder: wait for it, or stop it."


def transport_of(house: House) -> Transport:
    return Transport(slack=house.environ.get("STEMWATCH_SLACK_BASE") or BASE)


class Sending:
    """One pass after another over what is owed. Who is told is read anew when that has changed, and only then.

    `transport` takes the messages in Apprise's place.
    """

    def __init__(self, house: House, transport: Transport | None = None) -> None:
        self._house = house
        settings = house.config.delivery
        self._lanes = Lanes(settings.per_host, settings.per_host_per_second)
        self._transport = transport or transport_of(house)
        self._audience = Audience((), {}, {})
        self._state: str | None = None

    def deliver(self, store: Store, stopping: Callable[[], bool] = lambda: False) -> Iterator[DeliveryView]:
        """Match what no rule has seen, then send what is due."""
        house = self._house
        store.tidy(house.clock.now())
        audience = self._of(store)
        keep_links(house, store, audience.subscriptions)
        Matcher(store, audience, house.clock.now).match()
        dispatcher = Dispatcher(
            store,
            receivers(house, store, audience.subscriptions),
            house.environ,
            house.clock.now,
            lambda: tuple(store.source_views(house.every)),
            self._transport,
            lanes=self._lanes,
            at_a_time=house.config.delivery.at_a_time,
            pages=pages_of(house, store),
        )
        return dispatcher.deliver(stopping)

    def _of(self, store: Store) -> Audience:
        """Everybody who is told by now."""
        state = store.kept_state()
        if state != self._state:
            house = self._house
            self._audience = Audience(subscribers(house, store), house.config.rules, house.environ)
            self._state = state
        return self._audience


def deliver_due(house: House, store: Store, *, transport: Transport | None = None) -> Iterator[DeliveryView]:
    """One pass by itself."""
    return Sending(house, transport).deliver(store)
