"""Reading stored evidence again: the same spiders, answered from WARC files; nothing reaches a site."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url

from spiders.common.job import Job
from spiders.common.progress import Progress
from spiders.common.settings import FIXED
from spiders.common.spider import NoticeSpider
from spiders.common.stop import Stop, Unusable
from stemwatch.bundle import RECORDS, BundleWriter, Report
from stemwatch.errors import StemwatchError
from stemwatch.evidence import Answer, answers, read_answer
from stemwatch.reading import Known, Reading
from stemwatch.records import AnyRecord, Capture, Listed, Look, Page, Same, decode
from stemwatch.rereading import Stored, StoredList, StoredPage

MOST_ENDED = 3
"""Runs whose reading ended before its time that are quoted."""

_OF_THE_WAY = ("content-encoding", "content-length")


class Archive:
    """Answers a spider from the evidence of one run, in the order in which the site answered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers: dict[tuple[str, str, bytes], deque[Answer]] = defaultdict(deque)
        for answer in answers(path):
            queue = self._answers[_asked(answer.capture.url, answer.method, answer.form)]
            if queue and queue[-1].capture.status in FIXED["RETRY_HTTP_CODES"]:
                queue.pop()  # it was asked again by the downloader, which the spider did not see
            queue.append(answer)

    async def download(self, url: str, **request: Any) -> Response:
        """The next answer to a request, the last one again and again. Unusable when there was none."""
        body = request.get("body", b"")
        form = body.encode() if isinstance(body, str) else body
        queue = self._answers.get(_asked(url, request.get("method", "GET"), form))
        if not queue:
            raise Unusable("unreachable", f"{url} is not among the evidence.")
        answer = queue.popleft() if len(queue) > 1 else queue[0]
        return response_of(self._path, answer.capture)


def _asked(url: str, method: str, form: bytes) -> tuple[str, str, bytes]:
    return method, canonicalize_url(url), form


def response_of(path: Path, capture: Capture) -> Response:
    """A stored answer as Scrapy gives it to a spider. Unusable when it is longer than may be read."""
    try:
        pairs, body = read_answer(path, capture)
    except StemwatchError as error:
        raise Unusable("unreachable", str(error)) from None
    headers: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        if name.lower() not in _OF_THE_WAY:
            headers[name].append(value)
    made = Headers(headers)
    kind = responsetypes.from_args(headers=made, url=capture.url, body=body)
    request = Request(capture.url, meta={"capture": capture})
    response: Response = kind(capture.url, status=capture.status, headers=made, body=body, request=request)
    return response


def _records(folder: Path) -> Iterator[AnyRecord]:
    """What a spider recorded by the way."""
    with (folder / RECORDS).open("rb") as lines:
        yield from map(decode, lines)


