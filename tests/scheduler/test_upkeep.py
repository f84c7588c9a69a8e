"""Backups come when they are due; what goes is only what nothing rests on, and what is left verifies."""

from datetime import timedelta
from pathlib import Path

import pytest

from scheduler import backup
from scheduler.clock import Clock
from scheduler.house import House
from scheduler.upkeep import Tidied, back_up_if_due, keep_up, tidy
from stemwatch.config import BackupSettings, Config, RetentionSettings
from tests.scheduler.conftest import Run
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, World, changed, letter, look, page

MONTHS = timedelta(days=100)


def house(world: World, *, after: timedelta = timedelta(), days: int | None = None, shelf: str = "") -> House:
    """The world's data folder, some time after its last run."""
    retention = RetentionSettings(unused_evidence_days=days)
    config = Config(backup=BackupSettings(folder=shelf, keep=2), retention=retention)
    return House(world.home, config, Clock(world.now + after), {}, {NAME: SOURCE})


def evidence(world: World) -> set[str]:
    return {path.name for path in (world.home / "evidence").iterdir()}


@pytest.fixture
def lived(world: World) -> World:
    """Runs that brought a change each, and one that was blocked, whose other words nobody believed."""
    world.run([CHARA, KIMERA], page(CHARA, "Before."))
    assert world.broken([changed(CHARA, subject="HCT/P"), KIMERA]) == []
    world.run([CHARA, changed(KIMERA, subject="HCT/P")], page(CHARA, "After."))
    assert len(evidence(world)) == 3
    return world


def rested(world: World) -> list[object]:
    """What everything that is shown rests on: whatever is forgotten, this stays."""
    return [world.store.dossier(view.notice) for view in world.store.all_notices()]


def test_without_a_setting_nothing_goes(lived: World) -> None:
    before = evidence(lived)
    assert tidy(house(lived, after=100 * MONTHS), lived.store) == Tidied(0, 0)
    assert evidence(lived) == before


def test_what_nothing_rests_on_goes_when_it_is_old_enough_and_the_rest_verifies(lived: World) -> None:
    before, shown = evidence(lived), rested(lived)
    assert tidy(house(lived, days=90), lived.store).files == 0, "It is not old enough."
    gone = tidy(house(lived, after=MONTHS, days=90), lived.store)
    assert gone.bytes > 0
    assert len(before) - len(evidence(lived)) == gone.files == 1
    assert list(lived.store.verify()) == []
    assert rested(lived) == shown
    assert tidy(house(lived, after=MONTHS, days=90), lived.store) == Tidied(0, 0)


def test_whatever_happened_to_a_notice_keeps_its_evidence(world: World) -> None:
    closed = changed(CHARA, closed_out_url="https://www.fda.gov/closed")
    world.run([CHARA, KIMERA], page(CHARA))
    world.run([closed, KIMERA], page(closed, "Closed.", "closeout"))
    for _ in range(3):
        world.run([closed, letter("new")], look(KIMERA, "gone"))
    world.broken([closed, letter("newer")])
    before, shown = evidence(world), rested(world)
    tidy(house(world, after=MONTHS, days=30), world.store)
    assert list(world.store.verify()) == []
    assert rested(world) == shown
    assert evidence(world) <= before


def test_what_a_notice_said_before_keeps_its_evidence_although_the_notice_says_something_else_now(
    world: World,
) -> None:
    world.run([CHARA])
    world.run([changed(CHARA, subject="HCT/P")])
    assert tidy(house(world, after=MONTHS, days=30), world.store).files == 0


def test_what_a_killed_process_left_goes(lived: World) -> None:
    for name in ("run-9.warc.gz.abc123.partial", "run-9.warc.gz"):
        (lived.home / "evidence" / name).write_bytes(b"torn")
    assert tidy(house(lived), lived.store) == Tidied(2, 8)
    assert list(lived.store.verify()) == []


def test_a_backup_comes_when_it_is_due_and_old_ones_go(lived: World, tmp_path: Path) -> None:
    shelf = str(tmp_path / "shelf")
    taken = [
        back_up_if_due(house(lived, after=timedelta(hours=hours), shelf=shelf)) is not None
        for hours in (0, 1, 23, 24, 30, 48, 200)
    ]
    assert taken == [True, False, False, True, False, True, True]
    assert len(backup.backups(tmp_path / "shelf")) == 2
    assert back_up_if_due(house(lived)) is None


def test_a_clock_that_jumped_back_does_not_stop_backups(lived: World, tmp_path: Path) -> None:
    shelf = str(tmp_path / "shelf")
    assert back_up_if_due(house(lived, after=MONTHS, shelf=shelf))
    made = back_up_if_due(house(lived, shelf=shelf))
    assert made
    assert backup.newest(tmp_path / "shelf") == made.folder


def test_both_are_told_in_the_log(lived: World, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    keep_up(house(lived, after=MONTHS, days=30, shelf=str(tmp_path / "shelf")), lived.store)
    assert "Backed up as" in caplog.text
    assert "Removed 1 evidence files" in caplog.text


def test_the_command_does_it_at_once(run: Run, filled: Path) -> None:
    (filled / "evidence" / "x.partial").write_bytes(b"torn")
    assert run("tidy").err == "1 evidence files of 4 bytes are gone.\n"
    assert run("verify").code == 0
