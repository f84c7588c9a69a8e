"""Crawls of lists without Scrapy: a spider is handed answers instead of a network."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import msgspec

from spiders.common.job import Job
from spiders.common.progress import Progress
from spiders.common.spider import NoticeSpider
from stemwatch.bundle import Bundle, BundleWriter, Report
from stemwatch.reading import Known, KnownNotice
from stemwatch.records import AnyRecord, Expectations, Listed, Page, Source

URL = "https://agency.example/list"
NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
SOURCE = Source(
    name="xx_agency_list",
    title="List",
    regulator="Agency",
    jurisdiction="XX",
    language="en",
    kind="announcement",
    list="window",
    url=URL,
    licence="None",
    every_minutes=60,
    delay_seconds=1.0,
    details_per_run=10,
    revision=1,
    pages="none",
    expectations=Expectations(),
)


@dataclass
class Answer:
    """One answer of the site."""

    body: str | bytes = ""
    kind: str = "application/json"
    status: int = 200
    more: Mapping[str, str] = field(default_factory=dict)


class Response:
    """An answer as spiders see it."""

    def __init__(self, url: str, answer: Answer) -> None:
        self.url = url
        self.status = answer.status
        self.body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
        named = {"Content-Type": answer.kind, **answer.more}
        self.headers = {name: value.encode() for name, value in named.items()}
        self.meta: dict[str, Any] = {}


@dataclass(frozen=True)
class Outcome:
    """What a crawl left, and the addresses and headers it asked with."""

    report: Report
    records: tuple[AnyRecord, ...]
    asked: tuple[str, ...]
    headers: tuple[Mapping[str, str], ...]

    @property
    def listed(self) -> dict[str, Listed]:
        return {record.key: record for record in self.records if isinstance(record, Listed)}

    @property
    def texts(self) -> dict[str, str]:
        return {record.key: record.text for record in self.records if isinstance(record, Page)}


Answers = Mapping[str, Answer] | Callable[[str], Answer]


def crawl(spider: type[NoticeSpider], answers: Answers, known: Known | None = None, **job: Any) -> Outcome:
    """Crawl once. An address without an answer is 404."""
    with TemporaryDirectory() as folder:
        return _crawl(spider, answers, known or Known(source=SOURCE.name), Path(folder), job)


def _crawl(
    spider: type[NoticeSpider], answers: Answers, known: Known, folder: Path, more: Mapping[str, Any]
) -> Outcome:
    job = Job(
        run="crawl", source=SOURCE.name, started_at=NOW, known="", folder=str(folder / "work"),
        inbox=str(folder / "inbox"), user_agent="Stemwatch/test", **more,
    )  # fmt: skip
    asked: list[tuple[str, Mapping[str, str]]] = []
    with BundleWriter(Path(job.folder)) as bundle:
        reader = spider(job, known, bundle, Progress())

        async def download(url: str, **request: Any) -> Response:
            asked.append((url, request.get("headers", {})))
            answer = answers(url) if callable(answers) else answers.get(url, Answer("", status=404))
            response = Response(url, answer)
            as_items = SimpleNamespace(
                status=response.status,
                body=response.body,
                headers={name.encode(): [value] for name, value in response.headers.items()},
            )
            sent = SimpleNamespace(url=url, method="GET", body=b"")
            response.meta["capture"] = reader.keep(sent, as_items)
            return response

        reader.download = download
        asyncio.run(reader.run())
    finished = Bundle(job.inbox_path / "crawl.bundle")
    records = tuple(record for record, _ in finished.lines())
    return Outcome(finished.report, records, tuple(url for url, _ in asked), tuple(sent for _, sent in asked))


def known(*keys: str, **more: Any) -> Known:
    """A source that had a good run and knows these keys."""
    notices = {key: KnownNotice(url=f"https://agency.example/{key}", fingerprint="before") for key in keys}
    return Known(source=SOURCE.name, baselined=True, notices=notices, **more)


def source(**fields: Any) -> Source:
    """The source of the tests with other fields."""
    return msgspec.structs.replace(SOURCE, **fields)
