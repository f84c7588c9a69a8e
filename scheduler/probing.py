"""A look at a source's list that leaves nothing behind: what a maintainer runs before trusting a source."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.crawling import Options, crawl
from scheduler.house import House
from stemwatch.bundle import Bundle
from stemwatch.health import judge
from stemwatch.reading import Known
from stemwatch.views import View
from stemwatch.words import Verdict


class ProbeView(View, frozen=True):
    """What one look at a list saw: `seen` of `total` notices, fields that nobody reads."""

    source: str
    verdict: Verdict
    reason: str
    seen: int
    total: int | None
    newest_on: date | None
    leftover: tuple[str, ...]
    requests: int
    seconds: float


def probe(house: House, name: str, way: str | None = None) -> ProbeView:
    """Ask a source for its list as if for the first time: a window's first page, a complete list whole."""
    source = house.source(name)
    options = Options(details=0, front_only=True, way=way)
    with TemporaryDirectory(prefix="stemwatch-") as folder:
        elsewhere = replace(house, home=Path(folder))
        report = Bundle(crawl(elsewhere, name, Known(source=name), options, lambda told: None)).report
    judgement = judge(report, source.expectations, last_size=0)
    return ProbeView(
        source=name,
        verdict=judgement.verdict,
        reason=judgement.reason,
        seen=report.seen,
        total=report.total,
        newest_on=report.newest_on,
        leftover=report.leftover,
        requests=report.requests,
        seconds=report.seconds,
    )
