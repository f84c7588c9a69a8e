"""Marks: a number for each notice and clinic that differs when anything that is stored of it does.

What a table says of a notice or clinic is known by its foreign keys, so a table that is added later counts too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlite_utils import Database

_MOST = 2**64
# What was sent to whom, and by what links are looked for: no reader sees it.
_UNSEEN = {
    "actor_keys",
    "event_keys",
    "parties",
    "notice_names",
    "deliveries",
    "delivered_changes",
    "told_as_event",
}
_NOTICES = "SELECT id, * FROM notices"
_CLINICS = "SELECT c.id, c.became, c.name, s.* FROM clinics c LEFT JOIN clinic_search s ON s.rowid = c.number"
_IDS = "SELECT id, source || '/' || key FROM notices"
_NAMED = "SELECT DISTINCT notice, clinic FROM actors WHERE clinic IS NOT NULL"
_TIED = """
SELECT id, reissued_as FROM notices WHERE reissued_as IS NOT NULL
UNION SELECT id, closed_by FROM notices WHERE closed_by IS NOT NULL
UNION SELECT one.notice, two.notice FROM events one JOIN events two USING (event) WHERE one.notice < two.notice
"""
Bond = tuple[str, str, object]


class Marks(NamedTuple):
    """The mark of each notice and clinic by its id. It counts in what is stored of those that its page names."""

    notices: Mapping[str, int]
    clinics: Mapping[str, int]


def marks(db: Database, bonds: Iterable[Bond]) -> Marks:
    """Marks of all that is stored. `bonds` are two clinics each, and what is said of the two."""
    notices, clinics = _own(db, "notices", _NOTICES), _own(db, "clinics", _CLINICS)
    near: dict[Any, int] = defaultdict(int)
    for notice, clinic in db.execute(_NAMED):
        near[notice] += clinics[clinic]
        near[clinic] += notices[notice]
    for one, other in db.execute(_TIED):
        near[one] += notices[other]
        near[other] += notices[one]
    for clinic, other, said in bonds:
        near[clinic] += clinics[other] + _number(said)
        near[other] += clinics[clinic] + _number(said)
    return Marks(
        {name: (notices[number] + near[number]) % _MOST for number, name in db.execute(_IDS)},
        {name: (own + near[name]) % _MOST for name, own in clinics.items()},
    )


def _own(db: Database, table: str, sql: str) -> dict[Any, int]:
    """By id, the sum over its own row and every row that refers to it, in whatever order they are read."""
    found = {first: _number(rest) for first, *rest in db.execute(sql)}
    for name, column in _referring(db, table):
        for first, *rest in db.execute(f"SELECT [{column}], * FROM [{name}] WHERE [{column}] IS NOT NULL"):
            found[first] += _number((name, rest))
    return found


def _referring(db: Database, table: str) -> Iterator[tuple[str, str]]:
    for other in db.tables:
        for key in other.foreign_keys if other.name not in _UNSEEN else ():
            if key.other_table == table and key.column:
                yield other.name, key.column


def _number(value: object) -> int:
    return int.from_bytes(blake2b(repr(value).encode(), digest_size=8).digest())
