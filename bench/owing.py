"""What was owed, worked out anew from the changes, by other means than the service's own; and how it compares.

Nothing here comes from `stemwatch` or `notify`: times are found by walking the clock on the wall.
"""

import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.receivers import Message

Table = Mapping[str, Any]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTE = timedelta(minutes=1)
SLACK = timedelta(minutes=15)
"""The simulated clock runs on while the service works."""

SEEN = """
SELECT c.id, c.verb, c.cause, c.late, c.detected_at, n.source || '/' || n.key, n.label,
       n.closed_out_on IS NOT NULL OR n.closed_by IS NOT NULL
FROM changes c JOIN notices n ON n.id = c.notice WHERE c.matched_at IS NULL ORDER BY c.id
"""


# The database itself keeps what a change looked like when rules had looked at it: `matched_at` is written in the
# transaction that owes.
WATCH = """
CREATE TABLE bench_matched (change, verb, cause, late, detected_at, notice, label, closed, at);
CREATE TRIGGER bench_watch AFTER UPDATE OF matched_at ON changes WHEN NEW.matched_at IS NOT NULL BEGIN
    INSERT INTO bench_matched
    SELECT NEW.id, NEW.verb, NEW.cause, NEW.late, NEW.detected_at, source || '/' || key, label,
           closed_out_on IS NOT NULL OR closed_by IS NOT NULL, NEW.matched_at
    FROM notices WHERE id = NEW.notice;
END
"""


@dataclass(frozen=True)
class Seen:
    """A change as it stood when it was about to be matched, at `at`."""

    change: int
    verb: str
    cause: str
    late: bool
    detected_at: datetime
    notice: str
    label: str
    closed: bool
    at: datetime


@dataclass(frozen=True)
class Debt:
    """One change that one subscription is owed, not before `due`."""

    to: str
    change: int
    notice: str
    due: datetime


def unmatched(database: sqlite3.Connection, at: datetime) -> list[Seen]:
    return [_seen(row, at) for row in database.execute(SEEN).fetchall()]


