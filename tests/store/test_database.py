"""Opening the database: each trouble is one sentence with the way out."""

import sqlite3
import threading
from pathlib import Path

import msgspec
import pytest

from stemwatch.bundle import Bundle, BundleWriter
from stemwatch.errors import StemwatchError
from stemwatch.store import Store
from stemwatch.store.database import open_database
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, World, answer

SOURCES = {NAME: SOURCE}


def refused(home: Path) -> str:
    with pytest.raises(StemwatchError) as error:
        Store(home, SOURCES)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_new_folder_is_made_with_its_database(tmp_path: Path) -> None:
    with Store(tmp_path / "a" / "b", SOURCES) as store:
        assert list(store.all_notices()) == []


def test_the_database_writes_ahead_waits_for_others_and_keeps_references(tmp_path: Path) -> None:
    with Store(tmp_path, SOURCES) as store:
        pragmas = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        assert [store.db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas] == ["wal", 1, 30_000, 1]


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        assert str(home) in refused(home)
        assert "Set STEMWATCH_HOME to" in refused(home)


def test_a_folder_where_the_database_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "stemwatch.db").mkdir()
    assert str(tmp_path) in refused(tmp_path)


def test_a_database_of_a_newer_version_asks_for_an_upgrade_and_stays_as_it_is(tmp_path: Path) -> None:
    with Store(tmp_path, SOURCES) as store:
        name = store.db.table_names()
        store.db.table("_sqlite_migrations").insert(
            {"migration_set": "stemwatch", "name": "m999_future", "applied_at": "2030-01-01"}
        )
    message = refused(tmp_path)
    assert "was written by a newer Stemwatch (it has m999_future): upgrade Stemwatch to read it." in message
    connection = sqlite3.connect(tmp_path / "stemwatch.db")
    assert {row[0] for row in connection.execute("SELECT name FROM sqlite_master")} >= set(name)
    connection.close()


@pytest.mark.parametrize("content", [b"this is no database at all, " * 40, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stemwatch.db"
    path.write_bytes(content)
    assert "is not a sound database" in refused(tmp_path)
    assert path.read_bytes() == content


def test_opening_again_keeps_everything(world: World) -> None:
    world.run([CHARA, KIMERA])
    shape = world.store.db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    instance = world.store.db.execute("SELECT * FROM instance").fetchall()
    for _ in range(2):
        with Store(world.home, SOURCES) as store:
            assert len(list(store.all_notices())) == 2
            assert store.db.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall() == shape
            assert store.db.execute("SELECT * FROM instance").fetchall() == instance


def test_several_processes_may_open_a_new_folder_at_once(tmp_path: Path) -> None:
    for attempt in range(5):
        errors: list[Exception] = []
        start = threading.Barrier(4)

        def opener(path: Path, start: threading.Barrier = start, errors: list[Exception] = errors) -> None:
            start.wait()
            try:
                open_database(path).close()
            except StemwatchError as error:
                errors.append(error)

        path = tmp_path / str(attempt) / "stemwatch.db"
        threads = [threading.Thread(target=opener, args=(path,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        with Store(path.parent, SOURCES) as store:
            assert store.db.table("instance").count == 1


def test_a_bundle_that_breaks_half_way_changes_nothing(world: World) -> None:
    world.run([CHARA])
    before = list(world.store.db.iterdump())
    kept = sorted((world.home / "evidence").iterdir())
    with BundleWriter(world.home / "work") as writer:
        answer(writer, KIMERA.url, b"a list", world.now)
        writer.add(KIMERA)
        writer._records.write(b'{"type":"listed","key":"cut')
        report = msgspec.structs.replace(world.bundle([CHARA]).report, run="cut", digests={})
        path = writer.finish(report, world.home / "inbox")
    with pytest.raises(StemwatchError, match="line 3"):
        world.apply(Bundle(path))
    assert list(world.store.db.iterdump()) == before
    assert sorted((world.home / "evidence").iterdir()) == kept
    assert world.run([CHARA, KIMERA]) == [f"added {KIMERA.key}"]
