"""When the service looks for something to send."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler import lookout
from scheduler.clock import Clock
from scheduler.house import House
from scheduler.lookout import Lookout
from scheduler.subscribers import keyring_of
from spiders.registry import sources
from stemwatch.config import Config
from stemwatch.deliveries import Owed
from stemwatch.subscriptions import Subscription

NOON = datetime(2025, 9, 30, 12, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, Config(), Clock(NOON), {}, sources())


def owe(house: House, due_at: datetime) -> None:
    window = Owed(subscription="s", change=0, identity=due_at.isoformat(), kind="daily", due_at=due_at, lane="l")
    with house.store() as store:
        store.owe_windows([window], {}, NOON)


def subscribe(house: House) -> None:
    with house.store() as store:
        channel = "json://127.0.0.1:9/x"
        store.keep([Subscription(name="s", channel=channel)], keyring_of(house), NOON)


def test_a_service_looks_once_and_then_not_until_there_is_something_new(house: House) -> None:
    watching = Lookout(house)
    assert [watching.news() for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize("write", [lambda house: owe(house, NOON + timedelta(days=1)), subscribe])
def test_whatever_another_connection_writes_is_looked_at_once(
    house: House, write: Callable[[House], None]
) -> None:
    watching = Lookout(house)
    watching.news()
    write(house)
    assert [watching.news() for _ in range(2)] == [True, False]


def test_what_has_fallen_due_is_looked_at_until_it_is_sent(house: House) -> None:
    owe(house, NOON)
    watching = Lookout(house)
    assert [watching.news() for _ in range(3)] == [True, True, True]


def test_time_alone_is_reason_enough(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "PATIENCE_S", 0.0)
    watching = Lookout(house)
    assert watching.news()
    assert watching.news()
