"""The whole list and 500 letters through the crawl worker, against a bare Scrapy spider on the same addresses.

Both ask for one thing at a time. The bare spider runs as `python -m bench.crawl MIRROR REQUESTS`: it downloads and
decodes, and keeps nothing.
"""

import json
import logging
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import msgspec
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse

from bench.conditional import BARE
from bench.measure import Ran, Result, faster, run_module, tell
from bench.replica import Replica
from spiders.common.job import Job, save_job
from stemwatch.bundle import SUFFIX, Bundle
from stemwatch.reading import Known

LETTERS, RUNS, AT_LEAST = 500, 5, 0.5
SOURCE = "us_fda_warning_letters"
HOST = "www.fda.gov"
LAST_DAY = "2025-09-30"
"""The newest posting day of the stand-in's data."""
NOW = datetime(2025, 10, 1, 12, 0, tzinfo=UTC)


class Bare(Spider):
    """Downloads and decodes."""

    name = "bare"

    def __init__(self, mirror: str, asked: list[dict[str, str]]) -> None:
        super().__init__()
        self.mirror = mirror
        self.asked = asked
        self.decoded = 0

    async def start(self) -> AsyncIterator[Any]:
        for entry in self.asked:
            query = f"?{entry['query']}" if entry["query"] else ""
            yield Request(f"{self.mirror}/{HOST}{entry['path']}{query}", dont_filter=True)

    def parse(self, response: Response, **_: object) -> None:
        if response.status == 200 and cast("TextResponse", response).text:
            self.decoded += 1

    def closed(self, reason: str) -> None:
        if (reason, self.decoded) != ("finished", len(self.asked)):
            raise SystemExit(f"The bare spider decoded {self.decoded} of {len(self.asked)} pages: {reason}.")


def run_bare(mirror: str, requests: Path) -> None:
    logging.getLogger("charset_normalizer").setLevel(logging.WARNING)
    process = AsyncCrawlerProcess(BARE)
    process.crawl(Bare, mirror=mirror, asked=json.loads(requests.read_bytes()))
    process.start()


def asked_of(site: Replica) -> list[dict[str, Any]]:
    """What was asked of the regulator since the log was last emptied, in order."""
    entries: list[dict[str, Any]] = site.get(f"/_replica/log?host={HOST}")
    return sorted(entries, key=lambda entry: cast("float", entry["t"]))


def forget(site: Replica) -> None:
    site.post("/_replica/log", method="DELETE")


@dataclass(frozen=True)
class Crawled:
    """One crawl: how many pages, and since when the site was asked (monotonic clock of this machine)."""

    ran: Ran
    pages: int
    first_asked: float

    @property
    def rate(self) -> float:
        """Pages a second over the whole life of the process."""
        return self.pages / self.ran.seconds

    @property
    def rate_by_cpu(self) -> float:
        """Pages a second of processor, which other work on the machine disturbs least."""
        return self.pages / self.ran.cpu

    @property
    def rate_at_work(self) -> float:
        """Pages a second from the first request to the end of the process."""
        return self.pages / (self.ran.ended - self.first_asked)


def crawled(site: Replica, ran: Ran) -> Crawled:
    asked = asked_of(site)
    return Crawled(ran, len(asked), asked[0]["t"])


def by_worker(site: Replica, folder: Path, run: str) -> Crawled:
    """Ours: the real worker process, from an empty store, on everything the list shows and 500 letters."""
    work = folder / run
    work.mkdir()
    job = Job(
        run=run,
        source=SOURCE,
        started_at=NOW,
        known=str(work / "known.json"),
        folder=str(work / "bundle"),
        inbox=str(folder),
        user_agent="Mozilla/5.0 (compatible; Stemwatch/bench)",
        mirror=site.url,
        details=LETTERS,
    )
    (work / "known.json").write_bytes(msgspec.json.encode(Known(source=SOURCE)))
    save_job(job, work / "job.json")
    forget(site)
    ran = run_module("spiders.worker", str(work / "job.json"))
    report = Bundle(folder / (run + SUFFIX)).report
    if (report.stopped, report.seen, report.details_read) != (None, report.total, LETTERS):
        raise RuntimeError(f"The crawl is not whole: {report}.")
    return crawled(site, ran)


def by_bare_spider(site: Replica, folder: Path, asked: list[dict[str, Any]]) -> Crawled:
    """The peer, on the addresses that ours has just asked for."""
    requests = folder / "requests.json"
    requests.write_text(json.dumps([{name: entry[name] for name in ("path", "query")} for entry in asked]))
    forget(site)
    return crawled(site, run_module("bench.crawl", site.url, str(requests)))


def measure(replica: Path) -> tuple[list[Crawled], list[Crawled]]:
    """Ours and the bare spider's crawls, which take turns; the first round only warms the stand-in."""
    ours, bare = [], []
    with TemporaryDirectory() as name, Replica(LAST_DAY, folder=replica) as site:
        for run in range(RUNS + 1):
            ours.append(by_worker(site, Path(name), f"run-{run}"))
            bare.append(by_bare_spider(site, Path(name), asked_of(site)))
            if ours[-1].pages != bare[-1].pages:
                raise RuntimeError(f"{ours[-1].pages} pages against {bare[-1].pages}.")
    return ours[1:], bare[1:]


def results(replica: Path) -> list[Result]:
    if not (replica / "serve.py").is_file():
        tell(f"crawl: skipped, there is no stand-in for the regulators' sites in {replica}")
        return []
    tell(f"crawl: the whole list and {LETTERS} letters, {RUNS} runs")
    ours, bare = measure(replica)
    rates = [crawl.rate for crawl in ours], [crawl.rate for crawl in bare]
    at_work = [crawl.rate_at_work for crawl in ours], [crawl.rate_at_work for crawl in bare]
    by_cpu = [crawl.rate_by_cpu for crawl in ours], [crawl.rate_by_cpu for crawl in bare]
    return [
        faster(f"crawl: {ours[-1].pages} pages, from process start to end", *rates, at_least=AT_LEAST),
        faster("crawl: the same without the process start", *at_work),
        faster("crawl: the same by seconds of processor", *by_cpu),
    ]


if __name__ == "__main__":
    run_bare(sys.argv[1], Path(sys.argv[2]))
