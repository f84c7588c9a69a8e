"""A bundle of 100,000 notices with 1,000 changes: `Store.apply`, against bare sqlite3 doing the same by sets."""

import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.listing import FIRST_RUN, Letter, letters
from bench.measure import Result, in_child, memory, slower, tell, timed
from bench.replica import LETTERS
from spiders.registry import sources
from stemwatch.bundle import RECORDS, Bundle, BundleWriter, Report
from stemwatch.records import Listed
from stemwatch.store import Store
from stemwatch.store.store import DATABASE

NOTICES, EDITED, CLOSED, ADDED, GONE, RUNS = 100_000, 500, 300, 200, 200, 3
AT_MOST, UNDER_MB = 3.0, 200.0
SOURCE = "us_fda_warning_letters"
SECOND_RUN = FIRST_RUN + timedelta(days=1)
EXPECTED = {"added": ADDED, "closed_out": CLOSED, "edited": EDITED}


def record(letter: Letter, capture: str) -> Listed:
    closed = letter.closed_out_on
    return Listed(
        key=letter.slug,
        url=LETTERS + letter.slug,
        title=unescape(letter.company),
        kind="warning_letter",
        posted_on=letter.posted_on,
        issued_on=letter.issued_on,
        case_number=str(letter.case),
        fields={
            "office": letter.office.strip(),
            "subject": unescape(letter.subject).replace("<br />\n", ""),
        },
        closed_out_on=closed,
        closed_out_url=f"{LETTERS}{letter.slug}-closeout" if closed else "",
        capture=capture,
    ).stamped()


def first_list() -> Iterator[Letter]:
    """What the store holds: the list less the letters that are new in the second."""
    return (letter for number, letter in enumerate(letters(NOTICES + GONE)) if number >= ADDED)


def second_list() -> Iterator[Letter]:
    """The same a day later: new letters on top, some edited, some closed out, the oldest gone."""
    edited, closed = EDITED, CLOSED
    for number, letter in enumerate(letters(NOTICES + GONE)):
        if number >= NOTICES:
            return
        if number >= ADDED and number % 100 == 0 and edited:
            edited -= 1
            letter = replace(letter, subject=f"Corrected: {letter.subject}")
        elif number >= ADDED and number % 100 == 50 and closed and letter.closed_out_on is None:
            closed -= 1
            letter = replace(letter, closed_out_on=date(2026, 1, 5))
        yield letter


def write_bundle(folder: Path, rows: Iterable[Letter], started_at: datetime, source: str = SOURCE) -> Path:
    writer = BundleWriter(folder / "work")
    kept = writer.capture(url=LETTERS, status=200, headers=[], body=b"{}", fetched_at=started_at)
    seen = 0
    for seen, letter in enumerate(rows, start=1):  # noqa: B007
        writer.add(record(letter, kept.sha256))
    report = Report(
        run=f"{started_at:%Y%m%dT%H%M%SZ}-{source}",
        source=source,
        revision=1,
        started_at=started_at,
        finished_at=started_at,
        seconds=1.0,
        total=seen,
        seen=seen,
        filled=dict.fromkeys(("title", "posted_on", "issued_on", "office", "subject"), seen),
    )
    return writer.finish(report, folder)


def prepare(folder: Path) -> Path:
    """A store that holds the first list, in `folder`/full; returns the bundle of the second."""
    baseline = write_bundle(folder, first_list(), FIRST_RUN)
    with Store(folder / "full", sources()) as store:
        view = store.apply(Bundle(baseline), FIRST_RUN)
    if (view.verdict, view.baseline) != ("ok", NOTICES):
        raise RuntimeError(f"The first list was not stored as it should be: {view}.")
    return write_bundle(folder, second_list(), SECOND_RUN)


def by_store(home: Path, bundle: Path) -> float:
    """Ours: seconds from opening the data folder to closing it."""

    def apply() -> None:
        with Store(home, known) as store:
            store.apply(Bundle(bundle), SECOND_RUN)

    known = sources()
    return timed(apply)


def by_hand(home: Path, bundle: Path) -> float:
    """The floor: seconds of the same by bare sqlite3, from opening the database to closing it."""

    def apply() -> None:
        with closing(sqlite3.connect(home / DATABASE, isolation_level=None)) as db:
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
                db.execute(f"PRAGMA {pragma}")
            db.execute("BEGIN IMMEDIATE")
            for statement in _BEFORE:
                db.execute(statement)
            db.executemany("INSERT OR REPLACE INTO staged VALUES (?, ?, ?)", _lines(bundle))
            for statement in _BY_SETS:
                db.execute(statement)
            db.execute("COMMIT")

    return timed(apply)


def _lines(bundle: Path) -> Iterator[tuple[str, str, str]]:
    with zipfile.ZipFile(bundle) as archive, archive.open(RECORDS) as member:
        for line in member:
            record = json.loads(line)
            if record["type"] == "listed":
                yield record["key"], record["fingerprint"], line.decode()


