"""What a clinic is called and found by, written anew whenever its members change."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from stemwatch.clinics.actors import Actor, domains
from stemwatch.clinics.names import firm_name

_TABLES = ("CREATE TEMP TABLE IF NOT EXISTS described (clinic TEXT PRIMARY KEY)", "DELETE FROM described")
_FORGET = (
    "DELETE FROM clinic_names WHERE clinic IN (SELECT clinic FROM described)",
    "DELETE FROM clinic_search WHERE rowid IN "
    "(SELECT c.number FROM described d JOIN clinics c ON c.id = d.clinic)",
)
_ACTORS = """
SELECT a.clinic, c.number, a.day, a.slot, a.body FROM described d JOIN clinics c ON c.id = d.clinic
JOIN actors a ON a.clinic = d.clinic ORDER BY a.clinic, a.day, a.slot DESC, a.id
"""


class Used(NamedTuple):
    """An actor of a clinic and the day of its notice, empty when that has none."""

    day: str
    slot: str
    actor: Actor


def describe(db: Database, clinics: Iterable[str]) -> None:
    """Names with their dates, and the search entry, of these clinics; those without members have neither."""
    for statement in _TABLES:
        db.execute(statement)
    db.conn.executemany("INSERT OR IGNORE INTO described VALUES (?)", [(clinic,) for clinic in clinics])
    for statement in _FORGET:
        db.execute(statement)
    decode = msgspec.json.Decoder(Actor).decode
    rows = db.conn.execute(_ACTORS)
    for (clinic, number), found in groupby(rows, key=lambda row: (row[0], row[1])):
        used = [Used(day, slot, decode(body)) for _, _, day, slot, body in found]
        db.conn.execute("UPDATE clinics SET name = ? WHERE id = ?", (display_name(used), clinic))
        db.conn.executemany("INSERT INTO clinic_names VALUES (?, ?, ?, ?, ?)", _names(clinic, used))
        db.conn.execute(
            "INSERT INTO clinic_search (rowid, names, people, websites, places) VALUES (?, ?, ?, ?, ?)",
            (number, *_searched(used)),
        )


def display_name(used: list[Used]) -> str:
    """The name it goes by: that of the newest notice about it, or else of the newest that names it."""
    about = [found for found in used if not found.slot] or used
    return about[-1].actor.name


def _names(clinic: str, used: list[Used]) -> Iterator[tuple[str, str, str, str | None, str | None]]:
    days: dict[str, list[str]] = {}
    for found in used:
        for firm in found.actor.names:
            days.setdefault(firm.name, []).append(found.day)
    for name, on in days.items():
        dated = [day for day in on if day]
        yield clinic, name, firm_name(name).joined, min(dated, default=None), max(dated, default=None)


def _searched(used: list[Used]) -> tuple[str, str, str, str]:
    """The columns of the search: every word once, in reading order."""
    actors = [found.actor for found in used]
    names = [firm.name for actor in actors for firm in actor.names]
    brands = [brand.name for actor in actors for brand in actor.brands]
    people = [person.name for actor in actors for person in actor.people]
    stated = [(place.city, place.region, place.country) for actor in actors for place in actor.addresses]
    places = [" ".join(filter(None, place)) for place in stated]
    websites = [domain for actor in actors for domain in sorted(domains(actor))]
    return _lines([*names, *brands]), _lines(people), _lines(websites), _lines(places)


def _lines(found: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(found))
