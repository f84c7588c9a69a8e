"""Which changes a subscription wants, and why. Pure."""

from datetime import datetime, timedelta

from stemwatch.config import Subscription
from stemwatch.views import ChangeView

PLAIN = {
    "added": "is new",
    "edited": "was edited",
    "closed_out": "was closed out",
    "responded": "got a response",
    "delisted": "is no longer listed",
    "relisted": "is listed again",
    "reissued": "was reissued",
}


def meets(change: ChangeView, subscription: Subscription) -> tuple[str, ...]:
    """Why the subscription wants this change, in words; empty when it does not.

    Only what the regulator did is told: our own re-reading, back-fills and moved ids are silent.
    """
    if change.cause != "source" or change.verb not in subscription.verbs:
        return ()
    if change.relevance.label not in subscription.relevance:
        return ()
    if subscription.sources and change.source not in subscription.sources:
        return ()
    return (f"It {PLAIN[change.verb]} and counts as {change.relevance.label}.",)


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
