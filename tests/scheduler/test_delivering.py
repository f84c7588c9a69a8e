"""One pass after another: what is read of the subscribers stands until they change, and no longer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.delivering import Sending
from scheduler.house import House
from scheduler.subscribers import keyring_of
from stemwatch.store import Store
from stemwatch.subscriptions import Subscription
from tests.notify.conftest import HttpSink
from tests.scheduler.conftest import SECOND, house_of


@pytest.fixture
def house(moved: Path) -> House:
    """A house with news that nobody was told."""
    return house_of(moved, SECOND)


@pytest.fixture
def store(house: House) -> Iterator[Store]:
    with house.store() as store:
        yield store


def keep(house: House, store: Store, channel: str, name: str = "a", **other: Any) -> None:
    """Subscribe, or subscribe otherwise under the same name."""
    subscription = Subscription(name=name, channel=channel, **other)
    store.keep([subscription], keyring_of(house), house.clock.now(), replace=True)


def told(sending: Sending, store: Store) -> set[str]:
    """Who is told the news of the second day, which are news once more."""
    store.db.execute("UPDATE changes SET matched_at = NULL WHERE verb = 'added'")
    return {view.subscription for view in sending.deliver(store)}


def test_who_subscribed_a_moment_ago_is_told_by_the_next_pass(house: House, store: Store, sink: HttpSink) -> None:
    sending = Sending(house)
    keep(house, store, sink.url(), paused=True)
    assert told(sending, store) == set()
    keep(house, store, sink.url(), "b")
    assert told(sending, store) == {"b"}
    keep(house, store, sink.url())
    assert told(sending, store) == {"a"}


CHANGES: dict[str, Callable[[House, Store, str], None]] = {
    "another channel": lambda house, store, url: keep(house, store, url + "2"),
    "other settings": lambda house, store, url: store.change_subscription(
        Subscription(name="a", channel=url, paused=True)
    ),
    "another name": lambda house, store, url: keep(house, store, url, "b"),
    "removed": lambda house, store, url: store.remove_subscription("a", house.clock.now()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_of_a_subscription_another_connection_sees_at_once(
    house: House, store: Store, sink: HttpSink, change: Callable[[House, Store, str], None]
) -> None:
    keep(house, store, sink.url())
    with house.store() as other:
        before = other.kept_state()
        assert other.kept_state() == before
        change(house, store, sink.url())
        assert other.kept_state() != before
