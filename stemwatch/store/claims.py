"""The claims that notices quote: written when a notice is judged, looked up as precedents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.assessing import Assessment
from stemwatch.claims.lexicon import words
from stemwatch.claims.precedents import Indexed, nearest, standing
from stemwatch.claims.records import Claim, Precedent

_INSERT = "INSERT INTO notice_claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# For each wanted claim the nearest by category and disease, by category and group, by category, in the order of
# `stemwatch.claims.precedents`. Quotes of one notice come together, so more are taken than are shown.
_ENOUGH = 200
_CANDIDATES = f"""
SELECT w.value AS wanted, c.* FROM json_each(:wanted) w JOIN notice_claims c ON c.rowid IN (
    SELECT place FROM (
        SELECT rowid AS place, product = w.value ->> 3 AS alike, route = w.value ->> 4 AS given, standing
        FROM notice_claims WHERE category = w.value ->> 0 AND {{narrow}}
    ) ORDER BY alike DESC, given DESC, standing DESC, place LIMIT {_ENOUGH}
)
"""
_NARROW = (
    "disease = w.value ->> 1",
    "family = w.value ->> 2 AND w.value ->> 2 <> ''",
    "w.value ->> 1 <> ''",
)
_QUOTES = """
SELECT w.key, n.source || '/' || n.key AS notice, substr(t.body, w.value ->> 1 + 1, w.value ->> 2 - w.value ->> 1)
AS quote FROM json_each(?) w JOIN notices n ON n.id = w.value ->> 0
JOIN pages p ON p.notice = n.id AND p.role = 'notice' JOIN texts t ON t.page = p.id
"""


def refill(db: Database, assessed: Iterable[tuple[Mapping[str, Any], Assessment]]) -> None:
    """Index anew what some notices quote; each comes as its row (id, kind, days) with what was read in it."""
    groups = words().groups
    for row, assessment in assessed:
        db.conn.execute("DELETE FROM notice_claims WHERE notice = ?", [row["id"]])
        weight = standing(assessment.relevance.label, row["kind"], row["issued_on"] or row["posted_on"])
        for claim in assessment.quoted:
            facets = (claim.disease, groups.get(claim.disease, ""), claim.product, claim.route)
            values = (row["id"], claim.category, claim.grade, *facets, claim.start, claim.end, weight)
            db.conn.execute(_INSERT, values)


def precedents(db: Database, wanted: Sequence[Claim], most: int) -> list[tuple[Precedent, ...]]:
    """For each claim the nearest notices that acted on the like, the best first; at most `most` of them."""
    keys = list(dict.fromkeys(map(_key, wanted)))
    found: dict[tuple[str, ...], list[Indexed]] = {key: [] for key in keys}
    for narrow in _NARROW:
        short = [key for key in keys if len({indexed.notice for indexed in found[key]}) < most]
        for key, indexed in _candidates(db, narrow, short):
            found[key].append(indexed)
    groups = words().groups
    chosen = {_key(claim): nearest(claim, found[_key(claim)], groups, most) for claim in wanted}
    quotes = _quotes(db, {indexed for some in chosen.values() for indexed in some})
    return [tuple(quotes[indexed] for indexed in chosen[_key(claim)]) for claim in wanted]


def _key(claim: Claim) -> tuple[str, ...]:
    """What precedents depend on: category, disease, its group, product, route."""
    family = words().groups.get(claim.disease, "")
    return (claim.category, claim.disease, family, claim.product, claim.route)


def _candidates(
    db: Database, narrow: str, keys: Sequence[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], Indexed]]:
    sql = _CANDIDATES.format(narrow=narrow)
    for row in db.query(sql, {"wanted": msgspec.json.encode(keys).decode()}):
        yield (
            tuple(msgspec.json.decode(row["wanted"])),
            Indexed(**{name: row[name] for name in Indexed.__struct_fields__}),
        )


def _quotes(db: Database, chosen: Iterable[Indexed]) -> dict[Indexed, Precedent]:
    places = list(chosen)
    asked = [(place.notice, place.start, place.end) for place in places]
    return {
        places[row["key"]]: Precedent(
            notice=row["notice"],
            quote=row["quote"],
            start=places[row["key"]].start,
            end=places[row["key"]].end,
        )
        for row in db.query(_QUOTES, [msgspec.json.encode(asked).decode()])
    }
