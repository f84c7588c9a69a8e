"""Events made anew where something has moved, inside the caller's transaction.

The outcome depends on what is stored, not on the order in which it came: see `stemwatch.events` for what is one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date

import msgspec
from sqlite_utils import Database

from stemwatch.assessing import assessing_digest
from stemwatch.events import REVISION, WITHIN, Key, Telling, events
from stemwatch.records import Source
from stemwatch.store.clinics.relinking import linking_digest
from stemwatch.store.database import day, writing
from stemwatch.store.views import forgotten
from stemwatch.views import PublicationView, ToldView

_TABLES = """
CREATE TEMP TABLE IF NOT EXISTS moved (notice INTEGER PRIMARY KEY);
CREATE TEMP TABLE IF NOT EXISTS tied (notice INTEGER PRIMARY KEY, step INTEGER NOT NULL);
DELETE FROM moved;
DELETE FROM tied
"""
_within = " ".join(f"WHEN '{kind}' THEN {days}" for kind, days in WITHIN.items())
_NEAR = f"""
INSERT OR IGNORE INTO tied
SELECT o.notice, :step + 1
FROM (SELECT DISTINCT k.kind, k.value, k.day FROM tied t JOIN event_keys k ON k.notice = t.notice
      WHERE t.step = :step) k
JOIN event_keys o ON o.kind = k.kind AND o.value = k.value
 AND o.day BETWEEN date(k.day, -(CASE k.kind {_within} END) || ' days')
               AND date(k.day, +(CASE k.kind {_within} END) || ' days')
"""
# Whom a notice only mentions, or names as a supplier or customer, is not whom the event is about.
_NEW_KEYS = """
INSERT OR IGNORE INTO event_keys
SELECT 'clinic', a.clinic, coalesce(n.issued_on, n.posted_on), n.id
FROM moved m CROSS JOIN notices n ON n.id = m.notice JOIN actors a ON a.notice = n.id
WHERE a.clinic IS NOT NULL AND coalesce(n.issued_on, n.posted_on) IS NOT NULL
  AND (a.slot = '' OR a.tie IN ('subject', 'codefendant'))
UNION
SELECT 'docket', lower(json_extract(j.value, '$.value')), coalesce(n.issued_on, n.posted_on), n.id
FROM moved m CROSS JOIN notices n ON n.id = m.notice JOIN parties p ON p.notice = n.id,
     json_each(p.body, '$.numbers') j
WHERE json_extract(j.value, '$.kind') = 'docket' AND coalesce(n.issued_on, n.posted_on) IS NOT NULL
"""
_TIED = """
SELECT n.id, n.source || '/' || n.key AS notice, n.source, n.stage, k.kind, k.value, k.day
FROM tied t CROSS JOIN notices n ON n.id = t.notice JOIN event_keys k ON k.notice = n.id
"""
_OTHERS = """
SELECT n.source || '/' || n.key AS notice, n.source, n.title, n.url, n.stage,
       coalesce(n.issued_on, n.posted_on) AS day
FROM events e JOIN events o ON o.event = e.event AND o.notice <> e.notice JOIN notices n ON n.id = o.notice
WHERE e.notice = ? ORDER BY day, notice
"""
_TOLD = """
SELECT t.subscription, t.delivery, t.change FROM changes c JOIN told_as_event t ON t.change = c.id
WHERE c.notice = ? ORDER BY t.change, t.subscription
"""


def retie_touched(db: Database, relinked: Collection[int]) -> None:
    """Tie anew the notices that a run touched, and those whose clinics were linked anew."""
    touched = {notice for (notice,) in db.conn.execute("SELECT notice FROM touched")}
    retie(db, touched | set(relinked))


def retie_all(db: Database) -> None:
    """Tie every notice anew when the way it is done, or what it rests on, is not what it was."""
    digest = f"{REVISION}-{linking_digest()}-{assessing_digest()}"
    if db.execute("SELECT tying FROM instance").fetchone()[0] == digest:
        return
    with writing(db):
        retie(db, {notice for (notice,) in db.conn.execute("SELECT id FROM notices")})
        db.execute("UPDATE instance SET tying = ?", [digest])


def retie(db: Database, notices: Collection[int]) -> None:
    """Tie these notices anew, and all that shares keys with them, or did until now."""
    for statement in _TABLES.split(";"):
        db.execute(statement)
    db.conn.executemany("INSERT INTO moved VALUES (?)", [(notice,) for notice in notices])
    db.execute("INSERT INTO tied SELECT notice, -1 FROM moved")
    db.conn.execute(_NEAR, {"step": -1})
    db.execute("DELETE FROM event_keys WHERE notice IN (SELECT notice FROM moved)")
    db.execute(_NEW_KEYS)
    db.execute("UPDATE tied SET step = 0")
    step = 0
    while db.conn.execute("SELECT 1 FROM tied WHERE step = ? LIMIT 1", (step,)).fetchone():
        db.conn.execute(_NEAR, {"step": step})
        step += 1
    _write(db)


def _write(db: Database) -> None:
    ids: dict[str, int] = {}
    rows: dict[str, dict[str, str]] = {}
    keys: dict[str, set[Key]] = defaultdict(set)
    for row in db.query(_TIED):
        ids[row["notice"]], rows[row["notice"]] = row["id"], row
        keys[row["notice"]].add(Key(row["kind"], row["value"]))
    found = events(
        Telling(
            notice=notice,
            source=row["source"],
            day=date.fromisoformat(row["day"]),
            stage=row["stage"],
            keys=frozenset(keys[notice]),
        )
        for notice, row in rows.items()
    )
    db.execute("DELETE FROM events WHERE notice IN (SELECT notice FROM tied)")
    members = [(ids[notice], ids[event[0]]) for event in found for notice in event]
    db.conn.executemany("INSERT INTO events (notice, event) VALUES (?, ?)", members)


def others(db: Database, sources: Mapping[str, Source], notice: int) -> tuple[PublicationView, ...]:
    """The other notices of a notice's event, earliest first."""
    return tuple(
        PublicationView(
            **{name: row[name] for name in ("notice", "title", "url", "stage")},
            regulator=(sources.get(row["source"]) or forgotten(row["source"])).regulator,
            on=day(row["day"]),
        )
        for row in db.query(_OTHERS, [notice])
    )


def told_as_event(db: Database, notice: int) -> Iterator[ToldView]:
    """Who was told of the notice only as part of its event, and by which delivery."""
    return (msgspec.convert(row, ToldView) for row in db.query(_TOLD, [notice]))
