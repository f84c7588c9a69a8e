"""Matching and sending for one house: whoever holds its lock `deliver` is its only sender."""

from collections.abc import Callable, Iterator

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


def lanes_of(house: House) -> Lanes:
    settings = house.config.delivery
    return Lanes(settings.per_host, settings.per_host_per_second)


def transport_of(house: House) -> Transport:
    return Transport(slack=house.environ.get("STEMWATCH_SLACK_BASE") or BASE)


def deliver_due(
    house: House,
    store: Store,
    *,
    stopping: Callable[[], bool] = lambda: False,
    transport: Transport | None = None,
    lanes: Lanes | None = None,
) -> Iterator[DeliveryView]:
    """Match what no rule has seen, then send what is due. `transport` takes the messages in Apprise's place."""
    store.tidy(house.clock.now())
    everybody = subscribers(house, store)
    keep_links(house, store, everybody)
    Matcher(store, everybody, house.config.rules, house.environ, house.clock.now).match()
    dispatcher = Dispatcher(
        store,
        receivers(house, store, everybody),
        house.environ,
        house.clock.now,
        lambda: tuple(store.source_views(house.every)),
        transport or transport_of(house),
        lanes=lanes or lanes_of(house),
        at_a_time=house.config.delivery.at_a_time,
        pages=pages_of(house, store),
    )
    return dispatcher.deliver(stopping)
