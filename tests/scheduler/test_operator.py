"""The operator is told of each trouble once, of its end once, and nothing twice over a restart."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest

from scheduler.clock import Clock
from scheduler.house import House
from scheduler.operator import LISTED, Operator, given_up, unhealthy
from stemwatch.config import Config, OperatorSettings, Subscription
from stemwatch.deliveries import Owed, Settled
from stemwatch.store import Store
from stemwatch.store.reports import Failed
from tests.notify.samples import source
from tests.scheduler.conftest import SECOND, house_of

EVERY = timedelta(hours=6)
NOW = datetime.fromisoformat(SECOND)
HOUR = timedelta(hours=1)
BAD = "json://127.0.0.1:9/CANARY"


def house_at(home: Path, now: datetime, heartbeat: time | None = None, *written: Subscription) -> House:
    operator = OperatorSettings(channel=BAD, heartbeat=heartbeat)
    config = msgspec.structs.replace(Config(), operator=operator, subscriptions=written)
    return replace(house_of(home), config=config, clock=Clock(now))


def told(home: Path, now: datetime, heartbeat: time | None = None, *written: Subscription) -> list[str]:
    """What an operator who was just started says: the lines of its new messages."""
    house = house_at(home, now, heartbeat, *written)
    with house.store() as store:
        before = len(list(store.deliveries(subscription="operator")))
        Operator(house).look(store)
        new = len(list(store.deliveries(subscription="operator"))) - before
        rows = store.db.execute("SELECT lines FROM reports ORDER BY id DESC LIMIT ?", [new]).fetchall()
    return [line for (lines,) in reversed(rows) for line in msgspec.json.decode(lines)]


def alter(home: Path, sql: str, *values: object) -> None:
    with house_of(home).store() as store:
        store.db.execute(sql, values)


def owe(store: Store, name: str, at: datetime) -> None:
    change = store.unmatched()[0].change
    debt = Owed(subscription=name, change=change, identity=f"change:{change}", kind="at_once", due_at=at)
    store.enqueue([debt], [change], at)


def test_where_all_is_well_nothing_is_said(filled: Path) -> None:
    assert told(filled, NOW - timedelta(days=7) + HOUR) == []


def test_a_source_that_stays_unhealthy_is_told_once_and_its_recovery_once(filled: Path) -> None:
    now = NOW - timedelta(days=7) + HOUR
    sick = "UPDATE sources SET verdict = ?, reason = 'The site answered 403.', last_ok_at = '2025-01-20T00:00:00Z'"
    alter(filled, sick, "blocked")
    (line,) = told(filled, now)
    assert line.startswith("us_fda_warning_letters is blocked and was not read whole since 2025-01-20 00:00 UTC.")
    assert told(filled, now + HOUR) == []
    alter(filled, "UPDATE sources SET verdict = 'ok', last_ok_at = last_started_at")
    (line,) = told(filled, now + 2 * HOUR)
    assert line.startswith("Over: us_fda_warning_letters is blocked")
    assert told(filled, now + 3 * HOUR) == []


def test_a_single_failure_within_the_period_is_not_told() -> None:
    view = source(verdict="blocked", last_ok_at=NOW - EVERY, due_at=NOW)
    assert unhealthy(view, EVERY, NOW) == ""
    assert "is blocked" in unhealthy(view, EVERY, NOW + 2 * EVERY)
    assert unhealthy(source(verdict=None, last_ok_at=None), EVERY, NOW) == ""


def test_a_source_that_nobody_looks_at_is_told() -> None:
    assert "was not looked at" in unhealthy(source(due_at=NOW), EVERY, NOW + 2 * EVERY)


def test_an_alert_that_is_owed_for_an_hour_is_an_alarm(moved: Path) -> None:
    with house_of(moved).store() as store:
        owe(store, "press", NOW)
    assert told(moved, NOW + 59 * HOUR / 60) == []
    (line,) = told(moved, NOW + HOUR)
    assert line.startswith("Messages to 'press' are late: 1,")
    assert told(moved, NOW + 2 * HOUR) == []


def test_what_was_given_up_and_a_disabled_channel_are_told_once(moved: Path) -> None:
    with house_of(moved).store() as store:
        owe(store, "press", NOW)
        (delivery,) = store.claim(now=NOW, lease_until=NOW + HOUR)
        gone = "The receiver answered 410 Gone."
        dead = Settled(
            delivery=delivery.id, subscription="press", outcome="dead", at=NOW, error=gone, refused=True
        )
        store.settle([dead])
    lines = told(moved, NOW + HOUR)
    assert [line.partition(":")[0] for line in lines] == [
        "The channel of 'press' is disabled",
        "Delivery 1 to 'press' was given up",
    ]
    assert all("410" in line for line in lines)
    assert told(moved, NOW + 2 * HOUR) == []
    with house_of(moved).store() as store:
        store.enable("press")
    (line,) = told(moved, NOW + 3 * HOUR)
    assert line.startswith("Over: The channel of 'press' is disabled")


def test_a_subscription_whose_rule_is_gone_is_told(filled: Path) -> None:
    now = NOW - timedelta(days=7) + HOUR
    (line,) = told(filled, now, None, Subscription(name="press", channel=BAD, rule="knees"))
    assert "'press' names the unknown rule 'knees'" in line


def test_a_heartbeat_comes_once_a_day(filled: Path) -> None:
    morning = datetime.fromisoformat("2025-01-21T17:00:00+00:00")
    assert told(filled, morning, time(8))[0].startswith("1 of ")
    assert told(filled, morning + HOUR, time(8)) == []
    assert told(filled, morning + timedelta(hours=16), time(8))[-3].startswith("1 of ")


def test_a_clock_that_jumped_is_told(filled: Path) -> None:
    now = NOW - timedelta(days=7) + HOUR
    operator = Operator(house_at(filled, now))
    with operator.house.store() as store:
        operator.look(store)
        operator.house = house_at(filled, now + timedelta(minutes=50))
        assert operator._looked is not None
        operator._looked = operator._looked[0], operator._looked[1] - 60
        operator.look(store)
        (lines,) = store.db.execute("SELECT lines FROM reports").fetchone()
    assert "The clock jumped forward by 49 minutes" in lines


def test_many_failures_are_counted_and_none_is_left_out_silently() -> None:
    lines = given_up([Failed(number, "press", "Refused.") for number in range(LISTED + 5)])
    assert len(lines) == LISTED + 1
    assert lines[-1].startswith("And 5 more")


@pytest.mark.parametrize("text", ["heartbeat = 08:00:00", 'channel = "json://x"\ntime_zone = "Mars"'])
def test_settings_of_the_operator_are_read_strictly(run: object, settings: object, text: str) -> None:
    settings(f"[operator]\n{text}")  # type: ignore[operator]
    assert "[operator]" in run("sources").sentence  # type: ignore[operator]