class Rereader:
    """Reads what is stored of one source again, and writes a bundle of what is read otherwise than it stands."""

    def __init__(self, spider: type[NoticeSpider], job: Job, bundle: BundleWriter, progress: Progress) -> None:
        self.spider = spider
        self.job = job
        self.bundle = bundle
        self.progress = progress
        self.stored = msgspec.json.decode(Path(job.reread).read_bytes(), type=Stored)
        self.home = Path(job.home)
        self.rows: dict[str, Listed] = {}
        self.unknown: dict[str, Listed] = {}
        self.texts: dict[tuple[str, str], Page] = {}
        self.ended: dict[str, str] = {}
        self.failed = 0
        self._origin = monotonic()

    def run(self) -> None:
        """Lists first, for a page is read by what its list says; then the pages."""
        for number, one in enumerate(self.stored.lists, start=1):
            self._read_list(one)
            self.progress.tell("list", number, len(self.stored.lists))
        self._write_rows()
        for number, page in enumerate(self.stored.pages, start=1):
            self._write_page(page)
            self.progress.tell("pages", number, len(self.stored.pages))
        self.bundle.finish(self._report(), self.job.inbox_path)

    def _read_list(self, one: StoredList) -> None:
        """Take the rows of one run that the stored words rest on, and those that were no rows so far."""
        job = msgspec.structs.replace(self.job, started_at=one.started_at)
        folder = Path(self.job.folder) / "list"
        with BundleWriter(folder) as records:
            spider = self.spider(job, Known(source=self.stored.source), records, Progress())
            try:
                spider.download = Archive(self.home / one.file).download
                asyncio.run(spider.read_list())
            except (Stop, Unusable) as error:
                self.ended[one.run] = error.reason  # a run that ended before its time then does so now
            except StemwatchError as error:
                self.ended[one.run] = str(error)
        for record in (*_records(folder), *spider.rows.values()):
            if isinstance(record, Listed):
                self._take(record)
            elif isinstance(record, Page):
                self.texts[(record.key, record.capture)] = record

    def _take(self, listed: Listed) -> None:
        known = self.stored.rows.get(listed.key)
        if known is None:
            self.unknown[listed.key] = listed
        elif known.capture == listed.capture:
            self.rows[listed.key] = listed

    def _write_rows(self) -> None:
        ended = " ".join(f"{run}: {reason}" for run, reason in list(self.ended.items())[:MOST_ENDED])
        why = f"The list that gave it no longer does. {ended}".rstrip()
        for key, known in self.stored.rows.items():
            row = self.rows.get(key)
            if row is None:
                self._fail(key, known.url, why)
            elif (row.fingerprint, row.url) == (known.fingerprint, known.url):
                self.bundle.add(Same(key=key, fingerprint=row.fingerprint))
            else:
                self.bundle.add(row)
        for row in self.unknown.values():
            self.bundle.add(row)

    def _write_page(self, stored: StoredPage) -> None:
        try:
            page = self._read_page(stored)
        except (Stop, Unusable) as error:
            self._fail(stored.key, stored.url, error.reason, stored)
            return
        if page.fingerprint == stored.fingerprint:
            self._look(stored.key, stored.url, "unchanged", stored=stored)
        else:
            self.bundle.add(msgspec.structs.replace(page, read_at=stored.read_at))

    def _read_page(self, stored: StoredPage) -> Page:
        text = self.texts.get((stored.key, stored.sha256))
        if text is not None:
            return text
        if stored.capture is None or self.spider.source.pages == "none":
            raise Unusable("unreachable", "The answer that it was read from is not there, or no longer gives it.")
        spider = self.spider(self.job, Known(source=self.stored.source), self.bundle, Progress())
        spider.rows = {key: self.rows.get(key, row) for key, row in self._row(stored.key)}
        response = response_of(self.home / stored.file, stored.capture)
        reading = Reading(rank=0, newest="", key=stored.key, role=stored.role, url=stored.url)
        return spider.pages.parse(reading, response)

    def _row(self, key: str) -> Iterator[tuple[str, Listed]]:
        if key in self.stored.rows:
            yield key, self.stored.rows[key]

    def _fail(self, key: str, url: str, why: str, stored: StoredPage | None = None) -> None:
        self.failed += 1
        self._look(key, url, "failed", why, stored)

    def _look(self, key: str, url: str, outcome: str, why: str = "", stored: StoredPage | None = None) -> None:
        role, at = (stored.role, stored.read_at) if stored else ("notice", self.job.started_at)
        look = Look(key=key, role=role, url=url, looked_at=at, outcome=outcome, why=why)  # type: ignore[arg-type]
        self.bundle.add(look)

    def _report(self) -> Report:
        seconds = monotonic() - self._origin
        return Report(
            run=self.job.run,
            source=self.stored.source,
            revision=self.spider.source.revision,
            started_at=self.job.started_at,
            finished_at=self.job.started_at,
            seconds=round(seconds, 3),
            seen=len(self.rows) + len(self.unknown),
            details_read=len(self.stored.pages),
            details_failed=self.failed,
            reread=True,
        )
