"""Days and weeks follow each other without gap or overlap in every zone there is, and quiet hours are quiet."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from stemwatch.subscriptions import Quiet, Subscription
from stemwatch.windows import SECOND, digest_window, released, windows_ended
from stemwatch.words import WEEKDAYS

# A round second of the years in which the rules of the zones are known.
moments = st.datetimes(
    min_value=datetime(1995, 1, 2),  # noqa: DTZ001 - hypothesis wants it naive and adds the zone
    max_value=datetime(2037, 12, 20),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
hours = st.times().map(lambda at: at.replace(microsecond=0))
zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))
sendings = st.sampled_from([{"send": "daily"}, *({"send": "weekly", "weekday": day} for day in WEEKDAYS)])
SAMOA = "Pacific/Apia"
NEW_YORK = "America/New_York"


def digest(zone: str, at: time, **settings: Any) -> Subscription:
    return Subscription(name="press", channel="json://127.0.0.1", time_zone=zone, at=at, **settings)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(moments, zones, hours, sendings)
@example(utc("2011-12-30T17:00"), SAMOA, time(8), {"send": "daily"})  # a day that Samoa left out
@example(utc("2011-12-30T17:00"), SAMOA, time(8), {"send": "weekly", "weekday": "friday"})
@example(utc("2025-03-09T07:30"), NEW_YORK, time(2, 30), {"send": "daily"})  # an hour left out
@example(utc("2025-11-02T06:30"), NEW_YORK, time(1, 30), {"send": "daily"})  # an hour that comes twice
@example(utc("2024-02-29T23:59:59"), "UTC", time(8), {"send": "daily"})  # a leap day
@example(utc("2025-10-26T00:30"), "Europe/Berlin", time(2, 30), {"send": "weekly", "weekday": "sunday"})
def test_windows_hold_their_moment_and_follow_each_other_without_gap_or_overlap(
    now: datetime, zone: str, at: time, sending: dict[str, Any]
) -> None:
    subscription = digest(zone, at, **sending)
    start, end = digest_window(now, subscription)
    assert start <= now < end
    assert digest_window(end, subscription)[0] == end
    assert digest_window(start - SECOND, subscription)[1] == start
    assert digest_window(end - SECOND, subscription) == digest_window(start, subscription) == (start, end)


@given(moments, zones, hours, sendings)
def test_a_window_ends_at_its_hour_on_its_day_unless_the_clock_skips_it(
    now: datetime, zone: str, at: time, sending: dict[str, Any]
) -> None:
    end = digest_window(now, digest(zone, at, **sending))[1]
    local = end.astimezone(ZoneInfo(zone))
    if local.utcoffset() == (end - timedelta(days=1)).astimezone(ZoneInfo(zone)).utcoffset():
        assert local.time() == at
        assert sending["send"] == "daily" or WEEKDAYS[local.weekday()] == sending["weekday"]


@pytest.mark.parametrize(
    ("day", "length"),
    [("2025-03-08", 23), ("2025-03-09", 24), ("2025-11-01", 25), ("2025-11-02", 24), ("2024-02-29", 24)],
)
def test_a_day_of_the_clock_change_is_an_hour_shorter_or_longer(day: str, length: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZoneInfo(NEW_YORK))
    start, end = digest_window(noon, digest(NEW_YORK, time(8), send="daily"))
    assert end - start == timedelta(hours=length)
    assert end.astimezone(ZoneInfo(NEW_YORK)).time() == time(8)


@given(moments, zones, hours, sendings, st.integers(0, 30))
def test_the_windows_that_ended_are_all_those_in_between(
    since: datetime, zone: str, at: time, sending: dict[str, Any], days: int
) -> None:
    subscription, now = digest(zone, at, **sending), since + timedelta(days=days)
    ended = list(windows_ended(since, now, subscription))
    assert all(since < end <= now for _, end in ended)
    assert [start for start, _ in ended[1:]] == [end for _, end in ended[:-1]]
    assert digest_window(now, subscription)[0] == (
        ended[-1][1] if ended else digest_window(since, subscription)[0]
    )


@given(moments, zones, hours, hours)
@example(utc("2025-03-09T06:30"), NEW_YORK, time(22), time(2, 30))  # quiet until an hour that is left out
@example(utc("2025-11-02T05:50"), NEW_YORK, time(1, 30), time(1, 45))  # quiet twice in one night
@example(utc("2011-12-30T09:30"), SAMOA, time(22), time(7))
def test_nothing_is_released_in_a_quiet_hour_and_nothing_later_than_need_be(
    now: datetime, zone: str, start: time, end: time
) -> None:
    assume(start != end)
    quiet, place = Quiet(start=start, end=end), ZoneInfo(zone)
    free = released(now, quiet, place)
    assert not quiet.holds(free.astimezone(place).time())
    assert free - now < timedelta(hours=50)
    assert (free == now) == (not quiet.holds(now.astimezone(place).time()))
    if free > now:
        assert quiet.holds((free - SECOND).astimezone(place).time())


def test_quiet_hours_over_midnight_end_in_the_morning() -> None:
    quiet = Quiet(start=time(22), end=time(7))
    berlin = ZoneInfo("Europe/Berlin")
    assert released(utc("2025-01-28T20:59:59"), quiet, berlin) == utc("2025-01-28T20:59:59")
    assert released(utc("2025-01-28T21:00"), quiet, berlin) == utc("2025-01-29T06:00")
    assert released(utc("2025-01-29T05:59:59"), quiet, berlin) == utc("2025-01-29T06:00")
    assert released(utc("2025-01-29T06:00"), quiet, berlin) == utc("2025-01-29T06:00")
    assert released(utc("2025-01-28T21:00"), None, berlin) == utc("2025-01-28T21:00")