def watch(path: Path) -> None:
    """Let the database at `path` keep what `watched` tells."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(WATCH)


def watched(database: sqlite3.Connection) -> list[Seen]:
    """All that rules have looked at since `watch`."""
    rows = database.execute("SELECT * FROM bench_matched ORDER BY rowid").fetchall()
    return [_seen(row[:-1], datetime.fromisoformat(row[-1])) for row in rows]


def _seen(row: Sequence[Any], at: datetime) -> Seen:
    change, verb, cause, late, detected, notice, label, closed = row
    return Seen(change, verb, cause, bool(late), datetime.fromisoformat(detected), notice, label, bool(closed), at)


def debts(seen: Iterable[Seen], tables: Sequence[Table]) -> Iterator[Debt]:
    """What each subscription is owed: a change counts for it from the first time that it meets its words."""
    given: set[tuple[str, int]] = set()
    for one in seen:
        for table in tables:
            key = table["name"], one.change
            if key not in given and _wants(table, one):
                given.add(key)
                yield Debt(table["name"], one.change, one.notice, due(table, one))


def _wants(table: Table, seen: Seen) -> bool:
    return (
        not table.get("paused")
        and seen.cause == "source"
        and seen.verb != "baseline"
        and seen.verb in table.get("verbs", [seen.verb])
        and seen.label in table["relevance"]
    )


def due(table: Table, seen: Seen) -> datetime:
    """When it may be sent at the earliest."""
    zone = ZoneInfo(table["time_zone"])
    if table["send"] != "at_once":
        since = seen.at if seen.late else seen.detected_at
        days = DAYS if table["send"] == "daily" else (table["weekday"],)
        return loud(table, next_time(since, time.fromisoformat(table["at"]), days, zone), zone)
    if "urgent" in table and seen.closed:
        return seen.at
    # A burst that is open takes what comes; it was opened at most so many minutes before.
    return loud(table, seen.at, zone)


@cache
def next_time(since: datetime, at: time, days: tuple[str, ...], zone: ZoneInfo) -> datetime:
    """The first moment after `since` at which the wall shows this time on one of these days."""
    for shift in range(-1, 10):
        day = since.astimezone(zone).date() + timedelta(days=shift)
        moment = datetime.combine(day, at, zone).astimezone(UTC)
        if DAYS[day.weekday()] in days and moment > since:
            return moment
    raise AssertionError("a week has every day")


def quiet(table: Table, moment: datetime, zone: ZoneInfo) -> bool:
    if "quiet" not in table:
        return False
    start, end = (time.fromisoformat(table["quiet"][key]) for key in ("from", "to"))
    wall = moment.astimezone(zone).time()
    return start <= wall < end if start < end else wall >= start or wall < end


def loud(table: Table, moment: datetime, zone: ZoneInfo) -> datetime:
    """The first minute from then on that is no quiet one."""
    while quiet(table, moment, zone):
        moment = moment.replace(second=0, microsecond=0) + MINUTE
    return moment


def compare(
    owed: Sequence[Debt],
    messages: Sequence[Message],
    tables: Sequence[Table],
    awake: Sequence[datetime],
    *,
    faults: bool,
) -> Iterator[str]:
    """What is not as it should be, one sentence each. `awake` are the moments at which the service was at work."""
    by_name = {table["name"]: table for table in tables}
    got: dict[tuple[str, int], list[Message]] = defaultdict(list)
    for message in messages:
        for mention in message.payload["mentions"]:
            for change in mention["changes"]:
                got[message.to, change["change"]].append(message)
    for debt in owed:
        found = got.pop((debt.to, debt.change), [])
        if not found:
            yield f"{debt.to} never got change {debt.change}, due {debt.due}"
        elif len({message.key for message in found}) > 1:
            yield f"{debt.to} got change {debt.change} under {len({m.key for m in found})} keys"
        else:
            yield from _in_time(debt, found[0], by_name[debt.to], awake, faults=faults)
    for to, change in got:
        yield f"{to} got change {change}, which it was not owed"
    yield from _quiet_hours(messages, by_name, owed)


def _in_time(
    debt: Debt, message: Message, table: Table, awake: Sequence[datetime], *, faults: bool
) -> Iterator[str]:
    if message.at < debt.due.replace(microsecond=0):
        yield f"{debt.to} got change {debt.change} at {message.at}, before {debt.due}"
    latest = _sent_by(debt.due + timedelta(minutes=table.get("group_minutes", 0)), table, awake)
    if not faults and message.at > latest + SLACK:
        yield f"{debt.to} got change {debt.change} at {message.at}, later than {latest}"


def _sent_by(due: datetime, table: Table, awake: Sequence[datetime]) -> datetime:
    """When the service was at work, and it was not quiet, for the first time from then on."""
    zone = ZoneInfo(table["time_zone"])
    while True:
        loud_at = loud(table, due, zone)
        place = bisect_right(awake, loud_at - timedelta(seconds=1))
        at_work = max(loud_at, awake[place] if place < len(awake) else loud_at)
        if not quiet(table, at_work, zone):
            return at_work
        due = at_work


def _quiet_hours(messages: Sequence[Message], by_name: Mapping[str, Table], owed: Sequence[Debt]) -> Iterator[str]:
    for message in messages:
        table = by_name[message.to]
        if "urgent" not in table and quiet(table, message.at, ZoneInfo(table["time_zone"])):
            yield f"{message.to} got a message at {message.at}, in a quiet hour"


def repeats(messages: Sequence[Message]) -> int:
    """Messages that were accepted again under their own key."""
    return sum(number - 1 for number in Counter((message.to, message.key) for message in messages).values())


def windows(messages: Sequence[Message]) -> Iterator[str]:
    """Digests of one subscription that overlap, or come twice under different keys."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for message in messages:
        window = message.payload["window"]
        if window and message.payload["type"] in {"daily", "weekly"}:
            found[message.to, window["end"]].add(message.key)
    for (to, end), keys in found.items():
        if len(keys) > 1:
            yield f"{to} got the digest of {end} under {len(keys)} keys"


def empties(
    messages: Sequence[Message], tables: Sequence[Table], first: datetime, last: datetime
) -> Iterator[str]:
    """Windows whose digest was asked for even when empty, and did not come."""
    got = {
        (message.to, datetime.fromisoformat(message.payload["window"]["end"]))
        for message in messages
        if message.payload["window"]
    }
    for table in tables:
        if not table.get("empty") or table.get("paused"):
            continue
        zone, at = ZoneInfo(table["time_zone"]), time.fromisoformat(table["at"])
        days = DAYS if table["send"] == "daily" else (table["weekday"],)
        end = next_time(first, at, days, zone)
        while end <= last:
            if (table["name"], end) not in got:
                yield f"{table['name']} never got the digest of {end}"
            end = next_time(end, at, days, zone)
