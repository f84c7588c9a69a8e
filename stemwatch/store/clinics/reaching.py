"""Which actors must be linked anew: all that keys lead to, step by step, from those that have moved."""

from collections.abc import Iterable

from sqlite_utils import Database

from stemwatch.clinics.keys import LINKING, Key
from stemwatch.clinics.linking import CROWDED, MOST_FIRMS
from stemwatch.store.clinics.casting import Recast

_TABLES = """
CREATE TEMP TABLE IF NOT EXISTS reached (actor INTEGER PRIMARY KEY, step INTEGER NOT NULL);
CREATE TEMP TABLE IF NOT EXISTS reached_keys (
    kind TEXT, value TEXT, step INTEGER NOT NULL, PRIMARY KEY (kind, value)
) WITHOUT ROWID;
DELETE FROM reached;
DELETE FROM reached_keys
"""
_kinds = ", ".join(f"'{kind}'" for kind in LINKING)
_NEXT_KEYS = f"""
INSERT OR IGNORE INTO reached_keys
SELECT k.kind, k.value, :step FROM reached r JOIN actor_keys k ON k.actor = r.actor
WHERE r.step = :step AND k.kind IN ({_kinds})
  AND NOT EXISTS (SELECT 1 FROM dropped_keys d WHERE d.kind = k.kind AND d.value = k.value)
"""
_NEXT_ACTORS = """
INSERT OR IGNORE INTO reached
SELECT k.actor, :step + 1 FROM reached_keys f JOIN actor_keys k ON k.kind = f.kind AND k.value = f.value
WHERE f.step = :step
"""
_MEMBERS = "INSERT OR IGNORE INTO reached SELECT id, 0 FROM actors WHERE clinic = ?"
_HOLDERS = "INSERT OR IGNORE INTO reached SELECT actor, 0 FROM actor_keys WHERE kind = ? AND value = ?"
_FIRMS = """
SELECT count(DISTINCT a.joined) FROM actor_keys k JOIN actors a ON a.id = k.actor WHERE k.kind = ? AND k.value = ?
"""


def reach(db: Database, moved: Recast) -> None:
    """Fill the table `reached` with every actor that may belong to another clinic now."""
    for statement in _TABLES.split(";"):
        db.execute(statement)
    db.conn.executemany("INSERT OR IGNORE INTO reached VALUES (?, 0)", [(actor,) for actor in moved.actors])
    db.conn.executemany(_MEMBERS, {(clinic,) for clinic, _ in moved.former})
    db.conn.executemany(_HOLDERS, [tuple(key) for key in weigh_keys(db, moved.keys)])
    step = 0
    while db.conn.execute("SELECT 1 FROM reached WHERE step = ? LIMIT 1", (step,)).fetchone():
        db.conn.execute(_NEXT_KEYS, {"step": step})
        db.conn.execute(_NEXT_ACTORS, {"step": step})
        step += 1


def weigh_keys(db: Database, keys: Iterable[Key]) -> list[Key]:
    """Drop the keys that tie too many firms together, take back those that no longer do; returns both."""
    turned = []
    for key in sorted(key for key in keys if key.kind in CROWDED):
        firms = db.conn.execute(_FIRMS, key).fetchone()[0]
        before = db.conn.execute("SELECT firms FROM dropped_keys WHERE kind = ? AND value = ?", key).fetchone()
        db.conn.execute("DELETE FROM dropped_keys WHERE kind = ? AND value = ?", key)
        if firms > MOST_FIRMS:
            db.conn.execute("INSERT INTO dropped_keys VALUES (?, ?, ?)", (*key, firms))
        if (before is not None) != (firms > MOST_FIRMS):
            turned.append(key)
    return turned
