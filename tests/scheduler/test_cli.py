"""The command line: what each command gives, as words for people and as records for programs."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import COMMANDS
from stemwatch import __version__
from tests.notify.conftest import HttpSink
from tests.scheduler.conftest import NAME, RELEVANT_NEWS, SECOND_DAY, Run, Site
from tests.store.builders import CHARA

CHARA_ID = f"{NAME}/{CHARA.key}"
FIELDS = {
    "sources": "source title regulator jurisdiction language list verdict last_ok_at newest_on notices due_at",
    "notices": "notice source key url kind title posted_on issued_on regulator jurisdiction language stage "
    "status relevance products clinics first_seen_at",
    "changes": "change notice source verb cause detected_at posted_on issued_on title url relevance "
    "reasons clinics",
    "crawl": "source run verdict reason seen added edited closed_out delisted relisted reissued details_read "
    "details_left requests seconds",
    "deliver": "delivery subscription channel notice outcome attempts error",
}
"""What each command's JSON has at least."""
SETTINGS = '[[subscriptions]]\nname = "press"\nchannel = "{}"\n'

Settings = Callable[[str], Path]


def lacking(command: str, record: dict[str, Any]) -> set[str]:
    return set(FIELDS[command].split()) - set(record)


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"stemwatch {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str, home: Path) -> None:
    done = run(command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: stemwatch {command}")
    assert len(done.out.splitlines()) > 5
    assert not home.exists()


def test_the_list_of_commands_tells_what_each_does(run: Run) -> None:
    listed = dict(re.findall(r"^  ([\w-]+) +(\S.*)$", run("--help").out.partition("Commands:")[2], re.MULTILINE))
    assert set(listed) == set(COMMANDS)


@pytest.mark.parametrize("command", ["sources", "notices", "changes"])
def test_data_is_one_json_object_a_line_with_the_fields_that_are_promised(
    run: Run, moved: Path, command: str
) -> None:
    done = run(command, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.records
    for record in done.records:
        assert not lacking(command, record)


def test_relevance_tells_label_score_reasons_and_products(run: Run, moved: Path) -> None:
    (notice,) = [record for record in run("notices", "chara", "--json").records if record["notice"] == CHARA_ID]
    relevance = notice["relevance"]
    assert set(relevance) == {"label", "score", "reasons", "products", "routes"}
    assert (relevance["label"], 0 < relevance["score"] <= 1) == ("relevant", True)
    assert set(relevance["reasons"][0]) == {"phrase", "field", "why", "start", "end"}


def test_one_notice_is_shown_with_its_history_and_evidence(run: Run, moved: Path) -> None:
    (dossier,) = run("show", CHARA_ID, "--json").records
    assert dossier["notice"]["title"] == "Chara Biologics, Inc."
    assert [event["verb"] for event in dossier["history"]] == ["added"]
    for capture in dossier["evidence"]:
        assert {"url", "fetched_at", "sha256", "file", "offset", "length"} <= set(capture)
        assert (moved / capture["file"]).is_file()
    assert "Chara Biologics, Inc." in run("show", CHARA_ID).out


def test_an_edit_is_shown_with_the_words_that_changed(run: Run, moved: Path) -> None:
    (edited,) = [record for record in run("changes", "--json").records if record["verb"] == "edited"]
    (dossier,) = run("show", edited["notice"], "--json").records
    diff = dossier["history"][-1]["diff"]
    assert [line[0] for line in diff] == ["@", "-", "+"]
    assert all(line in run("show", edited["notice"]).out for line in diff[1:])


def test_changes_go_on_from_a_cursor(run: Run, moved: Path) -> None:
    everything = run("changes", "--json").records
    cursor = everything[-3]["change"]
    assert run("changes", "--since", cursor, "--json").records == everything[-2:]
    assert run("changes", "--since", everything[-1]["change"], "--json").out == ""


def test_notices_are_narrowed_by_label_source_day_and_words(run: Run, moved: Path) -> None:
    relevant = run("notices", "--relevance", "relevant", "--json").records
    assert {record["relevance"]["label"] for record in relevant} == {"relevant"}
    late = run("notices", "--source", NAME, "--since", SECOND_DAY, "--json").records
    assert {record["posted_on"] for record in late} == {SECOND_DAY}
    assert run("notices", "no", "such", "words", "--json").out == ""
    assert "That is no clean bill" in run("notices", "no", "such", "words").err


def test_a_crawl_tells_each_run_on_standard_output_and_its_progress_elsewhere(
    run: Run, home: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    done = run("crawl", NAME, "--json")
    (record,) = done.records
    assert not lacking("crawl", record)
    assert (done.code, record["verdict"], record["seen"], record["baseline"]) == (0, "ok", 59, 59)
    assert f"{NAME}: started" in done.err
    assert run("deliver").err == "Nothing is due.\n"


def test_a_crawl_that_cannot_be_believed_ends_with_1_and_says_why(
    run: Run, home: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.behaviour = "refuse"
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    done = run("crawl", "--json")
    assert (done.code, done.records[0]["verdict"]) == (1, "blocked")
    assert f"{NAME} is blocked: https://www.fda.gov/robots.txt answered 403." in done.err


def test_deliver_sends_what_is_new_and_relevant_once(
    run: Run, moved: Path, settings: Settings, sink: HttpSink
) -> None:
    settings(SETTINGS.format(sink.url()))
    done = run("deliver", "--json")
    assert (done.code, len(done.records)) == (0, RELEVANT_NEWS)
    assert all(not lacking("deliver", record) for record in done.records)
    assert CHARA_ID in {record["notice"] for record in done.records}
    assert "CANARY" not in done.out + done.err
    assert run("deliver", "--json").out == ""
    assert len(sink.requests) == RELEVANT_NEWS


def test_slack_gets_blocks_at_the_base_that_the_environment_names(
    run: Run, moved: Path, settings: Settings, sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(SETTINGS.format("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrCANARY1Q"))
    monkeypatch.setenv("STEMWATCH_SLACK_BASE", f"http://127.0.0.1:{sink.port}")
    done = run("deliver", "--json")
    assert (done.code, len(done.records)) == (0, RELEVANT_NEWS)
    assert {path for path, _, _ in sink.requests} == {"/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrCANARY1Q"}
    assert all("blocks" in json.loads(body) for _, _, body in sink.requests)
    assert "CANARY" not in done.out + done.err


def test_a_delivery_that_fails_ends_with_1_and_says_why(
    run: Run, moved: Path, settings: Settings, sink: HttpSink
) -> None:
    settings(SETTINGS.format(sink.url()))
    sink.status = 503
    done = run("deliver", "--json")
    assert (done.code, [record["outcome"] for record in done.records]) == (1, ["retry"])
    assert "'press': retry." in done.err
    assert "503" in done.err
    assert "CANARY" not in done.out + done.err


def test_a_release_is_written_and_everything_holds(run: Run, moved: Path, tmp_path: Path) -> None:
    done = run("export", tmp_path / "release")
    assert done.code == 0
    assert (Path(done.out.strip()) / "SHA256SUMS").is_file()
    assert run("verify").err == "The database and its evidence hold.\n"
