"""Crawling on one machine and applying on another: the same comes of it as on one."""

import shutil
from pathlib import Path

import pytest

from scheduler.crawling import Options
from scheduler.travelling import apply_folder, crawl_into, read_known, write_known
from stemwatch.errors import StemwatchError
from stemwatch.views import RunView
from tests.scheduler.conftest import (
    FIRST,
    FIRST_DAY,
    NAME,
    SAMPLE,
    SECOND,
    SECOND_DAY,
    Run,
    Site,
    house_of,
)
from tests.sources.replay import WORKERS

THIRD = "2025-02-04T16:00:00+00:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def crawler(tmp_path: Path) -> Path:
    """The data folder of the machine that crawls."""
    return tmp_path / "crawler"


def carried(crawler: Path, folder: Path, moment: Path, now: str) -> Path:
    """Crawl a recorded day on the machine without a database; the bundle."""
    view = crawl_into(house_of(crawler, now), NAME, folder, Options(replay=moment), lambda told: None, WORKERS)
    return Path(view.bundle)


def applied(home: Path, folder: Path, now: str = THIRD) -> list[RunView | StemwatchError]:
    house = house_of(home, now)
    with house.store() as store:
        return list(apply_folder(house, store, folder))


def known_to(home: Path, folder: Path) -> None:
    with house_of(home).store() as store:
        write_known(store, [NAME], folder)


