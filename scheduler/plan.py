"""Which crawls begin now, and whether a release is due. Pure: what the tables and the clocks say goes in.

Nothing here remembers: what was missed while the machine slept or the service was down is simply due.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

import msgspec

from stemwatch.cadence import Cadence, Standing

AHEAD = timedelta(minutes=10)
"""A newest run that began so much later than now says that the clock was set back since."""

AGAIN = timedelta(seconds=5)
"""A crawl that could not even begin, and so left no run, is tried again after this."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One source that is followed. `host` is the one a crawl asks, `tried` how long ago this process last began to
    crawl it, by a clock that nobody sets."""

    standing: Standing
    cadence: Cadence
    host: str
    tried: timedelta | None = None

    def due_at(self, now: datetime) -> datetime:
        """When the source is due. Once the clock was set back, the tables cannot say: then its pause counts from
        the last crawl of this process, whatever the clock did meanwhile."""
        due = self.cadence.due_at(self.standing)
        last = self.standing.last_started_at
        if due is None or last is None:
            return now
        if last - now <= AHEAD:
            return due
        return now if self.tried is None else now - self.tried + self.cadence.pause(self.standing)


def beginning(turns: Iterable[Turn], *, hosts: Collection[str], now: datetime, room: int) -> list[str]:
    """The sources to crawl now, the longest overdue first: at most `room` of them, and none on a host that is
    among `hosts`, or that another of them asks."""
    taken = set(hosts)
    chosen: list[str] = []
    for turn in sorted(turns, key=lambda turn: turn.due_at(now)):
        if len(chosen) >= room:
            break
        rested = turn.tried is None or turn.tried >= AGAIN
        if turn.due_at(now) <= now and rested and turn.host not in taken:
            taken.add(turn.host)
            chosen.append(turn.standing.source)
    return chosen


def next_due(turns: Iterable[Turn], now: datetime) -> datetime | None:
    """When the next source falls due that is not due now."""
    return min((due for turn in turns if (due := turn.due_at(now)) > now), default=None)


def release_due(latest: date | None, held: int, changed: int, today: date) -> bool:
    """Whether a release is to be written: once in a UTC day, when a day before it brought changes.

    `latest` is the day of the newest release, `held` the newest change it holds, `changed` the newest change of
    the days before `today`. Days that were missed are caught up by one release.
    """
    return (latest is None or latest < today) and changed > held
