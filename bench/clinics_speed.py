"""Speed of linking and of finding clinics: python -m bench.clinics_speed

Synthetic notices with the skew of real ones: most firms are named once, a few often; one in ten notices tells
place, officer, identifier and domain. Linking stands beside a bare union-find over the same keys, searching beside
a bare FTS5 query over the same entries. It ends with 1 when linking grows far faster than the notices.
"""

import random
import sys
from collections.abc import Iterator
from itertools import count, product
from math import log
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import msgspec
from sqlite_utils import Database

from bench.measure import in_child
from stemwatch.clinics.actors import cast
from stemwatch.clinics.keys import LINKING, Key, Keyed, keyed, own_keys
from stemwatch.clinics.linking import crowded_keys, link
from stemwatch.parties.records import Address, Firm, Number, Parties, Person, Website
from stemwatch.store import Store
from stemwatch.store.clinics.describing import describe

SIZES = (1_000, 10_000, 100_000)
GROWTH = 1.3
"""Exponent of the notices up to which linking counts as near-linear."""
QUERIES = ("talvex", "talvex stem cell", "vora lind", "talvex3.example", "tampa", "stem cell institute")

_SYLLABLES = ("tal", "vex", "cor", "mund", "lin", "gra", "sel", "nox", "bri", "quil", "dar", "fen", "hol", "jas")
_KINDS = ("Stem Cell Institute", "Regenerative Medicine", "Biologics", "Labs", "Wellness Center", "Pharma")
_FORMS = ("LLC", "Inc.", "Ltd.", "Corp.", "PLLC")
_PLACES = (("Tampa", "FL"), ("Reno", "NV"), ("Austin", "TX"), ("Provo", "UT"), ("Mesa", "AZ"), ("Troy", "MI"))
_FIRST, _LAST = ("Vora", "Amil", "Tessa", "Orin", "Brisa"), ("Lind", "Okell", "Marsh", "Tove", "Quade", "Renn")


def firms() -> Iterator[str]:
    """Names without end, one in fifty of them generic."""
    for number, (one, two, three) in zip(count(), product(_SYLLABLES, repeat=3), strict=False):
        yield (
            "Stem Cell Institute"
            if number % 50 == 7
            else f"{one}{two}{three} {_KINDS[number % len(_KINDS)]}".title()
        )


def notices(size: int) -> Iterator[Parties]:
    """`size` notices of about two thirds as many firms."""
    dice = random.Random(1)
    names = list(firms())
    for _ in range(size):
        number = int(size * 0.8 * dice.random() ** 1.5)
        name = f"{names[number % len(names)]} {number // len(names) or ''}".strip()
        yield _parties(name, number, whole=dice.random() < 0.1)


def _parties(name: str, number: int, *, whole: bool) -> Parties:
    at: dict[str, Any] = {"field": "text", "start": 0, "end": 1}
    firm = Firm(name=f"{name}, {_FORMS[number % 5]}", tie="subject", **at)
    if not whole:
        return Parties(firms=(firm,))
    city, region = _PLACES[number % 6]
    domain = "facebook.com" if number % 5 == 0 else f"{name.split()[0].lower()}{number}.example"
    return Parties(
        firms=(firm,),
        people=(Person(name=f"{_FIRST[number % 5]} {_LAST[number % 6]}", title="CEO", **at),),
        websites=(Website(domain=domain, kind="site", own=True, **at),),
        numbers=(Number(kind="fei", value=str(3_000_000_000 + number), **at),),
        addresses=(Address(city=city, region=region, country="US", **at),),
    )


def actors(size: int) -> list[Keyed]:
    made = []
    for number, parties in enumerate(notices(size)):
        actor = cast(parties).actors[0]
        made.append(keyed(number, actor, own_keys(actor), {}))
    return made


def linked(size: int) -> tuple[float, float, int]:
    """Seconds from parties to clinics, seconds of the bare union-find, and how many clinics there are."""
    actors(10)  # reads the lexicons
    start = perf_counter()
    made = actors(size)
    groups = link(made, crowded_keys(made))
    ours = perf_counter() - start
    start = perf_counter()
    bare(made)
    return ours, perf_counter() - start, len(groups)


