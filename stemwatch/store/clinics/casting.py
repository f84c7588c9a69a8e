"""The actors of the notices that a run touched: taken from their words, written with their keys and relations."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from itertools import islice, tee
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.clinics.actors import Actor, Cast, cast
from stemwatch.clinics.keys import Key, bond_keys, names, own_keys, street
from stemwatch.crew import Counted, Spread, here
from stemwatch.parties import parties
from stemwatch.parties.records import Parties
from stemwatch.store.clinics.named import save_names
from stemwatch.store.fields import fields_of

_DOCUMENTS = """
SELECT n.id, n.source, n.source || '/' || n.key AS notice, n.title, n.fields, p.fields AS page_fields, t.body,
       coalesce(n.issued_on, n.posted_on, '') AS day, k.digest,
       (SELECT a.day FROM actors a WHERE a.notice = n.id LIMIT 1) AS last_day
FROM touched u CROSS JOIN notices n ON n.id = u.notice LEFT JOIN parties k ON k.notice = n.id
LEFT JOIN pages p ON p.notice = n.id AND p.role = 'notice' LEFT JOIN texts t ON t.page = p.id ORDER BY n.id
"""
_ACTOR = "INSERT INTO actors (notice, slot, day, tie, joined, body) VALUES (?, ?, ?, ?, ?, ?)"
_KEY = "INSERT OR IGNORE INTO actor_keys (kind, value, actor) VALUES (?, ?, ?)"
_RELATION = "INSERT OR IGNORE INTO relations (kind, one, other, mention) VALUES (?, ?, ?, ?)"
_PARTIES = """
INSERT INTO parties (notice, digest, body) VALUES (?, ?, ?)
ON CONFLICT (notice) DO UPDATE SET digest = excluded.digest, body = excluded.body
"""


class Recast(msgspec.Struct):
    """What has moved: actors that are new, keys that came or went, former members (clinic, notice) by clinic."""

    actors: set[int] = set()
    keys: set[Key] = set()
    former: list[tuple[str, int]] = []


def recast_touched(
    db: Database, languages: Mapping[str, str], work_on: Spread = here, progress: Counted | None = None
) -> Recast:
    """Take the actors of every touched notice anew, where its parties or its day have changed."""
    moved = Recast()
    total = db.execute("SELECT count(*) FROM touched").fetchone()[0]
    done = 0
    rows, same = tee(db.query(_DOCUMENTS))
    written = ((fields_of(row), languages.get(row["source"], "en")) for row in rows)
    for batch in work_on(_parties, written):
        for row, found in zip(islice(same, len(batch)), batch, strict=True):
            _recast(db, row, found, moved)
        done += len(batch)
        if progress:
            progress(done, total)
    return moved


def _parties(written: list[tuple[dict[str, str], str]]) -> list[Parties]:
    return [parties(fields, language) for fields, language in written]


def _recast(db: Database, row: Mapping[str, Any], found: Parties, moved: Recast) -> None:
    body = msgspec.json.encode(found)
    digest = sha256(body).hexdigest()[:16]
    if digest == row["digest"] and row["last_day"] in (None, row["day"]):
        return
    db.conn.execute(_PARTIES, (row["id"], digest, body.decode()))
    save_names(db, row["id"], found)
    _remove(db, row["id"], moved)
    made = cast(found)
    if made.actors:
        _insert(db, row, made, moved)


def _remove(db: Database, notice: int, moved: Recast) -> None:
    mine = "SELECT id FROM actors WHERE notice = ?"
    gone = db.conn.execute("SELECT clinic FROM actors WHERE notice = ?", (notice,)).fetchall()
    if not gone:  # most notices are new
        return
    moved.former.extend((clinic, notice) for (clinic,) in gone)
    moved.keys |= _keys(db, f"SELECT kind, value FROM actor_keys WHERE actor IN ({mine})", notice)
    db.conn.execute(f"DELETE FROM relations WHERE one IN ({mine})", (notice,))
    db.conn.execute(f"DELETE FROM actor_keys WHERE actor IN ({mine})", (notice,))
    db.conn.execute("DELETE FROM actors WHERE notice = ?", (notice,))


def _keys(db: Database, sql: str, *parameters: int) -> set[Key]:
    return {Key(kind, value) for kind, value in db.conn.execute(sql, parameters)}


def _insert(db: Database, row: Mapping[str, Any], made: Cast, moved: Recast) -> None:
    numbers: dict[str, int] = {}
    bonds = bond_keys(row["notice"], made)
    for actor in made.actors:
        body = msgspec.json.encode(actor).decode()
        values = (row["id"], actor.slot, row["day"], actor.names[0].tie, names(actor)[0].joined, body)
        number = db.conn.execute(_ACTOR, values).lastrowid
        assert number is not None
        numbers[actor.slot] = number
        keys = own_keys(actor) | bonds.get(actor.slot, frozenset())
        keys |= decision_keys(db, row["id"], actor.slot) | _streets(actor, row)
        db.conn.executemany(_KEY, [(*key, number) for key in keys])
        moved.keys |= keys
        moved.actors.add(number)
    db.conn.executemany(
        _RELATION,
        [(b.kind, numbers[b.one], numbers[b.other], msgspec.json.encode(b.mention).decode()) for b in made.bonds],
    )


def decision_keys(db: Database, notice: int, slot: str) -> frozenset[Key]:
    """What people's decisions tie an actor to."""
    sql = """SELECT d.id, a.side FROM decided_actors a JOIN clinic_decisions d ON d.id = a.decision
             WHERE a.notice = ? AND a.slot = ? AND d.undone_at IS NULL"""
    return frozenset(Key("decision", decided(*row)) for row in db.conn.execute(sql, (notice, slot)))


def decided(decision: int, side: str) -> str:
    """The value of the key that the actors on one side of a decision share."""
    return f"{decision} {side}"


def _streets(actor: Actor, row: Mapping[str, Any]) -> frozenset[Key]:
    fields = fields_of(row)
    printed = (fields.get(place.field, "")[place.start : place.end] for place in actor.addresses)
    return frozenset(Key("street", found) for found in map(street, printed) if found)


def touch_all(db: Database, notices: Iterable[int] | None = None) -> None:
    """Make these the touched notices, or every one."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched (notice INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM touched")
    if notices is None:
        db.execute("INSERT INTO touched SELECT id FROM notices")
    else:
        db.conn.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(notice,) for notice in notices])
