"""Whatever is wrong is told in one sentence that names it, with exit code 1 or 2, and nothing is lost."""

import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scheduler.conftest import FIRST_DAY, NAME, SAMPLE, Run, Site, process, replayed
from tests.store.builders import CHARA, World

SETTINGS = '[[subscriptions]]\nname = "press"\nchannel = "{}"\n'

Settings = Callable[[str], Path]


# ---- what was asked


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["crawl", "us_fda_unheard_of"], "'us_fda_unheard_of'. Known sources: us_fda_warning_letters"),
        (["notices", "--source", "us_fda_unheard_of"], "'us_fda_unheard_of'"),
        (["crawl", NAME, "--way", "pigeon"], "'pigeon'"),
        (["predict"], "'predict'"),
        (["notices", "--relevance", "rather"], "'rather'"),
        (["notices", "--since", "yesterday"], "'yesterday'"),
        (["changes", "--since", "-1"], "-1"),
        (["changes", "--since", "99999999999999999999"], "99999999999999999999"),
        (["crawl", "--details", "many"], "'many'"),
        (["show"], "'NOTICE'"),
        (["show", "chara"], "'chara'"),
        (["show", f"{NAME}/unheard-of"], f"'{NAME}/unheard-of'"),
        (["export"], "'DIR'"),
    ],
    ids=" ".join,
)
def test_what_was_asked_wrongly_is_named(run: Run, home: Path, arguments: list[str], named: str) -> None:
    done = run(*arguments)
    assert named in done.sentence
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("words", ['"', "AND", "NEAR(", "*", "title:", "'", "-", "ﬀ" * 9])
def test_no_word_of_a_search_is_taken_for_syntax(run: Run, filled: Path, words: str) -> None:
    assert run("notices", words, "--json").code == 0


# ---- the settings


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("subscriptions = ", "is not valid TOML"),
        ("polite = true", "`polite`"),
        ('[[subscriptions]]\nname = "press"\nchanel = "json://x"', "`chanel`"),
        (SETTINGS.format("json://x") + 'sources = ["us_fda_unheard_of"]', "'us_fda_unheard_of'"),
        ("[sources.us_fda_unheard_of]\nenabled = false", "us_fda_unheard_of"),
    ],
)
@pytest.mark.parametrize("command", ["sources", "deliver"])
def test_a_setting_that_is_not_understood_is_named(
    run: Run, settings: Settings, home: Path, text: str, named: str, command: str
) -> None:
    path = settings(text)
    done = run(command)
    assert named in done.sentence
    assert str(path) in done.sentence
    assert done.code == 2
    assert not home.exists()


def test_a_configuration_that_cannot_be_read_is_named(
    run: Run, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings("").write_bytes(b'contact = "\xff"')
    assert "cannot be read" in run("sources").sentence
    for path in (tmp_path, tmp_path / "nowhere.toml", tmp_path / "stemwatch.toml" / "below"):
        monkeypatch.setenv("STEMWATCH_CONFIG", str(path))
        done = run("sources")
        assert (done.code, str(path) in done.sentence) == (2, True)


@pytest.mark.parametrize("command", ["deliver", "run"])
@pytest.mark.parametrize(
    ("channel", "named"),
    [
        ("telepathy://host/CANARY-token", "telepathy://"),
        ("https://host/CANARY-token", "jsons://"),
        ("CANARY-token", "not a URL"),
        ("json://host/${STEMWATCH_TEST_TOKEN}", "STEMWATCH_TEST_TOKEN"),
    ],
)
def test_a_channel_that_cannot_be_used_is_named_without_its_secrets(
    run: Run, moved: Path, settings: Settings, command: str, channel: str, named: str
) -> None:
    settings(SETTINGS.format(channel))
    done = run(command)
    assert named in done.sentence
    assert "'press'" in done.sentence
    assert done.code == 2
    assert "CANARY" not in done.err + done.out


@pytest.mark.parametrize("now", ["yesterday", "2025-02-30", "0001-01-01T00:00+05:00"])
def test_a_clock_that_cannot_be_understood_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, now: str) -> None:
    monkeypatch.setenv("STEMWATCH_NOW", now)
    done = run("sources")
    assert "STEMWATCH_NOW" in done.sentence
    assert now in done.sentence
    assert done.code == 2
