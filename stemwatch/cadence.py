"""When a source is to be looked at again. Pure: what the tables say of its runs goes in."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from hashlib import sha256

import msgspec

from stemwatch.words import WEEKDAYS, Verdict, Weekday

JITTER = 0.05
"""A pause is shorter or longer by at most this share of it, so that the looks of an installation spread out."""

BUSY = 4
"""On the days on which a regulator publishes most, its source is looked at so many times as often."""

LONGEST_PAUSE = timedelta(days=1)
"""A failing source is looked at once a day at least, or as often as it would be were it well."""

READ: tuple[Verdict, ...] = ("ok", "partial")
"""Verdicts of runs in which the regulator's site answered with its list."""

MOST_FAILURES = 12
"""By so many failures in a row the shortest pause has become the longest."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one source stands in the tables: its newest run, how many of the last runs failed in a row, and until
    when its site asked us to stay away."""

    source: str
    last_run: str = ""
    last_started_at: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0


class Cadence(msgspec.Struct, frozen=True):
    """How often a source is looked at. `busy` are the days, in UTC, on which its regulator publishes most."""

    every: timedelta
    busy: tuple[Weekday, ...] = ()

    def due_at(self, standing: Standing) -> datetime | None:
        """When the source is due; None when nobody ever looked at it."""
        last = standing.last_started_at
        if last is None:
            return None
        due = last + self._pause(standing)
        if standing.failures == 0:
            due = min((due, *self._busy_looks(last, due, standing)))
        return max(due, standing.not_before) if standing.not_before else due

    def pause(self, standing: Standing) -> timedelta:
        """How long after its newest run the source is due on a quiet day."""
        asked = timedelta()
        if standing.not_before and standing.last_started_at:
            asked = standing.not_before - standing.last_started_at
        return max(self._pause(standing), asked)

    def _pause(self, standing: Standing) -> timedelta:
        """One failure may be chance; from the second on in a row each doubles the pause."""
        pause = self.every
        for _ in range(1, standing.failures):
            pause = max(pause, min(2 * pause, LONGEST_PAUSE))
        return _jitter(standing) * pause

    def _busy_looks(self, last: datetime, due: datetime, standing: Standing) -> Iterator[datetime]:
        """Earlier looks on the busy days between the last look and `due`."""
        sooner = last + self.every / BUSY * _jitter(standing)
        for days in range((due.date() - last.date()).days + 1):
            day = last.date() + timedelta(days=days)
            look = max(sooner, datetime.combine(day, time(), last.tzinfo))
            if WEEKDAYS[day.weekday()] in self.busy and look.date() == day:
                yield look


def _jitter(standing: Standing) -> float:
    """A factor near 1, the same whenever it is asked for one run of one source."""
    digest = sha256(f"{standing.source} {standing.last_run}".encode()).digest()
    return 1 + JITTER * (int.from_bytes(digest[:4]) / 0x80000000 - 1)
