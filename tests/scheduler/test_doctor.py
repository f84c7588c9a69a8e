"""stemwatch doctor: one line for each check, the way out where something is wrong, and nothing is changed."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler import backup
from scheduler.delivering import LOCK
from scheduler.doctor import examine, sites
from stemwatch.store.schema import STEPS
from tests.scheduler.conftest import NAME, ROOT, SECOND, Done, Run, Site, house_of

Settings = Callable[[str], Path]
PLANT = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
GOOD = """contact = "https://example.org/us"
[operator]
channel = "json://127.0.0.1:9/operator"
[backup]
folder = "{shelf}"
[[subscriptions]]
name = "press"
channel = "${{PRESS}}"
"""


@pytest.fixture
def healthy(
    moved: Path, settings: Settings, site: Site, environ: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Path:
    """A data folder of which the doctor has nothing to say but that this is a test."""
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    monkeypatch.setenv("PRESS", "json://127.0.0.1:9/CANARY")
    settings(GOOD.format(shelf=tmp_path / "shelf"))
    backup.back_up(house_of(moved, SECOND), tmp_path / "shelf")
    moved.chmod(0o700)
    return moved


def states(done: Done) -> dict[str, str]:
    """The worst state of each check."""
    order = ("ok", "warning", "trouble")
    worst: dict[str, str] = {}
    for record in done.records:
        worst[record["check"]] = max(worst.get(record["check"], "ok"), record["state"], key=order.index)
    return worst


def said(done: Done, check: str) -> str:
    return " ".join(record["said"] for record in done.records if record["check"] == check)


def test_a_sound_house_is_fine(run: Run, healthy: Path) -> None:
    done = run("doctor", "--json")
    assert done.code == 0
    assert {check for check, state in states(done).items() if state != "ok"} == {"environment"}
    assert "Scrapy 2." in said(done, "versions").replace("scrapy", "Scrapy")
    assert f"({NAME}) answers." in said(done, "site")
    assert all(record["said"].endswith(".") and "\n" not in record["said"] for record in done.records)


def test_it_changes_nothing(run: Run, healthy: Path, tmp_path: Path) -> None:
    def state() -> dict[Path, bytes]:
        kept = (path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "locks")
        return {path: path.read_bytes() for path in kept if path.suffix not in (".db-shm", ".db-wal")}

    before = state()
    assert run("doctor").code == 0
    assert state() == before


def test_without_a_data_folder_it_makes_none(run: Run, home: Path, settings: Settings) -> None:
    settings("")
    assert run("doctor", "--offline").code == 0
    assert not home.exists()


def test_on_a_terminal_it_is_a_line_for_each_check(run: Run, healthy: Path) -> None:
    (healthy / "channels.key").write_text("")
    (healthy / "channels.key").chmod(0o644)
    done = run("doctor", "--offline")
    assert done.code == 1
    assert f"trouble  key: Others may read the key {healthy / 'channels.key'}: run `chmod 600" in done.out
    assert not any("site" in line for line in done.out.splitlines())


def test_settings_that_cannot_be_understood_are_all_that_can_be_told(
    run: Run, healthy: Path, settings: Settings
) -> None:
    settings("polite = true")
    done = run("doctor", "--json")
    assert (done.code, states(done)["settings"]) == (1, "trouble")
    assert "`polite`" in said(done, "settings")
    assert "database" not in states(done)


def test_a_channel_without_its_variable_is_named_and_no_secret_is_told(
    run: Run, healthy: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRESS")
    done = run("doctor", "--json", "--offline")
    assert (done.code, states(done)["channels"]) == (1, "trouble")
    assert "PRESS, which is not set" in said(done, "channels")
    settings('[[subscriptions]]\nname = "press"\nchannel = "telepathy://CANARY"').chmod(0o644)
    done = run("doctor", "--json", "--offline")
    assert states(done)["channels"] == "trouble"
    assert "run `chmod 600" in said(done, "settings")
    assert "CANARY" not in done.out + done.err


def test_a_channel_of_the_database_without_its_key_is_named(run: Run, healthy: Path) -> None:
    assert run("subscribe", "desk", "json://127.0.0.1:9/CANARY").code == 0
    (healthy / "channels.key").unlink()
    done = run("doctor", "--json", "--offline")
    assert states(done)["channels"] == "trouble"
    assert "'desk'" in said(done, "channels")


def test_a_rule_that_can_never_match_is_a_warning(run: Run, healthy: Path, settings: Settings) -> None:
    settings('[rules.never]\nsources = ["us_fda_warning_letters"]\njurisdictions = ["JP"]')
    assert states(run("doctor", "--json", "--offline"))["rules"] == "warning"


def test_others_who_may_write_are_trouble(run: Run, healthy: Path) -> None:
    healthy.chmod(0o777)
    assert states(run("doctor", "--json", "--offline"))["data folder"] == "trouble"


@pytest.mark.parametrize(
    ("sql", "state", "said_of_it"),
    [
        (
            f"DELETE FROM _sqlite_migrations WHERE name = '{STEPS[-1]}'",
            "warning",
            "1 step will bring it",
        ),
        (f"{PLANT} VALUES ('stemwatch', 'm999', '2030')", "trouble", "m999"),
    ],
)
def test_a_database_of_another_version_is_told_and_left_alone(
    run: Run, healthy: Path, sql: str, state: str, said_of_it: str
) -> None:
    database = sqlite3.connect(healthy / "stemwatch.db")
    database.execute(sql)
    database.commit()
    before = list(database.iterdump())
    done = run("doctor", "--json", "--offline")
    assert states(done)["database"] == state
    assert said_of_it in said(done, "database")
    assert list(database.iterdump()) == before
    database.close()


def test_a_file_that_is_no_database_is_trouble(run: Run, healthy: Path) -> None:
    (healthy / "stemwatch.db").write_bytes(b"no database " * 1000)
    done = run("doctor", "--json", "--offline")
    assert (done.code, states(done)["database"]) == (1, "trouble")


def test_a_service_at_work_is_named_and_a_lock_file_alone_is_nobody(run: Run, healthy: Path) -> None:
    with house_of(healthy).lock(LOCK, busy="Taken."):
        assert "is at work" in said(run("doctor", "--json", "--offline"), "owner")
    assert (healthy / "locks" / f"{LOCK}.lock").exists()
    assert said(run("doctor", "--json", "--offline"), "owner") == "No service is at work on this folder."


def test_a_clock_before_the_newest_run_is_trouble(
    run: Run, healthy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMWATCH_NOW", "2025-01-27T00:00Z")
    assert states(run("doctor", "--json", "--offline"))["clock"] == "trouble"


def test_a_clock_that_differs_from_those_of_the_sites_is_trouble(healthy: Path, site: Site) -> None:
    found = list(sites.sites(house_of(healthy, SECOND, mirror=site.url)))
    assert found[-1].check == "clock"
    assert found[-1].state == "trouble"
    assert "behind those of the sites" in found[-1].said


def test_a_crawl_that_could_not_be_applied_and_an_old_backup_are_warnings(
    run: Run, healthy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (healthy / "inbox" / "run-1.rejected").write_text("")
    monkeypatch.setenv("STEMWATCH_NOW", "2025-02-28T00:00Z")
    found = states(run("doctor", "--json", "--offline"))
    assert (found["inbox"], found["backups"]) == ("warning", "warning")


def test_a_site_that_refuses_is_a_warning_and_one_that_does_not_answer_is_trouble(
    run: Run, healthy: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.behaviour = "refuse"
    done = run("doctor", "--json")
    assert (done.code, states(done)["site"]) == (0, "warning")
    assert "answers 403" in said(done, "site")
    agent = site.requests[-1][2]["User-Agent"]
    assert agent.startswith("Mozilla/5.0 (compatible; Stemwatch/")
    monkeypatch.setenv("STEMWATCH_MIRROR", "http://127.0.0.1:9")
    done = run("doctor", "--json")
    assert (done.code, states(done)["site"]) == (1, "trouble")


def test_a_site_that_never_answers_holds_nobody_up(
    healthy: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.behaviour = "hang"
    monkeypatch.setattr(sites, "ALTOGETHER_S", 0.2)
    house = house_of(healthy, SECOND, mirror=site.url)
    found = sites.reach({"www.fda.gov": f"{site.url}/www.fda.gov/robots.txt"}, "us", house.clock.now)
    site.released.set()
    assert [(one.host, one.status, one.why) for one in found] == [("www.fda.gov", 0, "no answer within 0.2 s")]


def test_missing_time_zone_data_is_trouble(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['tzdata'] = None\n"
        "from scheduler.doctor.machine import time_zones\n"
        "print(time_zones())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ['PYTHONPATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "There is no time-zone data: install the package tzdata." in done.stdout


def test_every_check_can_be_had_without_the_command_line(healthy: Path) -> None:
    assert {"versions", "disk", "site"} <= {finding.check for finding in examine(os.environ, offline=False)}
