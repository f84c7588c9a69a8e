"""The names and parts of addresses in a notice, stored so that notices are found by them."""

from collections.abc import Iterator

from sqlite_utils import Database

from stemwatch.parties.records import Parties

_NAME = "INSERT OR IGNORE INTO names (kind, name) VALUES (?, ?)"
_OF_NOTICE = "INSERT INTO notice_names (name, notice) SELECT id, ? FROM names WHERE kind = ? AND name = ?"


def save_names(db: Database, notice: int, parties: Parties) -> None:
    """Make these the names of a notice."""
    named = {(kind, name) for kind, name in _named(parties) if name}
    db.conn.execute("DELETE FROM notice_names WHERE notice = ?", (notice,))
    db.conn.executemany(_NAME, named)
    db.conn.executemany(_OF_NOTICE, [(notice, *name) for name in named])


def _named(parties: Parties) -> Iterator[tuple[str, str]]:
    yield from (("firm", firm.name) for firm in parties.firms)
    yield from (("person", person.name) for person in parties.people)
    for place in parties.addresses:
        yield from (("city", place.city), ("region", place.region), ("country", place.country))
        if place.country and place.region:
            yield "subdivision", f"{place.country}-{place.region}"
