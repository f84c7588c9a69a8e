"""A release appears as a whole or not at all, and never changes what is already there."""

import errno
import fcntl
import os
import resource
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from publish.releases.release import Release
from stemwatch.errors import StemwatchError
from stemwatch.views import NoticeView, View


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def interrupted(views: Iterable[View]) -> Iterator[View]:
    yield from views
    raise RuntimeError("the database went away")


def test_a_release_is_a_dated_folder_and_latest_leads_to_it(export: Any) -> None:
    release = export()
    assert release.folder == export.folder / "2026-01-27"
    assert export.names() == {"2026-01-27", "latest"}
    assert (export.folder / "latest").readlink() == Path("2026-01-27")
    tomorrow = export(now=export.now + timedelta(days=1))
    assert (export.folder / "latest").resolve() == tomorrow.folder
    assert export.names() == {"2026-01-27", "2026-01-28", "latest"}


def test_the_day_of_a_release_is_the_day_in_utc(export: Any) -> None:
    east = export.now.astimezone(timezone(timedelta(hours=9)))
    assert east.date() == date(2026, 1, 28)
    assert export(now=east).folder.name == "2026-01-27"


def test_two_exports_of_the_same_data_are_byte_identical(export: Any, tmp_path: Path) -> None:
    first = export.into(tmp_path / "a")()
    second = export.into(tmp_path / "b")(now=export.now + timedelta(minutes=7))
    assert contents(first.folder) == contents(second.folder)


def test_the_same_content_on_the_same_day_adds_nothing(export: Any) -> None:
    first, second = export(), export()
    assert first.new
    assert second == Release(first.folder, first.rows, new=False)
    assert export.names() == {"2026-01-27", "latest"}


def test_other_content_on_the_same_day_never_touches_the_first_release(export: Any) -> None:
    first = export()
    before = contents(first.folder)
    for number in range(2, 12):
        other = export(sources=[msgspec.structs.replace(export.source, notices=number)])
        assert other.folder.name == f"2026-01-27.{number}"
        assert (export.folder / "latest").resolve() == other.folder
    assert contents(first.folder) == before
    assert export(sources=[msgspec.structs.replace(export.source, notices=11)]).folder.name == "2026-01-27.11"


@pytest.mark.parametrize("stream", ["notices", "changes", "texts"])
def test_an_interrupted_export_leaves_the_previous_release_and_nothing_else(export: Any, stream: str) -> None:
    release = export()
    before = contents(release.folder)
    views = {"notices": export.hostile_notices(), "changes": export.hostile_changes(), "texts": []}[stream]
    with pytest.raises(RuntimeError, match="went away"):
        export(**{stream: lambda: interrupted(views)}, now=export.now + timedelta(days=1))
    assert export.names() == {"2026-01-27", "latest"}
    assert contents(export.folder / "latest") == before


def test_a_first_export_that_is_interrupted_leaves_an_empty_folder(export: Any) -> None:
    with pytest.raises(RuntimeError):
        export(changes=lambda: interrupted([]))
    assert export.names() == set()


def test_what_a_killed_export_left_is_removed_but_not_what_a_running_one_holds(export: Any) -> None:
    killed = export.folder / ".2026-01-20.partial-0123456789abcdef"
    running = export.folder / ".2026-01-20.partial-fedcba9876543210"
    foreign = export.folder / ".2026-01-20.partial-mine"
    for path in (killed, running, foreign):
        path.mkdir(parents=True)
        (path / "notices.csv").touch()
    handle = os.open(running, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    export()
    os.close(handle)
    assert export.names() == {"2026-01-27", "latest", running.name, foreign.name}


def test_concurrent_exports_do_not_harm_each_other(export: Any) -> None:
    releases: list[Release] = []
    meet = threading.Barrier(4, timeout=30)

    def run(number: int) -> None:
        def views() -> Iterator[NoticeView]:
            yield from export.hostile_notices()
            meet.wait()

        source = msgspec.structs.replace(export.source, notices=number // 2)
        releases.append(export(notices=views, sources=[source]))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(releases) == 4
    assert export.names() == {"latest", *(release.folder.name for release in releases)}
    whole = {contents(release.folder)["SHA256SUMS"] for release in releases}
    assert len(whole) == 2
    assert contents(export.folder / "latest")["SHA256SUMS"] in whole


@pytest.mark.parametrize("below", ["file", "file/deeper"])
def test_a_folder_that_cannot_be_one_is_named_in_a_sentence(export: Any, tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StemwatchError) as caught:
        export.into(tmp_path / below)()
    assert str(tmp_path / below) in str(caught.value)
    assert str(caught.value).endswith("; name a folder that you may write to.")
    assert (tmp_path / "file").read_text() == "not a folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named_in_a_sentence(export: Any) -> None:
    export.folder.mkdir(mode=0o500)
    with pytest.raises(StemwatchError, match="Permission denied; name a folder"):
        export()


def test_something_else_named_latest_is_left_alone(export: Any) -> None:
    (export.folder / "latest").mkdir(parents=True)
    with pytest.raises(StemwatchError, match="latest is not a link of ours; move it away"):
        export()
    assert export.names() == {"latest"}


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """A disk that takes no file above the size: a write beyond it fails, as it does on a full disk."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.parametrize("size", [0, 2_000, 40_000, 120_000, 200_000, 300_000])
def test_a_disk_that_takes_no_more_is_told_and_the_previous_release_stays(export: Any, size: int) -> None:
    release = export()
    before = contents(release.folder)
    with files_no_larger_than(size), pytest.raises(StemwatchError) as caught:
        export(now=export.now + timedelta(days=1))
    assert str(caught.value).startswith(f"The release cannot be written to {export.folder}: ")
    assert export.names() == {"2026-01-27", "latest"}
    assert contents(release.folder) == before


def test_a_full_disk_says_to_free_space(export: Any) -> None:
    def full() -> Iterator[NoticeView]:
        yield export.notice("a")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StemwatchError, match="No space left on device; free some space or name another folder"):
        export(notices=full)
    assert export.names() == set()


def test_an_error_of_the_database_that_is_read_is_not_taken_for_one_of_the_release(export: Any) -> None:
    def broken() -> Iterator[NoticeView]:
        yield export.notice("a")
        raise sqlite3.OperationalError("no such table: notices")

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        export(notices=broken)
    assert export.names() == set()


def test_a_change_whose_notice_is_missing_is_an_error(export: Any) -> None:
    with pytest.raises(StemwatchError, match="names one of notices that is not there"):
        export(changes=lambda: [export.change(1, export.notice("unknown"))])
    assert export.names() == set()


def test_progress_counts_the_rows_of_each_step(export: Any) -> None:
    views = [export.notice(f"{number:05}") for number in range(2500)]
    release = export(notices=lambda: views, changes=list, texts=list)
    assert (release.rows["notices"], release.rows["changes"]) == (2500, 0)
    assert [rows for step, rows in export.steps if step == "notices"] == [1000, 2000, 2500]
    assert all(earlier != later for earlier, later in pairwise(export.steps))