def state(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is stored of notices, pages and changes, whichever run brought it and whenever that was."""
    tables = {
        "notices": "SELECT key, url, kind, title, posted_on, issued_on, fields, closed_out_on, responded_on, "
        "fingerprint, status, label FROM notices ORDER BY key",
        "pages": "SELECT n.key, p.role, p.fingerprint, p.failures FROM pages p JOIN notices n ON n.id = p.notice "
        "ORDER BY n.key, p.role",
        "changes": "SELECT n.key, c.verb, c.cause, c.edited, c.matched_at IS NULL FROM changes c "
        "JOIN notices n ON n.id = c.notice ORDER BY n.key, c.verb",
    }
    with house_of(home).store() as store:
        return {name: list(store.db.execute(sql)) for name, sql in tables.items()}


def without_baseline(changes: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [change for change in changes if change[1] != "baseline"]


def test_two_machines_come_to_what_one_comes_to(moved: Path, crawler: Path, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "other"
    carried(crawler, folder, SAMPLE / FIRST_DAY, FIRST)
    assert [outcome.verdict for outcome in applied(home, folder) if isinstance(outcome, RunView)] == ["ok"]
    known_to(home, folder)
    carried(crawler, folder, SAMPLE / SECOND_DAY, SECOND)
    assert len(applied(home, folder)) == 2
    assert state(home) == state(moved)
    assert not (crawler / "stemwatch.db").exists()
    with house_of(home).store() as store:
        assert list(store.verify()) == []


def test_a_bundle_that_comes_twice_changes_nothing_and_the_folder_is_left_as_it_is(
    crawler: Path, folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "other"
    carried(crawler, folder, SAMPLE / FIRST_DAY, FIRST)
    carried(crawler, folder, SAMPLE / SECOND_DAY, SECOND)
    first = applied(home, folder)
    before, files = state(home), sorted(folder.iterdir())
    assert applied(home, folder) == first
    assert state(home) == before
    assert sorted(folder.iterdir()) == files


def test_bundles_that_come_in_the_wrong_order_leave_what_the_newest_says(
    moved: Path, crawler: Path, folder: Path, tmp_path: Path
) -> None:
    """One that began before what was applied only adds what nobody has seen; before the first look, silently."""
    early, late, home = folder / "early", folder / "late", tmp_path / "other"
    carried(crawler, early, SAMPLE / FIRST_DAY, FIRST)
    carried(crawler, late, SAMPLE / SECOND_DAY, SECOND)
    applied(home, late)
    newest = state(home)
    applied(home, early)
    after = state(home)
    assert after["notices"] == newest["notices"] == state(moved)["notices"]
    assert after["pages"] == state(moved)["pages"]
    assert without_baseline(after["changes"]) == []


def test_one_that_was_lost_is_made_up_for_by_the_next(
    moved: Path, crawler: Path, folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "other"
    carried(crawler, folder, SAMPLE / FIRST_DAY, FIRST)
    applied(home, folder)
    known_to(home, folder)
    carried(crawler, folder, SAMPLE / SECOND_DAY, "2025-01-25T00:00:00+00:00").unlink()
    carried(crawler, folder, SAMPLE / SECOND_DAY, SECOND)
    applied(home, folder)
    assert state(home) == state(moved)


def test_what_is_known_may_be_older_than_what_the_bundle_comes_to(
    moved: Path, crawler: Path, folder: Path, tmp_path: Path
) -> None:
    """The words of a row travel whole, so one that is again what the crawl knew is seen to have come back."""
    shutil.copytree(SAMPLE, tmp_path / "sample")
    renamed = tmp_path / "sample" / SECOND_DAY
    rows = renamed / "list.json"
    told = rows.read_text(encoding="utf-8")
    rows.write_text(told.replace("Kimera Labs", "Kimera Laboratories"), encoding="utf-8")
    known_to(moved, folder)
    carried(crawler, folder, renamed, "2025-01-30T00:00:00+00:00")
    carried(crawler, folder, SAMPLE / SECOND_DAY, THIRD)
    applied(moved, folder)
    with house_of(moved).store() as store:
        edits = [(edit.old, edit.new) for change in store.changes() for edit in change.edited if edit.old]
    assert edits == [
        ("Kimera Labs, Inc.", "Kimera Laboratories, Inc."),
        ("Kimera Laboratories, Inc.", "Kimera Labs, Inc."),
    ]


def test_what_cannot_be_applied_is_told_and_stays_and_the_rest_is_applied(
    crawler: Path, folder: Path, tmp_path: Path
) -> None:
    home = tmp_path / "other"
    bundle = carried(crawler, folder, SAMPLE / FIRST_DAY, FIRST)
    (folder / "a.bundle").write_bytes(bundle.read_bytes()[:-30])
    shutil.copy(bundle, folder / "copy of it.bundle")
    outcomes = applied(home, folder)
    assert "a.bundle is corrupt" in str(outcomes[-2]) or "a.bundle is corrupt" in str(outcomes[-1])
    assert sum(isinstance(outcome, RunView) for outcome in outcomes) == 2
    assert (folder / "a.bundle").exists()


def test_a_bundle_of_a_machine_whose_clock_is_ahead_is_refused(
    crawler: Path, folder: Path, tmp_path: Path
) -> None:
    carried(crawler, folder, SAMPLE / SECOND_DAY, SECOND)
    (outcome,) = applied(tmp_path / "other", folder, FIRST)
    assert "set the clocks of both machines right" in str(outcome)


@pytest.mark.parametrize(
    ("text", "said"),
    [("no json", "is not what `stemwatch known` writes"), ('{"source": "us_other"}', "is about 'us_other'")],
    ids=["damaged", "another source's"],
)
def test_what_is_no_knowledge_is_refused(folder: Path, text: str, said: str) -> None:
    folder.mkdir()
    (folder / f"{NAME}.known.json").write_text(text, encoding="utf-8")
    with pytest.raises(StemwatchError, match=said):
        read_known(folder, NAME)


def test_the_commands_carry_it_all(
    filled: Path, crawler: Path, folder: Path, run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("known", folder, NAME).out == f"{folder / NAME}.known.json\n"
    site.show(SAMPLE / SECOND_DAY)
    with monkeypatch.context() as there:
        there.setenv("STEMWATCH_HOME", str(crawler))
        there.setenv("STEMWATCH_MIRROR", site.url)
        there.setenv("STEMWATCH_NOW", SECOND)
        (record,) = run("crawl", "--bundle-only", folder, NAME, "--json").records
    assert (record["source"], record["stopped"]) == (NAME, None)
    assert Path(record["bundle"]).parent == folder
    (applied,) = run("apply", folder, "--json").records
    assert (applied["run"], applied["verdict"], applied["added"]) == (record["run"], "ok", 4)
    assert list((filled / "inbox").iterdir()) == []


def test_a_crawl_that_ended_early_is_told_where_it_was_made(
    crawler: Path, folder: Path, run: Run, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.behaviour = "refuse"
    monkeypatch.setenv("STEMWATCH_HOME", str(crawler))
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    done = run("crawl", "--bundle-only", folder, NAME)
    assert done.code == 1
    assert f"{NAME} is blocked:" in done.err
    assert len(list(folder.iterdir())) == 1
