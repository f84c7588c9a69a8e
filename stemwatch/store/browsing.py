"""Everything there is, to be gone through without a search: clinics by their first letter, notices by month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlite_utils import Database

from stemwatch.store.database import day
from stemwatch.store.marks import Bond, Marks, marks
from stemwatch.tokens import tokens

DIGITS = "0-9"
OTHER = "other"
UNDATED = "undated"
"""In place of the month of notices without a day."""
_NAMES = """
SELECT w.clinic, w.name FROM clinic_names w
WHERE EXISTS (SELECT 1 FROM actors a JOIN notices n ON n.id = a.notice
              WHERE a.clinic = w.clinic AND n.label <> 'unrelated')
"""
_TITLES = """
SELECT source || '/' || key, title, source, coalesce(posted_on, issued_on), label <> 'unrelated' FROM notices
"""


class Named(NamedTuple):
    """One name of a clinic."""

    clinic: str
    name: str


class Titled(NamedTuple):
    """One notice; `on` is its day, `related` when it may be about such treatments."""

    notice: str
    title: str
    source: str
    on: date | None
    related: bool


class Browsed:
    """The part of `Store` that goes through everything there is, for a site of files."""

    db: Database

    def clinics_by_letter(self) -> Mapping[str, list[Named]]:
        """The names of all clinics that a related notice names, by `letter_of`."""
        return _by_letter(self.db)

    def notices_by_month(self) -> Mapping[str, list[Titled]]:
        """Every notice by its month, `2025-01`, the newest first and those without a day last."""
        return _by_month(self.db)

    def marks(self, bonds: Iterable[Bond]) -> Marks:
        """A mark of each notice and clinic; `bonds` are two clinics each, and what is said of the two."""
        return marks(self.db, bonds)

    def digests(self) -> list[str]:
        """The SHA-256 of every answer that is kept."""
        return [row[0] for row in self.db.execute("SELECT DISTINCT sha256 FROM captures ORDER BY sha256")]


def _by_letter(db: Database) -> Mapping[str, list[Named]]:
    found: dict[str, list[Named]] = defaultdict(list)
    for row in db.execute(_NAMES):
        found[letter_of(row[1])].append(Named(*row))
    return {letter: sorted(found[letter], key=lambda one: (tokens(one.name), one)) for letter in sorted(found)}


def _by_month(db: Database) -> Mapping[str, list[Titled]]:
    found: dict[str, list[Titled]] = defaultdict(list)
    for notice, title, source, on, related in db.execute(_TITLES):
        found[on[:7] if on else UNDATED].append(Titled(notice, title, source, day(on), bool(related)))
    return {
        month: sorted(found[month], key=lambda one: (tokens(one.title), one.notice))
        for month in sorted(found, key=lambda month: (month != UNDATED, month), reverse=True)
    }


def letter_of(name: str) -> str:
    """The first letter of a name from a to z, `DIGITS` or `OTHER`."""
    first = "".join(tokens(name))[:1]
    if "a" <= first <= "z":
        return first
    return DIGITS if first.isdigit() else OTHER
