"""Clinics made anew where something has moved, inside the caller's transaction.

The outcome depends on what is stored, not on the order in which it came: see `stemwatch.clinics.linking` for who
is one, `stemwatch.clinics.ids` for what a clinic is called.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

import msgspec
from sqlite_utils import Database

from stemwatch.clinics.actors import Actor
from stemwatch.clinics.ids import UNDATED, Anchor, clinic_id
from stemwatch.clinics.keys import Key, Keyed, keyed
from stemwatch.clinics.lexicon import lexicon_digest
from stemwatch.clinics.linking import REVISION, link
from stemwatch.clinics.names import firm_name
from stemwatch.clinics.nearness import ALIKE, likeness
from stemwatch.crew import Counted, spread
from stemwatch.parties import digest as parties_digest
from stemwatch.store.clinics.casting import Recast, recast_touched, touch_all
from stemwatch.store.clinics.describing import describe
from stemwatch.store.clinics.reaching import reach
from stemwatch.store.database import writing

_REACHED = """
SELECT a.id, a.notice, n.source || '/' || n.key, a.slot, a.day, a.clinic
FROM reached r JOIN actors a ON a.id = r.actor JOIN notices n ON n.id = a.notice
"""
_KEYS = "SELECT k.actor, k.kind, k.value FROM reached r JOIN actor_keys k ON k.actor = r.actor"
_SIDES = """
SELECT a.id, s.decision, s.side FROM decided_actors s JOIN clinic_decisions d ON d.id = s.decision
JOIN actors a ON a.notice = s.notice AND a.slot = s.slot JOIN reached r ON r.actor = a.id
WHERE d.verb = 'split' AND d.undone_at IS NULL
"""
_LOST = """
SELECT c.name FROM clinics c WHERE c.id = ? AND c.became IS NULL
AND NOT EXISTS (SELECT 1 FROM actors a WHERE a.notice = c.notice AND a.slot = c.slot)
"""


class Member(msgspec.Struct, frozen=True):
    """One actor: its row, its notice's row, its anchor, and the clinic it belonged to until now."""

    id: int
    notice: int
    anchor: Anchor
    clinic: str | None


def relink_touched(db: Database, languages: Mapping[str, str]) -> set[int]:
    """Link anew what the touched notices have to do with; returns the notices whose actors were linked.

    `languages` are those of the sources, by name.
    """
    return relink(db, recast_touched(db, languages))


def relink_all(db: Database, languages: Mapping[str, str], progress: Counted | None = None) -> None:
    """Take all parties and link everything anew when the way it is done is not the one it was done in."""
    digest = linking_digest()
    if db.execute("SELECT linking FROM instance").fetchone()[0] == digest:
        return
    with writing(db):
        touch_all(db)
        moved = recast_touched(db, languages, spread, progress)
        moved.actors |= {actor for (actor,) in db.conn.execute("SELECT id FROM actors")}
        moved.keys |= {Key(*row) for row in db.conn.execute("SELECT DISTINCT kind, value FROM actor_keys")}
        relink(db, moved)
        db.execute("DELETE FROM touched")
        db.execute("UPDATE instance SET linking = ?", [digest])


def linking_digest() -> str:
    """Changes whenever the same notices might be linked otherwise."""
    return sha256(f"{parties_digest()} {REVISION} {lexicon_digest()}".encode()).hexdigest()[:16]


def relink(db: Database, moved: Recast) -> set[int]:
    """Link the actors that `moved` leads to, give each clinic its id, and describe those that changed.

    Returns the notices of those actors.
    """
    if not moved.actors and not moved.former:
        return set()
    reach(db, moved)
    members = _members(db)
    order = sorted(members.values(), key=lambda member: member.anchor)
    dropped = {Key(*row) for row in db.conn.execute("SELECT kind, value FROM dropped_keys")}
    groups = link(list(_keyed(db, [member.id for member in order])), dropped)
    new = dict(_named(db, groups, members))
    before = {member.clinic for member in members.values()} | {clinic for clinic, _ in moved.former}
    _lead_on(db, order, new)
    _lead_on_lost(db, moved, members, new)
    describe(db, {clinic for clinic in before if clinic} | set(new.values()))
    return {member.notice for member in members.values()}


