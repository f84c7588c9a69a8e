"""The release that the service writes by itself."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from scheduler.clock import Clock
from scheduler.crawling import Stopping
from scheduler.daily_release import write_if_due
from scheduler.house import House
from scheduler.workers import Workers
from stemwatch.config import Config, ReleaseSettings
from stemwatch.errors import StemwatchError
from tests.scheduler.conftest import house_of


def house_on(home: Path, day: str, folder: str = "releases") -> House:
    config = Config(release=ReleaseSettings(folder=folder))
    now = f"{day}T00:00:01+00:00"
    clock, environ = Clock(datetime.fromisoformat(now)), {**os.environ, "STEMWATCH_NOW": now}
    return replace(house_of(home), config=config, clock=clock, environ=environ)


def look(house: House, workers: Workers | None = None) -> list[str]:
    """The releases there are after the service has looked whether one is due."""
    with house.store() as store:
        write_if_due(house, store, workers or Workers())
    folder = house.home / "releases"
    return sorted(path.name for path in folder.iterdir() if path.name[0] == "2") if folder.is_dir() else []


def test_a_day_with_changes_is_released_once_on_the_next_day_that_is_looked_at(moved: Path) -> None:
    assert look(house_on(moved, "2025-01-21")) == [], "The first changes are of this day."
    assert look(house_on(moved, "2025-02-03")) == ["2025-02-03"]
    assert (moved / "releases" / "latest" / "SHA256SUMS").exists()
    assert look(house_on(moved, "2025-02-04")) == ["2025-02-03"], "Nothing has changed since."


def test_without_a_folder_nothing_is_released(moved: Path) -> None:
    assert look(house_on(moved, "2025-02-03", folder="")) == []


def test_a_folder_that_cannot_be_written_is_a_sentence(moved: Path) -> None:
    (moved / "releases").write_text("in the way", encoding="utf-8")
    with pytest.raises(StemwatchError, match=r"The release cannot be written to .*/releases: .*name a folder"):
        look(house_on(moved, "2025-02-03"))


def test_what_is_no_release_is_told_and_left_alone(moved: Path) -> None:
    (moved / "releases" / "latest").mkdir(parents=True)
    (moved / "releases" / "latest" / "changes.jsonl").write_text("no change", encoding="utf-8")
    with pytest.raises(StemwatchError, match="leads to what is no release"):
        look(house_on(moved, "2025-02-03"))


def test_a_service_that_stops_leaves_the_release_for_the_next_start(moved: Path) -> None:
    workers = Workers()
    workers.stop()
    with pytest.raises(Stopping):
        look(house_on(moved, "2025-02-03"), workers)
    assert look(house_on(moved, "2025-02-03")) == ["2025-02-03"]
