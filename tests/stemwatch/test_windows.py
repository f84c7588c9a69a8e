"""The days of a digest follow each other without gap or overlap."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stemwatch.config import Subscription
from stemwatch.windows import digest_window

ZONES = (
    *("UTC", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("Pacific/Apia", "America/Sao_Paulo", "Africa/Casablanca", "America/St_Johns", "Pacific/Chatham"),
)
# A round second of the years in which the zone's rules are known.
moments = st.datetimes(
    min_value=datetime(2000, 1, 2),  # noqa: DTZ001 - hypothesis wants it naive and adds the zone
    max_value=datetime(2037, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
hours = st.times().map(lambda at: at.replace(microsecond=0))
zones = st.sampled_from(ZONES)


def press(**settings: Any) -> Subscription:
    return Subscription(name="press", channel="json://127.0.0.1", **settings)


def daily(zone: str, at: time) -> Subscription:
    return press(send="daily", time_zone=zone, at=at)


def utc(window: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    return window[0].astimezone(UTC), window[1].astimezone(UTC)


@given(moments, zones, hours)
@example(datetime(2011, 12, 30, 17, tzinfo=UTC), "Pacific/Apia", time(8))  # a day that Samoa left out
@example(datetime(2025, 3, 9, 7, 30, tzinfo=UTC), "America/New_York", time(2, 30))  # an hour left out
@example(datetime(2025, 11, 2, 6, 30, tzinfo=UTC), "America/New_York", time(1, 30))  # an hour that comes twice
@example(datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC), "UTC", time(8))  # a leap day
def test_a_window_holds_the_moment_it_was_asked_for(now: datetime, zone: str, at: time) -> None:
    start, end = utc(digest_window(now, daily(zone, at)))
    assert start <= now < end


@given(moments, zones, hours)
@example(datetime(2025, 3, 9, 12, tzinfo=UTC), "America/New_York", time(2, 30))
@example(datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "Europe/Berlin", time(2, 30))
@example(datetime(2024, 2, 28, 12, tzinfo=UTC), "Asia/Tokyo", time(0))
def test_windows_follow_each_other_without_gap_or_overlap(now: datetime, zone: str, at: time) -> None:
    subscription = daily(zone, at)
    start, end = utc(digest_window(now, subscription))
    assert utc(digest_window(end, subscription))[0] == end
    second_before = timedelta(seconds=1)
    assert utc(digest_window(start - second_before, subscription))[1] == start
    assert utc(digest_window(end - second_before, subscription)) == (start, end)
    assert utc(digest_window(start, subscription)) == (start, end)


@given(moments, zones, hours)
def test_a_window_ends_at_the_hour_of_its_zone_unless_the_clock_skips_it(
    now: datetime, zone: str, at: time
) -> None:
    for border in digest_window(now, daily(zone, at)):
        instant = border.astimezone(UTC)
        skipped = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != border.replace(tzinfo=None)
        assert border.time() == at
        if skipped:  # then there was no such time on that day
            again = border.replace(fold=1).astimezone(UTC)
            assert again < instant


@pytest.mark.parametrize(
    ("day", "length"),
    [("2025-03-08", 23), ("2025-03-09", 24), ("2025-11-01", 25), ("2025-11-02", 24), ("2024-02-29", 24)],
)
def test_a_day_of_the_clock_change_is_an_hour_shorter_or_longer(day: str, length: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZoneInfo("America/New_York"))
    start, end = utc(digest_window(noon, daily("America/New_York", time(8))))
    assert end - start == timedelta(hours=length)
    assert end.astimezone(ZoneInfo("America/New_York")).time() == time(8)
