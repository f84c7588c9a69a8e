"""How we behave on a regulator's site: what its robots.txt says binds us, and nothing is hurried or followed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from spiders.common.crawl import Crawl as Scrapy
from spiders.common.job import Job, load_job, save_job
from spiders.common.progress import Progress
from spiders.common.settings import settings
from spiders.us_fda_warning_letters import UsFdaWarningLetters
from stemwatch.bundle import BundleWriter
from stemwatch.reading import Known
from tests.spiders.conftest import (
    AGENT,
    FIRST_WAY,
    HTML,
    LANDING,
    LETTERS,
    MISSING,
    NOW,
    ROOT,
    SOURCE,
    Asked,
    Outcome,
    Reply,
    Site,
    letter,
    rows,
)

Crawl = Callable[..., Outcome]


def robots(*lines: str) -> Reply:
    return Reply("\n".join(lines), headers={"Content-Type": "text/plain"})


def test_one_request_at_a_time_under_our_own_name_without_cookies(site: Site, crawl: Crawl) -> None:
    def cookie(asked: Asked) -> Reply | None:
        return Reply(letter(), headers={**HTML, "Set-Cookie": "session=1; Path=/"})

    site.rows = rows(12)
    site.answers[LETTERS + "firm-0-600000-01172025"] = cookie
    report = crawl(details=12).report
    assert site.paths[:3] == ["/robots.txt", LANDING, FIRST_WAY]
    assert report.requests == len(site.asked) == 15
    assert {asked.in_flight for asked in site.asked} == {1}
    assert {asked.headers["user-agent"] for asked in site.asked} == {AGENT}
    assert not any("cookie" in asked.headers for asked in site.asked)


def test_robots_txt_that_disallows_the_list_ends_the_crawl_before_the_first_page(site: Site, crawl: Crawl) -> None:
    site.robots = robots("User-agent: *", f"Disallow: {LANDING}")
    report = crawl().report
    assert (report.stopped, report.seen) == ("blocked", 0)
    assert report.reason.startswith("robots.txt does not allow https://www.fda.gov")
    assert site.paths == ["/robots.txt"]


def test_robots_txt_that_disallows_us_by_name_binds_in_the_middle_of_a_crawl(site: Site, crawl: Crawl) -> None:
    site.robots = robots("User-agent: *", "Allow: /", "", "User-agent: stemwatch", f"Disallow: {LETTERS}")
    outcome = crawl(details=5)
    assert (outcome.report.stopped, outcome.report.seen) == ("blocked", 3)
    assert len(outcome.listed) == 3
    assert site.letters == []


def test_a_site_without_robots_txt_allows_everything(site: Site, crawl: Crawl) -> None:
    site.robots = Reply(MISSING, 404)
    report = crawl().report
    assert (report.stopped, report.seen) == (None, 3)


def test_robots_txt_that_cannot_be_had_allows_nothing(site: Site, crawl: Crawl) -> None:
    site.robots = Reply("Down for maintenance", 503)
    report = crawl().report
    assert report.stopped == "unreachable"
    assert "answered 503, so nothing may be fetched" in report.reason
    assert site.paths == ["/robots.txt"]


def test_a_redirect_to_the_apology_is_a_block_that_is_neither_followed_nor_retried(
    site: Site, crawl: Crawl
) -> None:
    location = "https://www.fda.gov/apology_objects/abuse-detection-apology.html"
    site.answers[FIRST_WAY] = Reply("", 302, {"Location": location, "Retry-After": "90"})
    report = crawl().report
    assert (report.stopped, report.retry_after) == ("blocked", 90)
    assert "apology page" in report.reason
    assert site.paths == ["/robots.txt", LANDING, FIRST_WAY]


# The pause between requests, looked at where it is kept instead of waited for


class Pause:
    """Prints the pause that stands when the first page is about to be asked, and ends there."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Pause":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if request.url.endswith("/robots.txt"):
            return
        assert self.crawler.engine is not None
        downloader: Any = self.crawler.engine.downloader
        kept = [[slot.delay, slot.concurrency] for slot in downloader.slots.values()]
        made_anew = [[slot["delay"], slot["concurrency"]] for slot in downloader.per_slot_settings.values()]
        sys.stdout.write(json.dumps([kept, made_anew]))
        sys.stdout.flush()
        os._exit(0)


def ask_first_page(path: Path) -> None:
    """What the worker does, ended by `Pause`."""
    job = load_job(path)
    source = UsFdaWarningLetters.source
    given = settings(job, source)
    given["DOWNLOADER_MIDDLEWARES"] = {**given["DOWNLOADER_MIDDLEWARES"], Pause: 101}
    process = AsyncCrawlerProcess(given)
    with BundleWriter(Path(job.folder)) as bundle:
        process.crawl(Scrapy, UsFdaWarningLetters(job, Known(source=SOURCE), bundle, Progress()))
        process.start()


def pause(site: Site, folder: Path) -> list[list[list[float]]]:
    """Delay and concurrency of each slot: as they stand, and as an idle slot is made anew."""
    job = Job(
        run="x", source=SOURCE, started_at=NOW, known="", folder=str(folder / "work"), inbox=str(folder),
        user_agent=AGENT, mirror=site.url, polite=True,
    )  # fmt: skip
    save_job(job, folder / "job.json")
    code = "import sys, pathlib; from tests.spiders.test_politeness import ask_first_page as ask; "
    command = [sys.executable, "-c", code + "ask(pathlib.Path(sys.argv[1]))", str(folder / "job.json")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=True).stdout
    return msgspec.json.decode(told, type=list[list[list[float]]])


def test_a_longer_pause_that_robots_txt_asks_for_is_kept(site: Site, tmp_path: Path) -> None:
    site.robots = robots("User-agent: *", "Crawl-delay: 45", "Disallow: /node/")
    assert pause(site, tmp_path) == [[[45.0, 1]], [[45.0, 1]]]


def test_a_shorter_pause_in_robots_txt_does_not_shorten_ours(site: Site, tmp_path: Path) -> None:
    site.robots = robots("User-agent: *", "Crawl-delay: 5")
    assert pause(site, tmp_path) == [[[UsFdaWarningLetters.source.delay_seconds, 1]], []]
