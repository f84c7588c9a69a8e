"""One installation: its parts are its own, and its locks are let go."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.house import OpenStore, open_house
from scheduler.packages import PACKAGES, stranger
from spiders.registry import sources
from stemwatch.errors import StemwatchError
from tests.scheduler.conftest import NAME, ROOT, house_of


def distribution(folder: Path, list_of: str, listed: str) -> Path:
    """An installed distribution `other` that brings one of our names, as one of its lists says."""
    info = folder / "other-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n", encoding="utf-8")
    (info / list_of).write_text(f"another\n{listed}\n", encoding="utf-8")
    return folder


def test_our_own_packages_are_no_trouble() -> None:
    assert stranger() == ""


@pytest.mark.parametrize(
    ("list_of", "line"), [("top_level.txt", "{}"), ("RECORD", "{}/__init__.py,,"), ("RECORD", "{}.py,,")]
)
@pytest.mark.parametrize("package", PACKAGES)
def test_a_distribution_that_brings_a_package_of_our_name_is_a_named_error(
    package: str, list_of: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(distribution(tmp_path, list_of, line.format(package)))
    assert stranger().startswith(f"The package '{package}' comes from other and not from Stemwatch")


def test_a_distribution_that_brings_only_a_name_like_ours_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(distribution(tmp_path, "RECORD", "notify2/notify.py,,"))
    assert stranger() == ""


@pytest.mark.parametrize("package", ["stemwatch", "spiders", "notify"])
def test_a_folder_that_stands_in_for_one_of_our_packages_is_a_named_error(package: str, tmp_path: Path) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("", encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}{os.pathsep}{os.environ['PYTHONPATH']}"}
    command = [sys.executable, "-c", "from scheduler.cli import main; main()"]
    done = subprocess.run(command, cwd=ROOT.parent, env=environ, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].startswith(f"stemwatch: The package '{package}' comes from {tmp_path}")
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (1, "")


def test_the_environment_says_where_data_and_settings_lie(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[sources.{NAME}]\nevery_minutes = 90\n", encoding="utf-8")
    house = open_house({"STEMWATCH_HOME": str(tmp_path / "home"), "STEMWATCH_CONFIG": str(path)})
    assert house.home == tmp_path / "home"
    assert house.every[NAME].every.total_seconds() == 90 * 60
    assert house.sources == sources()


def test_without_settings_data_lie_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    house = open_house({"STEMWATCH_HOME": ""})
    assert house.home == Path("data")
    assert house.config.subscriptions == ()
    assert house.every[NAME].every.total_seconds() == 60 * house.source(NAME).every_minutes


def test_settings_of_the_working_folder_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stemwatch.toml").write_text('contact = "mailto:desk@example.org"', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert open_house({}).config.contact == "mailto:desk@example.org"


def test_a_lock_keeps_others_out_until_it_is_let_go(home: Path) -> None:
    first, second = house_of(home), house_of(home)
    lock = first.lock("deliver", busy="Taken.")
    with lock, pytest.raises(StemwatchError, match="Taken"):
        second.lock("deliver", busy="Taken.")
    second.lock("other", busy="Taken.").release()
    second.lock("deliver", busy="Taken.").release()


def test_a_store_is_opened_once_and_anew_after_an_error(filled: Path) -> None:
    opened = OpenStore(house_of(filled))
    with opened as first:
        pass
    with opened as again:
        assert again is first
    with pytest.raises(StemwatchError, match="cannot be used"), opened:
        raise sqlite3.DatabaseError("disk I/O error")
    with opened as anew:
        assert anew.last_started_at() is not None


def test_a_database_that_took_the_place_of_another_is_opened_at_once(filled: Path, tmp_path: Path) -> None:
    opened = OpenStore(house_of(filled))
    with opened as store:
        assert store.last_started_at() is not None
    for file in filled.glob("stemwatch.db*"):
        file.rename(tmp_path / file.name)
    with opened as store:
        assert store.last_started_at() is None