_NOW = f"'{SECOND_RUN:%Y-%m-%dT%H:%M:%SZ}'"
_BEFORE = (
    "CREATE TEMP TABLE staged (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, line TEXT NOT NULL)",
    f"""INSERT INTO runs SELECT 'by hand', source, revision, {_NOW}, {_NOW}, {_NOW}, verdict, reason, seconds,
        requests, seen, total, details_read, details_failed, details_left, verbs FROM runs""",
)


def _read(name: str, otherwise: str = "NULL") -> str:
    return f"coalesce(json_extract(s.line, '$.{name}'), {otherwise})"


_VALUES = {
    "url": _read("url"),
    "kind": _read("kind"),
    "title": _read("title"),
    "posted_on": "json_extract(s.line, '$.posted_on')",
    "issued_on": "json_extract(s.line, '$.issued_on')",
    "case_number": _read("case_number", "''"),
    "fields": _read("fields", "'{}'"),
    "closed_out_on": "json_extract(s.line, '$.closed_out_on')",
    "closed_out_url": _read("closed_out_url", "''"),
    "responded_on": "json_extract(s.line, '$.responded_on')",
    "responded_url": _read("responded_url", "''"),
    "fingerprint": "s.fingerprint",
    "capture": _read("capture", "''"),
}
_BY_SETS = (
    "CREATE TEMP TABLE last AS SELECT max(id) AS id FROM notices",
    f"""CREATE TEMP TABLE differing AS
        SELECT n.id, s.line, s.fingerprint,
               n.closed_out_on IS NULL AND json_extract(s.line, '$.closed_out_on') IS NOT NULL AS closed
        FROM staged s JOIN notices n ON n.source = '{SOURCE}' AND n.key = s.key
        WHERE n.fingerprint <> s.fingerprint""",
    f"""INSERT INTO changes (notice, run, verb, cause, detected_at)
        SELECT id, 'by hand', iif(closed, 'closed_out', 'edited'), 'source', {_NOW} FROM differing""",
    f"""UPDATE notices AS n SET {", ".join(f"{name} = {value}" for name, value in _VALUES.items())}
        FROM differing s WHERE n.id = s.id""",
    f"""INSERT INTO notices (source, key, first_run, first_seen_at, {", ".join(_VALUES)})
        SELECT '{SOURCE}', s.key, 'by hand', {_NOW}, {", ".join(_VALUES.values())} FROM staged s
        LEFT JOIN notices n ON n.source = '{SOURCE}' AND n.key = s.key WHERE n.id IS NULL""",
    f"""INSERT INTO changes (notice, run, verb, cause, detected_at)
        SELECT id, 'by hand', 'added', 'source', {_NOW} FROM notices WHERE id > (SELECT id FROM last)""",
    f"""UPDATE notices SET absent = absent + 1, absent_since = coalesce(absent_since, date({_NOW}))
        WHERE source = '{SOURCE}' AND status = 'listed' AND key NOT IN (SELECT key FROM staged)""",
)


def only_import() -> None:
    """What a process weighs that has imported this module, and with it Scrapy and the store."""


def changes(home: Path) -> dict[str, int]:
    """The changes that the second list brought, by verb; RuntimeError when notices are not absent as due."""
    with closing(sqlite3.connect(home / DATABASE)) as db:
        absent = db.execute("SELECT count(*) FROM notices WHERE absent = 1").fetchone()[0]
        if absent != GONE:
            raise RuntimeError(f"{absent} notices are absent where {GONE} should be.")
        verbs = "SELECT verb, count(*) FROM changes WHERE verb <> 'baseline' GROUP BY verb ORDER BY verb"
        return dict(db.execute(verbs).fetchall())


def measure(folder: Path, bundle: Path) -> tuple[list[float], float, list[float]]:
    """Seconds of ours with its highest peak, and of the floor. They take turns, each on a copy of the store and
    in a process of its own."""
    seconds: dict[str, list[float]] = {by_store.__name__: [], by_hand.__name__: []}
    peaks: list[float] = []
    for way in (by_store, by_hand) * RUNS:
        home = folder / way.__name__
        shutil.copytree(folder / "full", home)
        os.sync()
        spent, peak = in_child(way, home, bundle)
        if (found := changes(home)) != EXPECTED:
            raise RuntimeError(f"{way.__name__} found {found} where {EXPECTED} were due.")
        shutil.rmtree(home)
        seconds[way.__name__].append(spent)
        if way is by_store:
            peaks.append(peak)
    return seconds[by_store.__name__], max(peaks), seconds[by_hand.__name__]


def results() -> list[Result]:
    tell(f"apply: filling a store with {NOTICES:,} notices")
    with TemporaryDirectory() as name:
        folder = Path(name)
        bundle, _ = in_child(prepare, folder)
        tell(f"apply: {sum(EXPECTED.values()):,} changes, {RUNS} runs")
        ours, peak, floor = measure(folder, bundle)
    _, imported = in_child(only_import)
    return [
        slower(f"apply: {NOTICES:,} notices, {sum(EXPECTED.values()):,} changes", ours, floor, at_most=AT_MOST),
        memory("apply: peak memory, floor is imports alone", peak, imported, under=UNDER_MB),
    ]
