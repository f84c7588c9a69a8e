"""The time is the machine's, or one that a replay starts from."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.clock import Clock, clock_from
from stemwatch.errors import UsageError
from tests.scheduler.conftest import until

LITTLE = timedelta(seconds=30)


def test_without_a_setting_it_is_the_machines_time_in_utc() -> None:
    for environ in ({}, {"STEMWATCH_NOW": ""}, {"STEMWATCH_NOW": "  "}):
        now = clock_from(environ).now()
        assert now.utcoffset() == timedelta()
        assert abs(now - datetime.now(UTC)) < LITTLE


def test_a_replay_begins_at_its_start_and_runs_on() -> None:
    start = datetime(2025, 1, 28, 16, tzinfo=UTC)
    clock = Clock(start)
    first, second = clock.now(), clock.now()
    assert start <= first <= second < start + LITTLE
    until(lambda: clock.now() > second)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2025-01-28T16:00Z", 16), ("2025-01-28T16:00", 16), ("2025-01-28T11:00-05:00", 16), ("2025-01-28", 0)],
)
def test_a_time_is_taken_in_its_zone_and_without_one_as_utc(text: str, hour: int) -> None:
    start = datetime(2025, 1, 28, hour, tzinfo=UTC)
    now = clock_from({"STEMWATCH_NOW": f" {text} "}).now()
    assert start <= now < start + LITTLE
    assert now.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "text",
    [
        *("yesterday", "28.01.2025", "2025-13-01", "2025-02-29", "1738080000", "2025-01-28T25:00", "🕓"),
        *("0001-01-01T00:00+05:00", "9999-12-31T23:59-05:00"),  # before the first and after the last UTC year
    ],
)
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"STEMWATCH_NOW is .*which is no ISO 8601 time") as refused:
        clock_from({"STEMWATCH_NOW": text})
    assert text in str(refused.value)
