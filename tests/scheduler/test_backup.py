"""A backup is whole, however busy the folder is; what is put back holds, and nothing is half-written."""

import json
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler import backup
from scheduler.delivering import BUSY, LOCK
from scheduler.restoring import restore
from stemwatch.deliveries import Owed
from stemwatch.store import Store
from stemwatch.store.copying import LEAP
from tests.scheduler.conftest import FIRST, ROOT, Run, house_of, process
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, World, letter, page


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "locks" not in path.parts
    }


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(home / "stemwatch.db")
    try:
        return list(database.execute(sql))
    finally:
        database.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Where backups go."""
    return tmp_path / "shelf"


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for what is put back; commands that follow work on it."""
    return tmp_path / "other"


@pytest.fixture
def busy(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that fills the data folder until the test ends."""
    command = [sys.executable, "-m", "tests.scheduler.busy", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        yield worker
        worker.kill()


def test_taken_while_another_process_writes_it_verifies_and_no_acknowledged_delivery_is_lost(
    busy: "subprocess.Popen[str]", run: Run, home: Path, shelf: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert busy.stdout is not None
    for _ in range(2):
        acknowledged = {int(busy.stdout.readline()) for _ in range(8)}
        assert run("backup", shelf).code == 0
        assert busy.poll() is None, "Nobody was at work."
        shutil.rmtree(other, ignore_errors=True)
        monkeypatch.setenv("STEMWATCH_HOME", str(other))
        assert run("restore", shelf).code == 0
        assert run("verify").code == 0
        sent = {number for (number,) in rows(other, "SELECT id FROM deliveries WHERE sent_at IS NOT NULL")}
        assert acknowledged <= sent
        monkeypatch.setenv("STEMWATCH_HOME", str(home))
    assert len(rows(home, "SELECT id FROM runs")) > len(rows(other, "SELECT id FROM runs")) > 0


def test_what_is_put_back_is_what_was_there(
    run: Run, moved: Path, shelf: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (moved / "inbox" / "waiting.bundle").write_bytes(b"of another machine")
    before = [run(*command, "--json").records for command in (["notices"], ["changes"], ["deliveries"])]
    assert run("backup", shelf).code == 0
    monkeypatch.setenv("STEMWATCH_HOME", str(other))
    done = run("restore", shelf)
    assert (done.code, done.out.strip()) == (0, str(other))
    assert [run(*command, "--json").records for command in (["notices"], ["changes"], ["deliveries"])] == before
    assert files(other / "evidence") == files(moved / "evidence")
    assert files(other / "inbox") == files(moved / "inbox")
    assert not (other / ".restoring").exists()


def test_evidence_of_an_earlier_backup_is_linked_and_each_backup_stands_alone(world: World, shelf: Path) -> None:
    house = house_of(world.home, FIRST)
    world.run([CHARA], page(CHARA))
    first = backup.back_up(house, shelf)
    world.run([CHARA, KIMERA], page(KIMERA))
    second = backup.back_up(house, shelf)
    assert (first.linked, second.linked) == (0, 2), "The evidence of the first run, and its bundle."
    old, new = (each.folder / "evidence" / "run-001.warc.gz" for each in (first, second))
    assert old.stat().st_ino == new.stat().st_ino
    shutil.rmtree(first.folder)
    assert list(backup.check(second.folder)) == []
    assert len(files(second.folder / "evidence")) == 2


def test_evidence_that_was_altered_since_does_not_take_the_place_of_what_an_earlier_backup_holds(
    world: World, shelf: Path
) -> None:
    house = house_of(world.home, FIRST)
    world.run([CHARA], page(CHARA))
    first = backup.back_up(house, shelf)
    whole = (world.home / "evidence" / "run-001.warc.gz").read_bytes()
    (world.home / "evidence" / "run-001.warc.gz").write_bytes(whole[:-1] + b"?")
    second = backup.back_up(house, shelf)
    assert (second.folder / "evidence" / "run-001.warc.gz").read_bytes() != whole
    assert (first.folder / "evidence" / "run-001.warc.gz").read_bytes() == whole


def test_the_key_stays_out_and_the_backup_is_its_owners_alone(run: Run, moved: Path, shelf: Path) -> None:
    assert run("subscribe", "press", "json://127.0.0.1:9/CANARY").code == 0
    done = run("backup", shelf)
    made = Path(done.out.strip())
    assert f"The key {moved / 'channels.key'} is not in it" in done.err
    assert not any("key" in name for name in files(shelf))
    assert not any(b"CANARY" in content for content in files(shelf).values())
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_what_is_put_back_gives_out_no_number_that_was_given_out_after_the_backup(
    world: World, shelf: Path, other: Path
) -> None:
    world.run([CHARA])
    taken = backup.back_up(house_of(world.home, FIRST), shelf)
    restore(house_of(other, FIRST), taken.folder, replace=False)
    with Store(other, {NAME: SOURCE}) as store:
        later = world.bundle([CHARA, KIMERA])
        store.apply(later, world.now + timedelta(days=1))
        (first, second) = store.changes()
        debt = Owed(subscription="press", change=second.change, identity="a", kind="at_once", due_at=world.now)
        store.enqueue([debt], [second.change], world.now)
        assert (first.change, second.change > LEAP) == (1, True)
        assert [delivery.delivery > LEAP for delivery in store.deliveries()] == [True], (
            "None was given out before."
        )


def test_a_folder_with_data_is_left_alone_unless_its_database_may_be_set_aside(
    run: Run, moved: Path, shelf: Path
) -> None:
    assert run("backup", shelf).code == 0
    assert run("deliver").code == 0
    before = files(moved)
    assert "is not empty" in run("restore", shelf).sentence
    assert files(moved) == before
    done = run("restore", shelf, "--replace")
    assert done.code == 0
    (aside,) = moved.glob("replaced-*")
    assert str(aside) in done.err
    assert rows(aside, "SELECT count(*) FROM changes WHERE matched_at IS NULL") == [(0,)]
    assert rows(moved, "SELECT count(*) FROM changes WHERE matched_at IS NULL") != [(0,)]
    assert run("verify").code == 0


def test_a_database_that_can_no_longer_be_read_is_replaced(run: Run, moved: Path, shelf: Path) -> None:
    assert run("backup", shelf).code == 0
    (moved / "stemwatch.db").write_bytes(b"no database " * 1000)
    (moved / "stemwatch.db-wal").write_bytes(b"nor its log")
    assert run("restore", shelf, "--replace").code == 0
    assert run("verify").code == 0


def test_a_damaged_database_is_not_backed_up_silently(run: Run, moved: Path, shelf: Path) -> None:
    with sqlite3.connect(moved / "stemwatch.db") as database:
        root = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'notices_by_label'").fetchone()[0]
    database.close()
    with (moved / "stemwatch.db").open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 64)
    assert "is damaged" in run("backup", shelf).sentence
    assert backup.backups(shelf) == []
    assert list(shelf.iterdir()) == []


def test_evidence_that_is_gone_is_told_and_the_rest_is_kept(run: Run, moved: Path, shelf: Path) -> None:
    next((moved / "evidence").iterdir()).unlink()
    done = run("backup", shelf)
    assert (done.code, "1 evidence files are missing" in done.err) == (1, True)
    assert len(backup.backups(shelf)) == 1


@pytest.mark.parametrize("which", ["stemwatch.db", "evidence", "manifest.json", "gone"])
def test_a_backup_that_is_not_what_it_was_is_refused_before_anything_is_written(
    run: Run, moved: Path, shelf: Path, other: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    assert run("backup", shelf).code == 0
    (made,) = backup.backups(shelf)
    victim = next((made / "evidence").iterdir()) if which in ("evidence", "gone") else made / which
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 0xFF
    victim.write_bytes(content)
    if which == "gone":
        victim.unlink()
    monkeypatch.setenv("STEMWATCH_HOME", str(other))
    assert str(made) in run("restore", shelf).sentence
    assert files(other) == {}


def test_a_manifest_cannot_name_files_outside_the_data_folder(
    run: Run, moved: Path, shelf: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", shelf).code == 0
    (made,) = backup.backups(shelf)
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["files"]["evidence/../../../planted"] = manifest["files"]["stemwatch.db"]
    (made / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setenv("STEMWATCH_HOME", str(other))
    assert "which is no file of a backup" in run("restore", shelf).sentence


def test_a_full_disk_leaves_neither_half_a_backup_nor_half_a_data_folder(
    run: Run, moved: Path, shelf: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = (200 << 10, 200 << 10)

    def small(*arguments: object) -> str:
        with process(
            *map(str, arguments), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        ) as full:
            _, err = full.communicate(timeout=30)
        assert full.returncode == 1, err
        assert "Traceback" not in err
        return err

    assert "stemwatch: " in small("backup", shelf)
    assert list(shelf.iterdir()) == []
    assert run("backup", shelf).code == 0
    monkeypatch.setenv("STEMWATCH_HOME", str(other))
    assert "cannot be used: File too large" in small("restore", shelf)
    assert files(other) == {}
    assert run("restore", shelf).code == 0


def test_what_a_killed_restore_left_is_no_obstacle(
    run: Run, moved: Path, shelf: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", shelf).code == 0
    (other / ".restoring").mkdir(parents=True)
    (other / "evidence").mkdir()
    monkeypatch.setenv("STEMWATCH_HOME", str(other))
    assert run("restore", shelf).code == 0
    assert run("verify").code == 0


def test_a_folder_that_is_at_work_is_not_replaced(run: Run, moved: Path, shelf: Path) -> None:
    assert run("backup", shelf).code == 0
    with house_of(moved).lock(LOCK, busy="Taken."):
        assert run("restore", shelf, "--replace").sentence == BUSY


def test_wrong_places_are_named(run: Run, moved: Path, shelf: Path, tmp_path: Path) -> None:
    assert run("backup", moved / "backups").code == 2
    assert "outside it" in run("backup", moved).sentence
    assert "There is no backup in" in run("restore", tmp_path).sentence
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in run("backup", tmp_path / "file").sentence
    assert run("restore", tmp_path / "file").code == 2


def test_where_there_is_no_data_there_is_nothing_to_back_up(run: Run, home: Path, shelf: Path) -> None:
    assert "holds no database" in run("backup", shelf).sentence
    assert not home.exists()


def test_only_the_newest_backups_are_kept(world: World, shelf: Path) -> None:
    world.run([letter("firm")])
    made = [backup.back_up(house_of(world.home, FIRST), shelf).folder for _ in range(4)]
    assert backup.prune(shelf, 2) == 2
    assert backup.backups(shelf) == made[2:]
    assert backup.prune(shelf, 0) == 1, "The last backup is never removed."
