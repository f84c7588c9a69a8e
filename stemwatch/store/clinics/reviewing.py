"""Pairs of clinics that may be one, for a person to decide; and keys that too many share to be used."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from sqlite_utils import Database

from stemwatch.clinics.names import firm_name
from stemwatch.clinics.nearness import ALIKE, likeness
from stemwatch.clinics.views import Candidate, DroppedKey, EvidenceView, RelationKind
from stemwatch.store.clinics.finding import clinic_name
from stemwatch.store.clinics.relating import MOST_NEAR, MOST_SHARING, SHARED, shared_proof

WEIGHTS: dict[RelationKind, float] = {"shared_officer": 0.5, "same_address": 0.5, "similar_name": 0.6}
"""How far each sign alone goes; a likeness counts by its share above what is alike at all."""

_SHOWN = (
    "CREATE TEMP TABLE IF NOT EXISTS reviewed (actor INTEGER PRIMARY KEY, clinic TEXT NOT NULL)",
    "DELETE FROM reviewed",
    """INSERT INTO reviewed SELECT a.id, a.clinic FROM actors a WHERE a.clinic IN (
           SELECT b.clinic FROM actors b JOIN notices n ON n.id = b.notice WHERE n.label <> 'unrelated')""",
)
_KEYS = """
SELECT k.kind, k.value, group_concat(DISTINCT r.clinic) FROM reviewed r JOIN actor_keys k ON k.actor = r.actor
WHERE k.kind IN ('person', 'street', 'near') GROUP BY k.kind, k.value HAVING count(DISTINCT r.clinic) > 1
ORDER BY k.kind, k.value
"""
_APART = """
SELECT DISTINCT mine.clinic, yours.clinic FROM clinic_decisions d
JOIN decided_actors one ON one.decision = d.id AND one.side = 'on'
JOIN decided_actors other ON other.decision = d.id AND other.side = 'off'
JOIN actors mine ON mine.notice = one.notice AND mine.slot = one.slot
JOIN actors yours ON yours.notice = other.notice AND yours.slot = other.slot
WHERE d.verb = 'split' AND d.undone_at IS NULL
"""
Pair = tuple[str, str]


def review(db: Database) -> list[Candidate]:
    """Pairs of shown clinics that share a person, an address or nearly a name, the most likely first."""
    for statement in _SHOWN:
        db.execute(statement)
    signs: dict[Pair, dict[RelationKind, float]] = defaultdict(dict)
    shared: dict[Pair, list[tuple[str, str]]] = defaultdict(list)
    names = _names(db)
    for kind, value, found in db.execute(_KEYS).fetchall():
        clinics = sorted(found.split(","))
        if kind == "near":
            _alike(clinics, names, signs)
        elif len(clinics) <= MOST_SHARING:
            for pair in combinations(clinics, 2):
                signs[pair][SHARED[kind]] = 1.0
                shared[pair].append((kind, value))
    apart = {(min(pair), max(pair)) for pair in db.execute(_APART).fetchall()}
    pairs = sorted((pair for pair in signs if pair not in apart), key=lambda pair: (-_score(signs[pair]), pair))
    return [_candidate(db, pair, signs[pair], shared[pair]) for pair in pairs]


def _names(db: Database) -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for clinic, name in db.execute("SELECT clinic, name FROM clinic_names ORDER BY clinic, name"):
        names[clinic].append(name)
    return names


def _alike(clinics: list[str], names: dict[str, list[str]], signs: dict[Pair, dict[RelationKind, float]]) -> None:
    if len(clinics) > MOST_NEAR:
        return
    for one, other in combinations(clinics, 2):
        if "similar_name" not in signs.get((one, other), {}):
            score = _likeness(names[one], names[other])
            if score >= ALIKE:
                signs[one, other]["similar_name"] = score


def _likeness(ours: Iterable[str], theirs: Iterable[str]) -> float:
    known = [firm_name(name) for name in theirs]
    return max(likeness(firm_name(one), other) for one in ours for other in known)


def _score(signs: dict[RelationKind, float]) -> float:
    """0 to 1: signs add up as if each were by chance on its own."""
    doubt = 1.0
    for kind, strength in signs.items():
        share = (strength - ALIKE / 2) / (1 - ALIKE / 2) if kind == "similar_name" else strength
        doubt *= 1 - WEIGHTS[kind] * share
    return round(1 - doubt, 3)


def _candidate(
    db: Database, pair: Pair, signs: dict[RelationKind, float], shared: Iterable[tuple[str, str]]
) -> Candidate:
    proofs: list[EvidenceView] = []
    for kind, value in shared:
        proofs.extend(shared_proof(db, kind, value, *pair))
    one, other = pair
    return Candidate(
        clinic=one,
        name=clinic_name(db, one),
        other=other,
        other_name=clinic_name(db, other),
        score=_score(signs),
        why=tuple(signs),
        evidence=tuple(proofs),
    )


def dropped(db: Database) -> Iterator[DroppedKey]:
    """What ties too many differently named firms together to say who they are."""
    for kind, value, firms in db.execute("SELECT kind, value, firms FROM dropped_keys ORDER BY firms DESC, value"):
        yield DroppedKey(by=kind, value=value, firms=firms)
