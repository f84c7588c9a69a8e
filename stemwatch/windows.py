"""The windows of digests: days that follow each other without gap or overlap. Pure."""

from datetime import datetime, timedelta

from stemwatch.config import Subscription


def digest_window(now: datetime, subscription: Subscription) -> tuple[datetime, datetime]:
    """The half-open day [start, end) that holds `now`, cut at the subscription's hour in its zone.

    A day of the clock change is 23 or 25 hours long; an hour that the change skips counts as the next one that
    exists.
    """
    zone, at = subscription.zone, subscription.at
    today = now.astimezone(zone).date()
    # Two days back, because a zone that moves across the date line skips a day (Samoa did, 30 December 2011).
    for shift in (-2, -1, 0, 1):
        day = today + timedelta(days=shift)
        start = datetime.combine(day, at, zone)
        end = datetime.combine(day + timedelta(days=1), at, zone)
        if start.timestamp() <= now.timestamp() < end.timestamp():
            return start, end
    raise AssertionError("days in a row hold every moment")
