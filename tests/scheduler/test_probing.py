"""A probe looks at a list once: it tells what it saw, and writes nothing."""

from pathlib import Path

import pytest

from tests.scheduler.conftest import NAME, Run, Site


@pytest.fixture(autouse=True)
def _mirror(environ: None, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)


def test_a_probe_tells_verdict_size_newest_item_and_left_over_fields(run: Run, home: Path) -> None:
    done = run("crawl", "--probe", NAME, "--json")
    (told,) = done.records
    assert (done.code, told["verdict"], told["seen"], told["newest_on"]) == (0, "ok", 59, "2025-01-21")
    assert told["leftover"] == []
    assert NAME in run("crawl", "--probe", NAME).out
    assert not home.exists()


def test_a_probe_reads_no_page_of_a_notice(run: Run, site: Site) -> None:
    run("crawl", "--probe", NAME)
    assert not [path for _, path, _ in site.requests if "/warning-letters/" in path]


def test_a_probe_that_is_refused_says_so_and_ends_with_1(run: Run, site: Site, home: Path) -> None:
    site.behaviour = "refuse"
    done = run("crawl", "--probe", NAME, "--json")
    assert (done.code, done.records[0]["verdict"]) == (1, "blocked")
    assert "403" in done.records[0]["reason"]
    assert not home.exists()


@pytest.mark.parametrize("wrong", [[], [NAME, "--backfill"], [NAME, "--details", "3"]])
def test_a_probe_goes_alone_and_names_its_sources(run: Run, wrong: list[str]) -> None:
    done = run("crawl", "--probe", *wrong)
    assert (done.code, done.sentence) == (
        2,
        "--probe looks at the lists of the sources it is given, and at nothing else.",
    )
