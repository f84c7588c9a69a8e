"""Matching and sending for one house: whoever holds its lock `deliver` is its only sender."""

from collections.abc import Callable, Iterator

from notify.channels import Transport
from notify.dispatch import DeliveryView, Dispatcher, match
from notify.slack_hook import BASE
from scheduler.house import House
from stemwatch.store import Store

LOCK = "deliver"
BUSY = "Another process is delivering from this data folder: wait for it, or stop it."


def deliver_due(
    house: House,
    store: Store,
    *,
    stopping: Callable[[], bool] = lambda: False,
    transport: Transport | None = None,
) -> Iterator[DeliveryView]:
    """Match what no rule has seen, then send what is due. `transport` takes the messages in Apprise's place."""
    subscriptions, clock = house.config.subscriptions, house.clock.now
    match(store, subscriptions, clock)
    dispatcher = Dispatcher(
        store,
        subscriptions,
        house.environ,
        clock,
        lambda: tuple(store.source_views(house.every)),
        transport or Transport(slack=house.environ.get("STEMWATCH_SLACK_BASE") or BASE),
    )
    return dispatcher.deliver(stopping)
