"""A disk that is full or may not be written: clear words, nothing lost, and everything goes on afterwards."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.notify.conftest import HttpSink
from tests.scheduler.conftest import RELEVANT_NEWS, Run
from tests.store.builders import CHARA, KIMERA, World, letter, page

SIZE = 6 << 20


class Disk:
    """A small disk of its own, at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self, *, leave: int = 0) -> None:
        """Use up all room but `leave` bytes."""
        with (self.path / "filler").open("wb", buffering=0) as filler:
            while (room := shutil.disk_usage(self.path).free - leave) > 0:
                filler.write(bytes(room))

    def empty(self) -> None:
        (self.path / "filler").unlink()

    def protect(self, mode: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{mode}", self.path], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    path = tmp_path / "disk"
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(path)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a disk of its own can be mounted by root alone")
    yield Disk(path)
    subprocess.run(["umount", "--lazy", path], check=True)


@pytest.fixture
def home(disk: Disk) -> Path:
    """Where the data folder is to be: on the small disk."""
    return disk.path / "home"


def test_a_full_disk_loses_no_crawl_and_what_was_kept_back_is_applied_later(
    run: Run, home: Path, disk: Disk
) -> None:
    many = [letter(f"firm-{number}", f"Firm {number}") for number in range(80)]
    with World(home) as world:
        world.run([CHARA], page(CHARA, "Words."))
        bundle = world.bundle([CHARA, KIMERA, *many], [page(one, "We inspected. " * 500) for one in many]).path
    disk.fill(leave=200 << 10)
    done = run("apply")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert bundle.exists()
    disk.empty()
    assert run("verify").code == 0
    assert run("apply", "--json").records[0]["added"] == len(many) + 1
    assert run("verify").code == 0


def test_a_full_disk_is_named_by_whatever_needs_room(
    run: Run, moved: Path, disk: Disk, tmp_path: Path, settings: Callable[[str], Path]
) -> None:
    settings('[[subscriptions]]\nname = "press"\nchannel = "json://127.0.0.1:9"\n')
    shelf = tmp_path / "shelf"
    assert run("backup", shelf).code == 0
    disk.fill()
    for command in (["deliver"], ["subscribe", "x", "json://127.0.0.1:9"], ["restore", shelf, "--replace"]):
        assert "full" in run(*command).sentence or "No space left" in run(*command).sentence
    done = run("doctor", "--json", "--offline")
    assert done.code == 1
    assert "disk" in {record["check"] for record in done.records if record["state"] == "trouble"}
    disk.empty()
    assert run("verify").code == 0


def test_a_disk_that_fills_while_messages_are_sent_repeats_at_most_what_it_could_not_note(
    run: Run, moved: Path, disk: Disk, sink: HttpSink, settings: Callable[[str], Path]
) -> None:
    settings(f'[[subscriptions]]\nname = "press"\nchannel = "{sink.url()}"\n')
    disk.fill(leave=48 << 10)
    run("deliver")
    disk.empty()
    run("deliver")
    keys = [headers["Idempotency-Key"] for _, headers, _ in sink.requests]
    assert len(set(keys)) == RELEVANT_NEWS, "Nothing is lost."
    assert run("verify").code == 0
    before = len(keys)
    run("deliver")
    assert len(sink.requests) == before


@pytest.mark.parametrize("command", ["sources", "apply", "deliver", "crawl", "run", "tidy"])
def test_a_folder_that_may_not_be_written_is_named(run: Run, moved: Path, disk: Disk, command: str) -> None:
    disk.protect("ro")
    assert f"The data folder {moved} cannot be used: Read-only file system." in run(command).sentence
    disk.protect("rw")


def test_the_doctor_names_a_folder_that_may_not_be_written(run: Run, moved: Path, disk: Disk) -> None:
    disk.protect("ro")
    done = run("doctor", "--json", "--offline")
    disk.protect("rw")
    assert done.code == 1
    assert any("cannot be written" in record["said"] for record in done.records)


def test_a_backup_cannot_fill_the_last_room_with_half_of_itself(run: Run, moved: Path, disk: Disk) -> None:
    shelf = disk.path / "shelf"
    disk.fill(leave=400 << 10)
    assert "cannot be" in run("backup", shelf).sentence
    assert not any(shelf.iterdir())
