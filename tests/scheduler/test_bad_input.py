"""Whatever is wrong is told in one sentence that names it, with exit code 1 or 2, and nothing is lost."""

import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scheduler.conftest import FIRST, NAME, Run, Site, process, replayed
from tests.store.builders import CHARA, World

SETTINGS = '[[subscriptions]]\nname = "press"\nchannel = "{}"\n'

Settings = Callable[[str], Path]


# ---- what was asked


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["crawl", "us_fda_unheard_of"], "'us_fda_unheard_of'. Known sources: "),
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
)
def test_what_was_asked_wrongly_is_named(run: Run, home: Path, arguments: list[str], named: str) -> None:
    done = run(*arguments)
    assert named in done.sentence
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("words", ["title:", "col:umn", "ﬀ" * 9, "'; DROP TABLE notices; --x"])
def test_no_word_of_a_search_is_taken_for_syntax(run: Run, filled: Path, words: str) -> None:
    assert run("notices", words, "--json").code == 0


@pytest.mark.parametrize("words", ['"', "AND", "NEAR(", "*", "'", "NOT exosomes"])
def test_a_search_that_cannot_be_understood_is_one_sentence(run: Run, filled: Path, words: str) -> None:
    done = run("notices", words)
    assert done.code == 2
    assert "cannot be understood" in done.sentence


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
def test_a_setting_that_is_not_understood_is_named(
    run: Run, settings: Settings, home: Path, text: str, named: str
) -> None:
    path = settings(text)
    done = run("deliver")
    assert named in done.sentence
    assert str(path) in done.sentence
    assert done.code == 2
    assert not home.exists()


@pytest.mark.parametrize("command", ["deliver", "run"])
def test_a_language_that_there_are_no_words_for_is_named(run: Run, settings: Settings, command: str) -> None:
    settings(SETTINGS.format("json://127.0.0.1:9") + 'language = "tlh"')
    done = run(command)
    assert "'press'" in done.sentence
    assert "'tlh'; known: de, en, es, fr, ja" in done.sentence
    assert done.code == 2


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


# ---- the data folder


@pytest.mark.parametrize(
    ("command", "below"),
    [
        *(("sources", ""), ("apply", ""), ("crawl", ""), ("deliver", ""), ("verify", ""), ("run", "")),
        *(("sources", "below"), ("deliver", "below")),
    ],
)
def test_a_file_in_the_place_of_the_data_folder_is_named(
    run: Run, home: Path, command: str, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("mine", encoding="utf-8")
    monkeypatch.setenv("STEMWATCH_HOME", str(home / below))
    done = run(command)
    assert f"The data folder {home / below} " in done.sentence
    assert "Set STEMWATCH_HOME to" in done.sentence
    assert (done.code, home.read_text(encoding="utf-8")) == (1, "mine")


@pytest.mark.parametrize("command", ["sources", "apply", "crawl", "deliver", "verify"])
def test_a_database_of_a_newer_version_is_named_and_left_as_it_is(run: Run, filled: Path, command: str) -> None:
    with sqlite3.connect(filled / "stemwatch.db") as database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('stemwatch', 'm999', '2030')"
        )
    before = list(database.iterdump())
    done = run(command)
    assert "was written by a newer Stemwatch (it has m999): upgrade" in done.sentence
    assert str(filled / "stemwatch.db") in done.sentence
    assert (done.code, list(database.iterdump())) == (1, before)
    database.close()


@pytest.mark.parametrize("command", ["sources", "notices", "changes", "show", "export", "crawl", "deliver"])
def test_a_damaged_database_is_named(run: Run, moved: Path, tmp_path: Path, command: str) -> None:
    path = moved / "stemwatch.db"
    with sqlite3.connect(path) as database:
        roots = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name IN ('notices', 'changes', 'sources')"
        )
        places = [(root - 1) * 4096 for (root,) in roots]
    database.close()
    with path.open("r+b") as file:
        for place in places:
            file.seek(place)
            file.write(b"\xff" * 4096)
    more = {"show": [f"{NAME}/{CHARA.key}"], "export": [str(tmp_path / "release")]}.get(command, [])
    done = run(command, *more)
    assert str(path) in done.sentence
    assert done.code == 1


def test_a_corrupt_bundle_is_set_aside_and_nothing_is_lost(run: Run, world: World) -> None:
    for rows in ([CHARA], [CHARA], [CHARA]):
        last = world.bundle(rows).path
    last.with_stem("run-002").write_bytes(b"half of a bundle")
    done = run("apply", "--json")
    aside = last.with_name("run-002.rejected")
    assert [record["run"] for record in done.records] == ["run-001", "run-003"]
    assert (
        f"The bundle run-002.bundle is corrupt: File is not a zip file. It was set aside as {aside}." in done.err
    )
    assert (done.code, aside.read_bytes()) == (1, b"half of a bundle")
    assert run("apply").err == "Nothing to apply.\n"


def test_corrupt_evidence_is_found_by_name(run: Run, filled: Path) -> None:
    (warc,) = (filled / "evidence").iterdir()
    content = bytearray(warc.read_bytes())
    content[len(content) // 2] ^= 0xFF
    warc.write_bytes(content)
    done = run("verify")
    assert done.code == 1
    assert all(f"The evidence file {warc.name} " in line for line in done.out.splitlines())
    assert len(done.out.splitlines()) == 1
    warc.unlink()
    assert f"The evidence file {warc.name} is missing." in run("verify").out


def test_a_clock_that_went_backwards_stops_the_crawl(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMWATCH_NOW", "2025-01-21T15:00Z")
    done = run("crawl", NAME)
    assert "The clock says 2025-01-21T15:00:00Z" in done.err
    assert "the newest run began at 2025-01-21T16:00:00Z: set the clock right first." in done.err
    assert (done.code, list((filled / "inbox").iterdir())) == (1, [])


@pytest.mark.parametrize("kib", [48, 184], ids=["in the middle of the crawl", "while the bundle is sealed"])
def test_a_full_disk_during_a_crawl_is_told_and_the_next_crawl_catches_up(
    run: Run, home: Path, site: Site, monkeypatch: pytest.MonkeyPatch, kib: int
) -> None:
    assert run("sources").code == 0  # makes the database, which is no smaller on a full disk
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    monkeypatch.setenv("STEMWATCH_NOW", "2025-01-21T15:00Z")
    limit = (kib << 10, kib << 10)
    with process(
        "crawl", NAME, "--json", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    ) as full:
        out, err = full.communicate(timeout=20)
    assert full.returncode == 1
    assert "Traceback" not in err
    assert err.splitlines()[-1].endswith("The bundle could not be written: File too large.")
    assert '"verdict":"crashed"' in out
    assert [path for name in ("work", "inbox", "evidence") for path in home.glob(f"{name}/*")] == []
    assert replayed(home, FIRST).baseline == 59
