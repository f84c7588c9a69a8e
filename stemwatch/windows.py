"""The days and weeks of digests, and the hours in which nothing is sent. Pure: `now` is an argument.

Days are those of the subscriber's zone. A time that a clock change skips counts as the time that the clock shows
instead (02:30 as 03:30), one that comes twice as the first of the two.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stemwatch.subscriptions import Quiet, Subscription
from stemwatch.words import WEEKDAYS

Window = tuple[datetime, datetime]
"""Half-open: it holds `start` <= moment < `end`."""

SECOND = timedelta(seconds=1)


def digest_window(now: datetime, subscription: Subscription) -> Window:
    """The day or week that holds `now`, cut at the subscription's hour in its zone; both ends in UTC."""
    zone, at = subscription.zone, subscription.at
    first = now.astimezone(zone).date()
    length = 1
    if subscription.send == "weekly":
        length = len(WEEKDAYS)
        first -= timedelta(days=(first.weekday() - WEEKDAYS.index(subscription.weekday)) % length)
    # Two back, because a zone that moves across the date line skips a day (Samoa did, 30 December 2011).
    for shift in (-2, -1, 0, 1):
        day = first + timedelta(days=shift * length)
        start = datetime.combine(day, at, zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=length), at, zone).astimezone(UTC)
        if start <= now < end:
            return start, end
    raise AssertionError("days in a row hold every moment")


def windows_ended(since: datetime, now: datetime, subscription: Subscription) -> Iterator[Window]:
    """Every window that ended after `since` and no later than `now`, oldest first."""
    window = digest_window(since, subscription)
    while window[1] <= now:
        yield window
        window = digest_window(window[1], subscription)


def released(now: datetime, quiet: Quiet | None, zone: ZoneInfo) -> datetime:
    """The first moment from `now` on at which the clock on the wall shows no quiet hour."""
    if quiet is None:
        return now
    while quiet.holds(_wall(now, zone)):
        end = now + _until(quiet, now.astimezone(zone))
        now = end if quiet.holds(_wall(end, zone)) else _first_loud(now, end, quiet, zone)
    return now


def _until(quiet: Quiet, local: datetime) -> timedelta:
    """How far the wall's clock is from the end of the quiet hours; more than nothing, less than a day."""
    naive = local.replace(tzinfo=None)
    end = datetime.combine(naive.date(), quiet.end)
    return end - naive if end > naive else end + timedelta(days=1) - naive


def _first_loud(quiet_at: datetime, loud_at: datetime, quiet: Quiet, zone: ZoneInfo) -> datetime:
    """The border between the two, to the second: the clock may have been put forward in between."""
    if _wall(loud_at, zone) == quiet.end:
        return loud_at
    while loud_at - quiet_at > SECOND:
        middle = quiet_at + ((loud_at - quiet_at) / 2 // SECOND) * SECOND
        if quiet.holds(_wall(middle, zone)):
            quiet_at = middle
        else:
            loud_at = middle
    return loud_at


def _wall(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()