def bare(made: list[Keyed]) -> int:
    """Union-find over the same keys, without any rule."""
    parent = list(range(len(made)))

    def root(actor: int) -> int:
        while parent[actor] != actor:
            parent[actor] = parent[parent[actor]]
            actor = parent[actor]
        return actor

    first: dict[Key, int] = {}
    for actor in made:
        for key in actor.keys:
            if key.kind in LINKING:
                parent[root(actor.id)] = root(first.setdefault(key, actor.id))
    return len({root(actor) for actor in parent})


def searched(size: int) -> list[tuple[str, int, float, float]]:
    """For each query how many clinics, seconds of ours, and of the bare index."""
    with TemporaryDirectory() as home, Store(Path(home), {}) as store:
        _fill(store.db, size)
        return [(query, *_search(store, query)) for query in QUERIES]


def _fill(db: Database, size: int) -> None:
    """Actors and clinics of `size` notices by plain statements: what is measured is reading them."""
    made = actors(size)
    group_of = {actor: number for number, group in enumerate(link(made, crowded_keys(made))) for actor in group}
    clinic = [f"c-{number:07}" for number in range(len(made))]
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN")
    db.execute("INSERT INTO sources (name) VALUES ('bench')")
    for number, parties in enumerate(notices(size)):
        actor = cast(parties).actors[0]
        of = clinic[group_of[number]]
        values = (number + 1, f"k{number}", actor.name, "possible" if number % 20 == 0 else "unrelated")
        db.conn.execute(_NOTICE, values)
        db.conn.execute("INSERT OR IGNORE INTO clinics (id, notice, slot) VALUES (?, ?, '')", (of, number + 1))
        row = (number + 1, of, made[number].names[0].joined, msgspec.json.encode(actor).decode())
        db.conn.execute(_ACTOR, (number + 1, *row))
        keys = [(*key, number + 1) for key in made[number].keys]
        db.conn.executemany("INSERT INTO actor_keys VALUES (?, ?, ?)", keys)
    describe(db, set(clinic[: max(group_of.values()) + 1]))
    db.execute("COMMIT")


_NOTICE = """
INSERT INTO notices (id, source, key, url, kind, title, posted_on, case_number, fields, closed_out_url,
                     responded_url, fingerprint, label, first_run, first_seen_at, capture)
VALUES (?, 'bench', ?, '', 'letter', ?, '2025-01-01', '', '{}', '', '', '', ?, '', '', '')
"""
_ACTOR = """
INSERT INTO actors (id, notice, slot, day, tie, clinic, joined, body)
VALUES (?, ?, '', '2025-01-01', 'subject', ?, ?, ?)
"""


def _search(store: Store, query: str) -> tuple[int, float, float]:
    found, ours, floor = 0, [], []
    sql = "SELECT rowid FROM clinic_search WHERE clinic_search MATCH ? ORDER BY rank"
    words = " AND ".join(f'"{word}" *' for word in query.replace(".", " ").split())
    for _ in range(5):
        start = perf_counter()
        found = len(list(store.clinics(query)))
        ours.append(perf_counter() - start)
        start = perf_counter()
        store.db.execute(sql, [words]).fetchall()
        floor.append(perf_counter() - start)
    return found, median(ours), median(floor)


def main() -> int:
    print("Linking            seconds   bare union-find    clinics   peak MB")
    seconds = []
    for size in SIZES:
        (ours, floor, clinics), peak = in_child(linked, size)
        seconds.append(ours)
        print(f"  {size:7,} notices {ours:8.2f} {floor:17.2f} {clinics:10,} {peak:9.0f}")
    growth = log(seconds[-1] / seconds[0]) / log(SIZES[-1] / SIZES[0])
    print(f"  growth: notices to the power of {growth:.2f}")
    found, peak = in_child(searched, SIZES[-1])
    print(f"\nFinding among the clinics of {SIZES[-1]:,} notices, peak {peak:.0f} MB")
    for query, clinics, ours, floor in found:
        print(f"  {query:22}{clinics:6} clinics {ours * 1000:9.1f} ms, bare FTS5 {floor * 1000:8.1f} ms")
    met = growth <= GROWTH
    print(f"{'met' if met else 'MISSED'}: linking grows at most as notices to the power of {GROWTH}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
