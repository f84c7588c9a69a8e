"""Upgrade and roll-back: an older program refuses a newer database, and a backup of before is the way back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.scheduler.conftest import Run

REFUSED = "was written by a newer Stemwatch (it has m999_later): upgrade Stemwatch to read it."


def upgrade(database: Path) -> None:
    """What a version to come may do: a step that this one does not know, and a table that it needs."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO _sqlite_migrations VALUES (NULL, 'stemwatch', 'm999_later', '2030')")


def test_the_backup_of_before_an_upgrade_is_the_way_back(run: Run, moved: Path, tmp_path: Path) -> None:
    before = run("changes", "--json").records
    assert run("backup", tmp_path / "backups").code == 0
    upgrade(moved / "stemwatch.db")
    assert run("changes").sentence.endswith(REFUSED)
    assert run("restore", tmp_path / "backups", "--replace").code == 0
    assert run("changes", "--json").records == before
    assert run("verify").code == 0


def test_a_backup_of_a_newer_version_is_refused_and_the_data_stays(
    run: Run, moved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(moved, newer)
    upgrade(newer / "stemwatch.db")
    with monkeypatch.context() as there:
        there.setenv("STEMWATCH_HOME", str(newer))
        assert run("backup", tmp_path / "backups").code == 0
    before = run("changes", "--json").records
    assert run("restore", tmp_path / "backups", "--replace").sentence.endswith(REFUSED)
    assert run("changes", "--json").records == before