def _members(db: Database) -> dict[int, Member]:
    rows = db.conn.execute(_REACHED)
    return {
        actor: Member(actor, notice, Anchor(day or UNDATED, name, slot), clinic)
        for actor, notice, name, slot, day, clinic in rows
    }


def _keyed(db: Database, order: Iterable[int]) -> Iterator[Keyed]:
    keys: dict[int, set[Key]] = defaultdict(set)
    for actor, kind, value in db.conn.execute(_KEYS):
        keys[actor].add(Key(kind, value))
    sides: dict[int, dict[int, str]] = defaultdict(dict)
    for actor, decision, side in db.conn.execute(_SIDES):
        sides[actor][decision] = side
    decode = msgspec.json.Decoder(Actor).decode
    for actor in order:
        (body,) = db.conn.execute("SELECT body FROM actors WHERE id = ?", (actor,)).fetchone()
        yield keyed(actor, decode(body), frozenset(keys[actor]), sides.get(actor, {}))


def _named(db: Database, groups: Iterable[list[int]], members: Mapping[int, Member]) -> Iterator[tuple[int, str]]:
    """Every actor with the id of its clinic, which is written where it is another than before."""
    for group in groups:
        anchor = min((members[actor] for actor in group), key=lambda member: member.anchor)
        clinic = _id_of(db, anchor)
        moved = [(clinic, actor) for actor in group if members[actor].clinic != clinic]
        db.conn.executemany("UPDATE actors SET clinic = ? WHERE id = ?", moved)
        yield from ((actor, clinic) for actor in group)


def _id_of(db: Database, member: Member) -> str:
    sql = "SELECT id FROM clinics WHERE notice = ? AND slot = ?"
    known = db.conn.execute(sql, (member.notice, member.anchor.slot)).fetchone()
    if known:
        return str(known[0])
    attempt = 0
    while True:
        given = clinic_id(member.anchor, attempt)
        written = db.conn.execute(
            "INSERT OR IGNORE INTO clinics (id, notice, slot) VALUES (?, ?, ?)",
            (given, member.notice, member.anchor.slot),
        )
        if written.rowcount:
            return given
        attempt += 1


def _lead_on(db: Database, members: Iterable[Member], new: Mapping[int, str]) -> None:
    """Let every id whose anchor was linked lead to its clinic; the id that is the clinic's own leads nowhere."""
    db.conn.executemany(
        "UPDATE clinics SET became = nullif(:clinic, id) WHERE notice = :notice AND slot = :slot",
        [{"clinic": new[m.id], "notice": m.notice, "slot": m.anchor.slot} for m in members],
    )


def _lead_on_lost(db: Database, moved: Recast, members: Mapping[int, Member], new: Mapping[int, str]) -> None:
    """An id whose anchor is named no more leads to where most of its clinic has gone.

    Where nothing is left of that, it leads to whom the same notice now names by a name spelt alike.
    """
    heirs: dict[str, Counter[str]] = defaultdict(Counter)
    for member in sorted(members.values(), key=lambda member: member.anchor):
        if member.clinic:
            heirs[member.clinic][new[member.id]] += 1
    for clinic, notice in moved.former:
        lost = db.conn.execute(_LOST, (clinic,)).fetchone()
        if lost is None:
            continue
        named = [member.id for member in members.values() if member.notice == notice]
        alike = [new[actor] for actor in named if _spelt_alike(db, actor, lost[0])]
        heir = next((found for found, _ in heirs[clinic].most_common(1)), min(alike, default=None))
        db.conn.execute("UPDATE clinics SET became = ? WHERE id = ?", (heir, clinic))


def _spelt_alike(db: Database, actor: int, name: str) -> bool:
    (body,) = db.conn.execute("SELECT body FROM actors WHERE id = ?", (actor,)).fetchone()
    names = (firm.name for firm in msgspec.json.decode(body, type=Actor).names)
    return any(likeness(firm_name(name), firm_name(other)) >= ALIKE for other in names)
