"""The crawls of a service: side by side on different hosts, handed back when it stops."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.crawls import Crawls
from scheduler.house import House
from scheduler.jobs import APPLY
from stemwatch.config import Config, CrawlSettings, SourceSettings
from tests.scheduler.conftest import FIRST, NAME, SECOND, Site, house_of, until

FEED = "us_ftc_press_releases"


def house_at(home: Path, site: Site, *sources: str, at_a_time: int = 3) -> House:
    """A house that follows these sources alone, on a day when all are due."""
    house = house_of(home, SECOND, mirror=site.url)
    settings = {name: SourceSettings(enabled=name in sources) for name in house.sources}
    return replace(house, config=Config(crawl=CrawlSettings(at_a_time=at_a_time), sources=settings))


def begin(house: House, crawls: Crawls) -> None:
    with house.store() as store:
        crawls.begin_due(store)


@pytest.fixture
def started() -> Iterator[list[Crawls]]:
    """Crawls that are ended when a test did not."""
    made: list[Crawls] = []
    yield made
    for crawls in made:
        crawls.stop()
        assert crawls.wait(10)


def robots(site: Site) -> list[str]:
    return sorted(path.split("/")[1] for _, path, _ in site.requests if path.endswith("/robots.txt"))


def test_as_many_run_at_a_time_as_are_asked_for(filled: Path, site: Site, started: list[Crawls]) -> None:
    site.behaviour = "hang"
    house = house_at(filled, site, NAME, FEED, "eu_ema_news", at_a_time=2)
    crawls = Crawls(house, lambda: None)
    started.append(crawls)
    for _ in range(3):
        begin(house, crawls)
    until(lambda: len(robots(site)) == 2)
    begin(house, crawls)
    crawls.stop()
    assert crawls.wait(10)
    assert len(robots(site)) == 2


def test_what_is_handed_back_is_still_due_and_nothing_is_held_against_it(
    filled: Path, site: Site, started: list[Crawls]
) -> None:
    site.behaviour = "hang"
    house = house_at(filled, site, NAME)
    first = Crawls(house, lambda: None)
    begin(house, first)
    assert site.asked.wait(10)
    first.stop()
    assert first.wait(10)
    begin(house, first)
    assert first.wait(0), "A stopping service begins nothing."
    with house.store() as store:
        (standing,) = [one for one in store.standings() if one.source == NAME]
        assert (standing.failures, standing.last_run[:8]) == (0, "20250121")


def test_an_apply_that_takes_too_long_is_not_waited_for(filled: Path, site: Site, started: list[Crawls]) -> None:
    house = house_at(filled, site, NAME)
    crawls = Crawls(house, lambda: None)
    started.append(crawls)
    with house.lock(APPLY, busy="Taken."):
        begin(house, crawls)
        until(lambda: bool(list((filled / "inbox").glob("*.bundle"))))
        crawls.stop()
        assert not crawls.wait(0.2)


def test_what_is_not_due_is_not_begun_and_its_moment_is_told(filled: Path, site: Site) -> None:
    house = replace(house_at(filled, site, NAME), clock=house_of(filled, FIRST).clock)
    crawls = Crawls(house, lambda: None)
    with house.store() as store:
        due = crawls.begin_due(store)
    assert crawls.wait(0)
    assert due is not None
    assert timedelta(0) < due - house.clock.now() < timedelta(hours=7)


def test_the_end_of_a_crawl_is_told_when_its_host_is_free(filled: Path, site: Site) -> None:
    site.behaviour = "refuse"
    under_way: list[bool] = []
    house = house_at(filled, site, NAME)
    crawls = Crawls(house, lambda: under_way.append(not crawls.wait(0)))
    begin(house, crawls)
    assert crawls.wait(30)
    assert under_way == [False]
    crawls.stop()
