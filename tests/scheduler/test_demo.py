"""The demo is the service at work: what it tells, what it leaves, and what it never touches."""

import json
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner, Result
from filelock import FileLock

from scheduler import showing
from scheduler.commands.demo import DIGEST_DUE, MARK, SAMPLE, SOURCE, demo
from spiders.registry import sources
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.store import Store
from tests.sources.build import files, read


def run(folder: Path) -> Result:
    result = CliRunner().invoke(demo, ["--keep", str(folder), "--no-site"])
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a demo was run in, with what it printed beside it."""
    folder = tmp_path_factory.mktemp("demo") / "kept"
    (folder.parent / "printed").write_text(run(folder).output, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    return (folder.parent / "printed").read_text(encoding="utf-8")


def test_the_new_relevant_letters_are_shown_as_the_alerts_that_people_get(printed: str) -> None:
    assert printed.count("| Subject: New warning letter") == 2
    assert "| Subject: New warning letter: Chara Biologics, Inc. (FDA)" in printed
    assert "| Subject: New warning letter: Evolutionary Biologics Inc. (FDA)" in printed


def test_the_first_look_is_silent(printed: str) -> None:
    assert "Messages sent: 0." in printed


def test_the_end_says_where_everything_lies(printed: str, folder: Path) -> None:
    for path in (folder / "digest.html", folder / "release" / "2025-01-29", folder / "data"):
        assert str(path) in printed
        assert path.exists()


def test_the_digest_tells_everything_that_happened_and_what_was_checked(folder: Path) -> None:
    for name in ("digest.html", "digest.txt"):
        digest = (folder / name).read_text(encoding="utf-8")
        for told in ("Chara Biologics", "Kardesler", "Amnio Technology", "Abbott", "What was checked"):
            assert told in digest, (name, told)


def test_what_happened_is_what_the_sample_holds(folder: Path) -> None:
    with Store(folder / "data", sources()) as store:
        changes = [change for change in store.changes() if change.verb != "baseline"]
        assert not list(store.verify())
    told = [(change.verb, change.title.split()[0], [edit.field for edit in change.edited]) for change in changes]
    assert sorted(told) == [
        ("added", "Chara", []),
        ("added", "Evolutionary", []),
        ("added", "Kardesler", []),
        ("added", "Mihon", []),
        ("closed_out", "Abbott", []),
        ("edited", "Amnio", ["text"]),
    ]


def test_traps_of_the_sample_are_not_taken_for_stem_cell_letters(folder: Path) -> None:
    with Store(folder / "data", sources()) as store:
        labels = {notice.title.split()[0]: notice.relevance.label for notice in store.notices()}
    for relevant in ("Neobiosis,", "Akan", "Kimera", "Amnio", "INCELL", "Chara"):
        assert labels[relevant] == "relevant", relevant
    for trap in ("Safari", "Indiana", "Washington", "Knobbe", "Human", "Veterinary"):
        assert labels[trap] == "unrelated", trap


def test_the_release_holds_every_notice(folder: Path) -> None:
    lines = (folder / "release" / "latest" / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 63
    assert {json.loads(line)["source"] for line in lines} == {SOURCE}


def test_a_second_run_starts_afresh_and_leaves_other_files_alone(folder: Path) -> None:
    (folder / "my notes").write_text("mine", encoding="utf-8")
    (folder / "digest.html").write_text("old", encoding="utf-8")
    assert "Messages sent: 0." in run(folder).output
    assert (folder / "my notes").read_text(encoding="utf-8") == "mine"
    assert "Chara" in (folder / "digest.html").read_text(encoding="utf-8")


def test_the_site_stays_until_it_is_stopped(folder: Path) -> None:
    assert not showing.stop(folder)
    address = showing.start(folder, DIGEST_DUE)
    try:
        assert b"Chara Biologics" in urllib3.request("GET", address, retries=False).data
        result = CliRunner().invoke(demo, ["--keep", str(folder), "--stop"])
        assert result.output == "The site was stopped.\n"
        with pytest.raises(urllib3.exceptions.HTTPError):
            urllib3.request("GET", address, retries=False)
        assert (folder / "data").exists()
    finally:
        showing.stop(folder)


def test_a_site_that_cannot_start_leaves_the_reason(folder: Path) -> None:
    with FileLock(folder / showing.LOCK), pytest.raises(StemwatchError, match="could not be started"):
        showing.start(folder, DIGEST_DUE)
    assert "Timeout" in (folder / showing.LOG).read_text(encoding="utf-8")


def test_the_environments_settings_do_not_reach_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMWATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STEMWATCH_CONFIG", str(tmp_path / "nowhere.toml"))
    monkeypatch.setenv("STEMWATCH_MIRROR", "http://127.0.0.1:9")
    monkeypatch.setenv("STEMWATCH_NOW", "2001-01-01T00:00Z")
    run(tmp_path / "demo")
    assert not (tmp_path / "home").exists()


def test_a_folder_with_files_that_no_demo_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis").write_text("years of work", encoding="utf-8")
    result = CliRunner().invoke(demo, ["--keep", str(tmp_path)])
    assert isinstance(result.exception, UsageError)
    assert "files that no demo made" in str(result.exception)
    assert (tmp_path / "data" / "thesis").exists()
    assert not (tmp_path / MARK).exists()


def test_a_link_in_the_demos_folder_is_removed_and_not_followed(tmp_path: Path) -> None:
    elsewhere, kept = tmp_path / "elsewhere", tmp_path / "kept"
    for path in (elsewhere, kept):
        path.mkdir()
    (elsewhere / "thesis").write_text("years of work", encoding="utf-8")
    (kept / MARK).write_text("", encoding="utf-8")
    (kept / "data").symlink_to(elsewhere)
    run(kept)
    assert [path.name for path in elsewhere.iterdir()] == ["thesis"]


@pytest.mark.parametrize("below", [".", "folder"], ids=["a file", "below a file"])
def test_a_file_in_the_place_of_the_folder_is_an_error_that_names_it(below: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(demo, ["--keep", str(file / below)])
    assert isinstance(result.exception, StemwatchError)
    assert str(file) in str(result.exception)
    assert file.read_text(encoding="utf-8") == "mine"


def test_the_samples_files_are_those_that_its_description_gives() -> None:
    described = files(read(SAMPLE / "letters.toml"))
    recorded = {str(path.relative_to(SAMPLE)) for path in SAMPLE.glob("*/**/*") if path.is_file()}
    assert recorded == set(described)
    for name, body in described.items():
        assert (SAMPLE / name).read_bytes() == body, name
