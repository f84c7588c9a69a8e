"""Figures over all notices, and the history of a source's runs: each one pass of SQL over sets."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from sqlite_utils import Database

from stemwatch.figures import Counted, Delay, Gap, Held, Spell, Statistics, delay
from stemwatch.store.database import day, moment

_ACTIONS = """
SELECT substr(coalesce(issued_on, posted_on, ''), 1, 7) AS month, source, kind, count(*) AS notices
FROM notices WHERE label = 'relevant' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_PRODUCTS = """
SELECT p.value, count(DISTINCT n.id) FROM notices n, json_each(n.products) p WHERE n.label = 'relevant'
GROUP BY 1 ORDER BY 2 DESC, 1
"""
_STAGES = """
SELECT CASE WHEN closed_out_on IS NOT NULL OR closed_by IS NOT NULL THEN 'closed' ELSE stage END, count(*)
FROM notices WHERE label = 'relevant' GROUP BY 1 ORDER BY 2 DESC, 1
"""
_DELAYS = """
SELECT source, CAST(substr(issued_on, 1, 4) AS INTEGER) AS year,
       CAST(julianday(posted_on) - julianday(issued_on) AS INTEGER) AS days, count(*) AS notices
FROM notices WHERE label = 'relevant' AND issued_on IS NOT NULL AND posted_on IS NOT NULL
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_HELD = """
SELECT n.source, count(*) AS notices, sum(n.label = 'relevant') AS relevant,
       min(coalesce(n.issued_on, n.posted_on)) AS first_on, max(coalesce(n.posted_on, n.issued_on)) AS last_on,
       count(t.page) AS with_text
FROM notices n LEFT JOIN pages p ON p.notice = n.id AND p.role = 'notice'
LEFT JOIN texts t ON t.page = p.id AND t.body <> '' GROUP BY 1 ORDER BY 1
"""
# Runs in a row with one verdict keep the distance between their places among all runs and among those of it.
_SPELLS = """
WITH placed AS (
    SELECT verdict, reason, started_at, id, row_number() OVER (ORDER BY started_at, id)
           - row_number() OVER (PARTITION BY verdict ORDER BY started_at, id) AS distance
    FROM runs WHERE source = :source
)
SELECT verdict, min(started_at) AS since, max(started_at) AS until, count(*) AS runs,
       (SELECT reason FROM placed l WHERE l.verdict = p.verdict AND l.distance = p.distance
        ORDER BY started_at DESC, id DESC LIMIT 1) AS reason
FROM placed p GROUP BY verdict, distance ORDER BY until DESC LIMIT :most
"""
_GAPS = """
WITH good AS (
    SELECT started_at AS until, lag(started_at) OVER (ORDER BY started_at) AS since
    FROM runs WHERE source = :source AND verdict = 'ok'
)
SELECT since, until FROM good WHERE (julianday(until) - julianday(since)) * 86400 > :seconds
ORDER BY until DESC LIMIT :most
"""


class Days(NamedTuple):
    """So many notices of a source, issued in one year, were posted so many days after that."""

    source: str
    year: int
    days: int
    notices: int


Group = TypeVar("Group", str, int)


class Figures:
    """The part of `Store` that counts."""

    db: Database

    def statistics(self) -> Statistics:
        """The figures over everything that is stored. It reads every notice once for each of them."""
        db = self.db
        delays = [Days(*row) for row in db.execute(_DELAYS)]
        forward = [each for each in delays if each.days >= 0]
        return Statistics(
            actions=tuple(Counted(**row) for row in db.query(_ACTIONS)),
            products=dict(db.execute(_PRODUCTS).fetchall()),
            stages=dict(db.execute(_STAGES).fetchall()),
            delays=_by(forward, attrgetter("source")),
            delays_by_year=_by(forward, attrgetter("year")),
            reversed_dates=sum(each.notices for each in delays if each.days < 0),
            held=tuple(_held(row) for row in db.query(_HELD)),
        )

    def spells(self, source: str, most: int) -> list[Spell]:
        """The newest spells of one verdict that a source had, the present one first."""
        rows = self.db.query(_SPELLS, {"source": source, "most": most})
        return [Spell(**{**row, **_times(row)}) for row in rows]

    def gaps(self, source: str, longer_than: timedelta, most: int) -> list[Gap]:
        """The newest times between two good checks of a source that were longer than that."""
        values = {"source": source, "seconds": longer_than.total_seconds(), "most": most}
        return [Gap(**_times(row)) for row in self.db.query(_GAPS, values)]


def _by(counted: Iterable[Days], part: Callable[[Days], Group]) -> dict[Group, Delay]:
    groups: dict[Group, list[tuple[int, int]]] = {}
    for each in counted:
        groups.setdefault(part(each), []).append((each.days, each.notices))
    return {group: found for group in sorted(groups) if (found := delay(groups[group]))}


def _held(row: dict[str, Any]) -> Held:
    return Held(**{**row, "first_on": day(row["first_on"]), "last_on": day(row["last_on"])})


def _times(row: dict[str, Any]) -> dict[str, datetime]:
    found = {name: moment(row[name]) for name in ("since", "until")}
    return {name: time for name, time in found.items() if time}
