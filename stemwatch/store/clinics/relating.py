"""How clinics stand to each other without being one: what notices say, and what they happen to share.

What they share is read from the keys whenever it is asked for, so that it is never out of date.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.clinics.actors import Actor
from stemwatch.clinics.keys import street
from stemwatch.clinics.names import firm_name, person_name
from stemwatch.clinics.nearness import ALIKE, likeness
from stemwatch.clinics.quotes import evidence
from stemwatch.clinics.views import EvidenceView, RelatedView, RelationKind
from stemwatch.parties.records import Address, Mention, Person
from stemwatch.store.fields import fields_of

MOST_SHARING = 6
"""Clinics that a person or an address may be common to before it is a common name or a mail drop."""
MOST_NEAR = 500
"""Names with one beginning among which likeness is looked for."""
INVERSE: dict[RelationKind, RelationKind] = {"supplier": "customer", "customer": "supplier"}
SHARED: dict[str, RelationKind] = {"person": "shared_officer", "street": "same_address"}

_STATED = """
SELECT r.kind, r.mention, r.one, r.other, mine.id AS me, mine.notice, yours.clinic, c.name
FROM actors mine JOIN relations r ON r.one = mine.id OR r.other = mine.id
JOIN actors yours ON yours.id = iif(r.one = mine.id, r.other, r.one) JOIN clinics c ON c.id = yours.clinic
WHERE mine.clinic = :clinic AND yours.clinic <> :clinic ORDER BY c.name, yours.clinic, r.kind, mine.day
"""
# CROSS JOIN: from the few actors of one clinic to their keys. SQLite would read every key of a kind.
_SHARED = """
SELECT DISTINCT k.kind, k.value, yours.clinic, c.name FROM actors mine
CROSS JOIN actor_keys k ON k.actor = mine.id AND k.kind IN ('person', 'street')
CROSS JOIN actor_keys also ON also.kind = k.kind AND also.value = k.value
JOIN actors yours ON yours.id = also.actor JOIN clinics c ON c.id = yours.clinic
WHERE mine.clinic = :clinic AND yours.clinic <> :clinic ORDER BY k.kind, k.value, c.name, yours.clinic
"""
_HOLDERS = """
SELECT count(DISTINCT a.clinic) FROM actor_keys k JOIN actors a ON a.id = k.actor WHERE k.kind = ? AND k.value = ?
"""
_NEAR = """
SELECT DISTINCT w.clinic, w.name FROM actor_keys k JOIN actors a ON a.id = k.actor
JOIN clinic_names w ON w.clinic = a.clinic WHERE k.kind = 'near' AND k.value = ? AND a.clinic <> ?
"""
_MY_NEAR = """
SELECT DISTINCT k.value FROM actors a CROSS JOIN actor_keys k ON k.actor = a.id
WHERE a.clinic = ? AND k.kind = 'near' ORDER BY k.value
"""
_HELD = """
SELECT a.notice, a.body FROM actor_keys k JOIN actors a ON a.id = k.actor
WHERE k.kind = ? AND k.value = ? AND a.clinic IN (?, ?) ORDER BY a.day, a.id
"""
_WORDS = """
SELECT n.source || '/' || n.key AS notice, n.title, n.fields, p.fields AS page_fields, t.body FROM notices n
LEFT JOIN pages p ON p.notice = n.id AND p.role = 'notice' LEFT JOIN texts t ON t.page = p.id WHERE n.id = ?
"""


def related(db: Database, clinic: str) -> Iterator[RelatedView]:
    """The clinics that this one has to do with, what notices state first."""
    yield from _stated(db, clinic)
    yield from _sharing(db, clinic)
    yield from _alike(db, clinic)


def _stated(db: Database, clinic: str) -> Iterator[RelatedView]:
    found: dict[tuple[RelationKind, str, str], list[EvidenceView]] = {}
    for row in db.query(_STATED, {"clinic": clinic}):
        kind = row["kind"] if row["other"] == row["me"] else INVERSE.get(row["kind"], row["kind"])
        mention = msgspec.json.decode(row["mention"], type=Mention)
        found.setdefault((kind, row["clinic"], row["name"]), []).append(proof(db, row["notice"], mention))
    for (kind, other, name), proofs in found.items():
        yield RelatedView(relation=kind, clinic=other, name=name, score=1.0, evidence=tuple(proofs))


def _sharing(db: Database, clinic: str) -> Iterator[RelatedView]:
    for row in list(db.query(_SHARED, {"clinic": clinic})):
        if db.execute(_HOLDERS, [row["kind"], row["value"]]).fetchone()[0] <= MOST_SHARING:
            proofs = shared_proof(db, row["kind"], row["value"], clinic, row["clinic"])
            kind = SHARED[row["kind"]]
            yield RelatedView(relation=kind, clinic=row["clinic"], name=row["name"], score=1.0, evidence=proofs)


def _alike(db: Database, clinic: str) -> Iterator[RelatedView]:
    names = db.execute("SELECT name FROM clinic_names WHERE clinic = ?", [clinic])
    mine = [firm_name(name) for (name,) in names]
    best: dict[str, tuple[float, str]] = {}
    for (near,) in db.execute(_MY_NEAR, [clinic]).fetchall():
        for other, name in db.execute(f"{_NEAR} LIMIT {MOST_NEAR}", [near, clinic]).fetchall():
            theirs = firm_name(name)
            score = max(likeness(one, theirs) for one in mine)
            if score >= ALIKE and score > best.get(other, (0.0, ""))[0]:
                best[other] = score, name
    for other, (score, name) in sorted(best.items(), key=lambda found: (-found[1][0], found[0])):
        yield RelatedView(relation="similar_name", clinic=other, name=name, score=round(score, 3), evidence=())


def shared_proof(db: Database, kind: str, value: str, one: str, other: str) -> tuple[EvidenceView, ...]:
    """Where notices of two clinics name the person or the address that both have, one place a notice."""
    proofs: dict[int, EvidenceView] = {}
    for notice, body in db.execute(_HELD, [kind, value, one, other]).fetchall():
        actor = msgspec.json.decode(body, type=Actor)
        held: tuple[Person | Address, ...] = actor.people if kind == "person" else actor.addresses
        for mention in held:
            if notice not in proofs and _is(mention, value, _fields(db, notice)):
                proofs[notice] = proof(db, notice, mention)
    return tuple(proofs.values())


def _is(mention: Person | Address, value: str, row: dict[str, Any]) -> bool:
    if isinstance(mention, Person):
        return person_name(mention.name) == value
    return street(fields_of(row).get(mention.field, "")[mention.start : mention.end]) == value


def proof(db: Database, notice: int, mention: Mention) -> EvidenceView:
    """The words of a notice, named by its row, at a mention."""
    row = _fields(db, notice)
    return evidence(row["notice"], fields_of(row), mention)


def _fields(db: Database, notice: int) -> dict[str, Any]:
    return next(iter(db.query(_WORDS, [notice])))
