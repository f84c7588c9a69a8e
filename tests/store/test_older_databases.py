"""A database of any earlier step comes up to date with all that it held, and can be gone back to from a backup."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from stemwatch.store import Store
from stemwatch.store.copying import copy_database
from stemwatch.store.peeking import peek
from stemwatch.store.schema import STEPS, m007_subscriptions, m013_names, migrations
from stemwatch.store.tables.first import FIRST
from tests.store.builders import NAME, SOURCE, World
from tests.store.clinics import DBA, FAR, ORLIN, apply

SOURCES = {NAME: SOURCE}
LIFE = f"""
INSERT INTO sources (name, revision, baselined_at, last_run, verdict) VALUES ('{NAME}', 1, '2025', 'run-1', 'ok');
INSERT INTO runs VALUES ('run-1', '{NAME}', 1, '2025-01-03T06:00:00Z', '2025-01-03T06:05:00Z',
    '2025-01-03T06:05:00Z', 'ok', '', 300.0, 3, 1, 1, 1, 0, 0, '{{"added": 1}}');
INSERT INTO notices (id, source, key, url, kind, title, posted_on, case_number, fields, closed_out_url,
    responded_url, fingerprint, first_run, first_seen_at, capture)
VALUES (7, '{NAME}', 'harbor', 'https://www.fda.gov/harbor', 'warning_letter', 'Harbor Cells', '2025-01-02', '1',
    '{{"subject": "Exosomes"}}', '', '', 'f', 'run-1', '2025-01-03T06:00:00Z', 'c');
INSERT INTO pages (id, notice, role, url, read_at, looked_at, capture)
VALUES (8, 7, 'notice', 'https://www.fda.gov/harbor', '2025-01-03', '2025-01-03', 'c');
INSERT INTO texts VALUES (8, 'Words about umbilical cord stem cells.');
INSERT INTO changes (id, notice, run, verb, cause, detected_at)
VALUES (9, 7, 'run-1', 'added', 'source', '2025-01-03T06:00:00Z');
INSERT INTO captures VALUES ('c', 'run-1', 'https://www.fda.gov/harbor', '2025-01-03', 200, 'evidence/x', 0, 1);
INSERT INTO deliveries (id, subscription, identity, kind, created_at, next_try_at, sent_at)
VALUES (10, 'press', 'change-9', 'at_once', '2025-01-03T06:06:00Z', '2025-01-03T06:06:00Z',
    '2025-01-03T06:06:01Z');
INSERT INTO delivered_changes (subscription, change, delivery) VALUES ('press', 9, 10)
"""

OLD = """
INSERT INTO deliveries
    (subscription, identity, kind, starts_at, ends_at, created_at, next_try_at, sent_at, dead_at)
VALUES ('press', 'a', 'at_once', NULL, NULL, '2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z', NULL, NULL),
       ('press', 'b', 'daily', '2025-01-01T08:00:00Z', '2025-01-02T08:00:00Z', '2025-01-01T00:00:00Z',
        '2025-01-02T08:00:00Z', NULL, '2025-01-03T00:00:00Z')
"""


def test_older_deliveries_are_due_when_they_were_and_old_failures_are_no_news() -> None:
    db = Database(sqlite3.connect(":memory:"))
    for statement in filter(str.strip, FIRST.split(";\n")):
        db.execute(statement)
    db.execute(OLD)
    m007_subscriptions(db)
    rows = db.execute("SELECT identity, due_at, reported, withdrawn FROM deliveries ORDER BY id").fetchall()
    assert rows == [("a", "2025-01-01T00:00:00Z", 0, 0), ("b", "2025-01-02T08:00:00Z", 1, 0)]


def test_notices_that_were_stored_before_are_found_by_the_names_that_new_ones_are_found_by(world: World) -> None:
    apply(world, DBA, ORLIN, FAR)
    db = world.store.db
    every = "SELECT w.notice, n.kind, n.name FROM notice_names w JOIN names n ON n.id = w.name"
    before = set(db.execute(every))
    for made in ("TABLE notice_names", "TABLE names", "TABLE name_search"):
        db.execute(f"DROP {made}")
    for index in ("notices_by_source", "clinics_by_name"):
        db.execute(f"DROP INDEX {index}")
    m013_names(db)
    assert set(db.execute(every)) == before
    assert {kind for _, kind, _ in before} == {"firm", "person", "city", "region", "country", "subdivision"}
    found = db.execute(
        "SELECT n.name FROM name_search s JOIN names n ON n.id = s.rowid WHERE name_search MATCH 'okell'"
    )
    assert found.fetchall() == [("Amil Okell",)]


def older(path: Path, step: str) -> None:
    """A database with a life in it, as the Stemwatch left it whose last step this was."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        db = Database(connection)
        after = STEPS.index(step) + 1
        migrations.apply(db, stop_before=STEPS[after] if after < len(STEPS) else None)
        for statement in LIFE.split(";\n"):
            db.execute(statement)
        if "due_at" in db["deliveries"].columns_dict:
            db.execute("UPDATE deliveries SET due_at = created_at")
        db.execute("PRAGMA journal_mode = WAL")


def shape(path: Path) -> set[tuple[str, str, frozenset[str]]]:
    """Every table and index with its columns; the order in which columns came differs."""
    with closing(sqlite3.connect(path)) as connection:
        names = list(connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
        return {
            (kind, name, frozenset(row[1] for row in connection.execute(f"PRAGMA table_info('{name}')")))
            for kind, name in names
        }


@pytest.mark.parametrize("step", STEPS)
def test_a_database_of_every_step_comes_up_to_date_with_all_that_it_held(tmp_path: Path, step: str) -> None:
    Store(tmp_path / "new", SOURCES).close()
    path = tmp_path / "stemwatch.db"
    older(path, step)
    with Store(tmp_path, SOURCES) as store:
        store.rejudge()
        (notice,) = store.all_notices()
        assert (notice.notice, notice.title) == (f"{NAME}/harbor", "Harbor Cells")
        assert notice.relevance.label == "relevant"
        assert [(change.change, change.verb) for change in store.changes()] == [(9, "added")]
        (sent,) = store.deliveries()
        assert (sent.delivery, sent.status, sent.notices) == (10, "sent", (f"{NAME}/harbor",))
        assert [view.notice for view in store.notices()] == [f"{NAME}/harbor"]
        assert [finding for finding in store.verify() if "evidence file" not in finding] == []
    assert shape(path) == shape(tmp_path / "new" / "stemwatch.db")


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_backup_before_an_upgrade_can_be_gone_back_to(tmp_path: Path, step: str) -> None:
    path, kept = tmp_path / "stemwatch.db", tmp_path / "kept.db"
    older(path, step)
    before = shape(path)
    copy_database(path, kept)
    Store(tmp_path, SOURCES).close()
    assert peek(path).pending == ()
    assert peek(kept).pending == STEPS[STEPS.index(step) + 1 :]
    assert shape(kept) == before, "It is what the older Stemwatch knows."
