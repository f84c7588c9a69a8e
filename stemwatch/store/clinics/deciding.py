"""What people decide about clinics: these two are one, these notices belong to another. It wins over the machine.

A decision is about the actors that the clinics had when it was taken; each side of it stays together.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlite_utils import Database

from stemwatch.clinics.views import ClinicDecision
from stemwatch.errors import UsageError
from stemwatch.store.clinics.casting import Recast, decided
from stemwatch.store.clinics.finding import current
from stemwatch.store.clinics.relinking import relink
from stemwatch.store.database import moment, stamp, writing
from stemwatch.store.dossiers import find
from stemwatch.store.events import retie

_ALL = """
SELECT d.*, (SELECT group_concat(name, char(10)) FROM (
           SELECT DISTINCT n.source || '/' || n.key AS name FROM decided_actors a JOIN notices n ON n.id = a.notice
           WHERE a.decision = d.id AND a.side = 'off' ORDER BY 1)) AS notices
FROM clinic_decisions d
"""
_OF_CLINIC = """
SELECT s.decision FROM decided_actors s JOIN actors a ON a.notice = s.notice AND a.slot = s.slot
WHERE a.clinic = :clinic
"""
_OPPOSED = """
SELECT d.id FROM clinic_decisions d
JOIN decided_actors one ON one.decision = d.id JOIN decided_actors other ON other.decision = d.id
JOIN actors mine ON mine.notice = one.notice AND mine.slot = one.slot
JOIN actors yours ON yours.notice = other.notice AND yours.slot = other.slot
WHERE d.verb = 'split' AND d.undone_at IS NULL AND one.side <> other.side AND mine.clinic = ? AND yours.clinic = ?
"""
_ACTORS = """
SELECT a.id, a.notice, d.side, a.clinic FROM decided_actors d
JOIN actors a ON a.notice = d.notice AND a.slot = d.slot WHERE d.decision = ?
"""


def merge(db: Database, one: str, other: str, why: str, now: datetime) -> ClinicDecision:
    """Two clinics are one; the id with the older anchor stays. UsageError when they already are, or were split."""
    first, second = current(db, one), current(db, other)
    if first == second:
        raise UsageError(f"{one} and {other} are one clinic already: {first}.")
    if opposed := db.execute(_OPPOSED, [first, second]).fetchone():
        raise UsageError(
            f"Decision {opposed[0]} split {first} and {second}. Undo it first: stemwatch clinics undo {opposed[0]}"
        )
    with writing(db):
        decision = _record(db, "merge", first, second, why, now)
        for clinic in (first, second):
            sql = "INSERT INTO decided_actors SELECT ?, notice, slot, 'on' FROM actors WHERE clinic = ?"
            db.execute(sql, [decision, clinic])
        _take_up(db, decision)
    return decisions(db, decision)[0]


def split(db: Database, clinic: str, notices: Sequence[str], why: str, now: datetime) -> ClinicDecision:
    """Notices belong to another clinic than `clinic`. UsageError when it has none of them, or no others."""
    whole = current(db, clinic)
    named = {find(db, notice)["id"]: notice for notice in notices}
    members = db.execute("SELECT notice, slot FROM actors WHERE clinic = ?", [whole]).fetchall()
    if strangers := [name for notice, name in named.items() if notice not in {row[0] for row in members}]:
        raise UsageError(f"{strangers[0]} is not a notice of {whole}. `stemwatch clinic {whole}` lists them.")
    if not {row[0] for row in members} - named.keys():
        raise UsageError(f"These are all notices of {whole}: nothing would be left of it.")
    with writing(db):
        decision = _record(db, "split", whole, None, why, now)
        sides = [(decision, *row, "off" if row[0] in named else "on") for row in members]
        db.conn.executemany("INSERT INTO decided_actors VALUES (?, ?, ?, ?)", sides)
        _take_up(db, decision)
    return decisions(db, decision)[0]


def undo(db: Database, decision: int, now: datetime) -> ClinicDecision:
    """Take a decision back; it stays on record. UsageError when there is none, or it was undone before."""
    standing = decisions(db, decision)
    if not standing:
        raise UsageError(f"There is no decision {decision}. `stemwatch clinics review` lists them.")
    if standing[0].undone_at:
        raise UsageError(f"Decision {decision} was undone before.")
    with writing(db):
        db.execute("UPDATE clinic_decisions SET undone_at = ? WHERE id = ?", [stamp(now), decision])
        _take_up(db, decision)
    return decisions(db, decision)[0]


def decisions(db: Database, decision: int | None = None, clinic: str | None = None) -> list[ClinicDecision]:
    """One decision, those that concern a clinic, or all that people ever took, oldest first."""
    sql = f"{_ALL} WHERE (:decision IS NULL OR d.id = :decision) AND (:clinic IS NULL OR d.id IN ({_OF_CLINIC}))"
    parameters = {"decision": decision, "clinic": clinic}
    return list(_views(db.query(f"{sql} ORDER BY d.id", parameters)))


def _views(rows: Iterable[dict[str, str]]) -> Iterator[ClinicDecision]:
    for row in rows:
        at = moment(row["decided_at"])
        assert at is not None
        yield ClinicDecision(
            decision=int(row["id"]),
            verb="merge" if row["verb"] == "merge" else "split",
            clinic=row["clinic"],
            other=row["other"],
            notices=tuple((row["notices"] or "").split("\n")) if row["notices"] else (),
            why=row["why"],
            decided_at=at,
            undone_at=moment(row["undone_at"]),
        )


def _record(db: Database, verb: str, clinic: str, other: str | None, why: str, now: datetime) -> int:
    values = (verb, clinic, other, why, stamp(now))
    sql = "INSERT INTO clinic_decisions (verb, clinic, other, why, decided_at) VALUES (?, ?, ?, ?, ?)"
    return int(db.conn.execute(sql, values).lastrowid or 0)


def _take_up(db: Database, decision: int) -> None:
    """Link anew whom a decision concerns, after it was taken or undone."""
    rows = db.execute(_ACTORS, [decision]).fetchall()
    if decisions(db, decision)[0].undone_at:
        values = [("decision", decided(decision, side)) for side in ("on", "off")]
        db.conn.executemany("DELETE FROM actor_keys WHERE kind = ? AND value = ?", values)
    else:
        keys = [("decision", decided(decision, side), actor) for actor, _, side, _ in rows]
        db.conn.executemany("INSERT INTO actor_keys (kind, value, actor) VALUES (?, ?, ?)", keys)
    former = [(clinic, notice) for _, notice, _, clinic in rows]
    retie(db, relink(db, Recast(actors={actor for actor, *_ in rows}, former=former)))
