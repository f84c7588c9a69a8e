"""The store as a dataset: every table of a release as a stream, sorted by its key as text sorts."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import msgspec
from sqlite_utils import Database

from stemwatch.cadence import Cadence
from stemwatch.dataset import CaptureRow, ClinicNameRow, ClinicRow, EvidenceRow, RelationRow, SourceRow
from stemwatch.records import Source
from stemwatch.store.clinics.relating import INVERSE, MOST_SHARING, SHARED
from stemwatch.store.database import day, moment
from stemwatch.store.queries import source_views

# Bonds that read differently from the other side; every other one is told once, the lesser id first.
_DIRECTED = (*INVERSE, "parent")

_CLINICS = """
SELECT c.id AS clinic, c.name, s.names, s.people, s.websites, s.places,
       CASE WHEN c.became IS NOT NULL THEN (
            WITH RECURSIVE led (id, became, steps) AS (
                SELECT c.id, c.became, 0
                UNION ALL SELECT n.id, n.became, led.steps + 1 FROM led JOIN clinics n ON n.id = led.became
                WHERE led.steps < 100
            ) SELECT id FROM led ORDER BY steps DESC LIMIT 1) END AS became,
       (SELECT count(DISTINCT a.notice) FROM actors a WHERE a.clinic = c.id) AS notices,
       (SELECT count(DISTINCT a.notice) FROM actors a JOIN notices n ON n.id = a.notice
        WHERE a.clinic = c.id AND n.label <> 'unrelated') AS relevant,
       (SELECT min(first_on) FROM clinic_names w WHERE w.clinic = c.id) AS first_on,
       (SELECT max(last_on) FROM clinic_names w WHERE w.clinic = c.id) AS last_on
FROM clinics c LEFT JOIN clinic_search s ON s.rowid = c.number ORDER BY c.id
"""
_NAMES = "SELECT clinic, name, first_on, last_on FROM clinic_names ORDER BY clinic, name"
_DIRECTED_SQL = ", ".join(f"'{kind}'" for kind in _DIRECTED)
_SHARED_SQL = " ".join(f"WHEN '{key}' THEN '{relation}'" for key, relation in SHARED.items())
_RELATIONS = f"""
WITH held AS (
    SELECT DISTINCT k.kind, k.value, a.clinic, a.notice FROM actor_keys k JOIN actors a ON a.id = k.actor
    WHERE k.kind IN ({", ".join(f"'{kind}'" for kind in SHARED)}) AND a.clinic IS NOT NULL
), few AS (
    SELECT kind, value FROM held GROUP BY kind, value HAVING count(DISTINCT clinic) BETWEEN 2 AND {MOST_SHARING}
), sharing AS MATERIALIZED (
    SELECT held.* FROM few JOIN held USING (kind, value)
), pairs AS (
    SELECT DISTINCT one.kind, one.value, one.clinic AS one, two.clinic AS two
    FROM sharing one JOIN sharing two USING (kind, value) WHERE one.clinic < two.clinic
), stated AS (
    SELECT r.kind, mine.clinic AS mine, theirs.clinic AS theirs, mine.notice,
           r.kind NOT IN ({_DIRECTED_SQL}) AND mine.clinic > theirs.clinic AS turned
    FROM relations r JOIN actors theirs ON theirs.id = r.one JOIN actors mine ON mine.id = r.other
    WHERE mine.clinic <> theirs.clinic
), every AS (
    SELECT iif(turned, theirs, mine) AS clinic, iif(turned, mine, theirs) AS other, kind AS relation,
           '' AS value, notice FROM stated
    UNION ALL
    SELECT p.one, p.two, CASE p.kind {_SHARED_SQL} END, p.value, s.notice FROM pairs p
    JOIN sharing s ON s.kind = p.kind AND s.value = p.value AND s.clinic IN (p.one, p.two)
)
SELECT clinic, other, relation, value, n.source || '/' || n.key AS notice
FROM every JOIN notices n ON n.id = every.notice ORDER BY clinic, other, relation, value, notice
"""
_CAPTURES = """
SELECT k.file, k.offset, k.length, k.sha256, k.url, k.fetched_at, k.status, r.source, k.run
FROM captures k JOIN runs r ON r.id = k.run ORDER BY k.file, k.offset
"""
_EVIDENCE = """
SELECT n.source || '/' || n.key AS notice, 'list' AS role, n.capture AS sha256 FROM notices n WHERE n.capture <> ''
UNION ALL
SELECT n.source || '/' || n.key, 'page: ' || p.role, p.capture FROM pages p JOIN notices n ON n.id = p.notice
WHERE p.capture <> '' ORDER BY 1, 2
"""


class Dataset:
    """The part of `Store` that a release alone asks for."""

    db: Database
    sources: Mapping[str, Source]

    def source_rows(self, every: Mapping[str, Cadence]) -> list[SourceRow]:
        """Every source that is watched, by name, with its terms; `every` is how often each is due."""
        views = sorted(source_views(self.db, self.sources, every), key=lambda view: view.source)
        return [
            SourceRow(
                **msgspec.structs.asdict(view),
                url=self.sources[view.source].url,
                licence=self.sources[view.source].licence,
            )
            for view in views
        ]

    def clinic_rows(self) -> Iterator[ClinicRow]:
        """Every id ever given to a clinic, also those that lead to another or that nothing names any more."""
        for row in self.db.query(_CLINICS):
            for column in ("names", "people", "websites", "places"):
                row[column] = tuple(filter(None, (row[column] or "").split("\n")))
            yield ClinicRow(**row | {"first_on": day(row["first_on"]), "last_on": day(row["last_on"])})

    def clinic_names(self) -> Iterator[ClinicNameRow]:
        """Every name of every clinic in use."""
        for row in self.db.query(_NAMES):
            yield ClinicNameRow(**row | {"first_on": day(row["first_on"]), "last_on": day(row["last_on"])})

    def relations(self) -> Iterator[RelationRow]:
        """What notices state of two clinics, and the people and streets that few clinics share."""
        rows = self.db.execute(_RELATIONS)
        for (clinic, other, relation), found in groupby(rows, key=lambda row: row[:3]):
            proofs = list(found)
            yield RelationRow(
                clinic=clinic,
                other=other,
                relation=relation,
                shared=tuple(dict.fromkeys(value for *_, value, _ in proofs if value)),
                notices=tuple(sorted({notice for *_, notice in proofs})),
            )

    def captures(self) -> Iterator[CaptureRow]:
        """Every response that is kept, by where it lies."""
        for row in self.db.query(_CAPTURES):
            at = moment(row.pop("fetched_at"))
            assert at is not None
            yield CaptureRow(**row, fetched_at=at)

    def evidence(self) -> Iterator[EvidenceRow]:
        """What each notice and each of its pages was last read from."""
        return (EvidenceRow(**row) for row in self.db.query(_EVIDENCE))
