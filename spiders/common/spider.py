"""What every spider shares: one crawl as a straight line, from the list to the pages to the bundle."""

import logging
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

import msgspec
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from spiders.common.fetching import FAILURES, explain, kept_headers, refusal, retry_after
from spiders.common.job import Clock, Job
from spiders.common.paging import PageReader
from spiders.common.progress import Progress
from spiders.common.stop import Stop, Unusable
from stemwatch.bundle import BundleWriter, Report
from stemwatch.reading import Known
from stemwatch.records import Capture, Listed, Page, Source
from stemwatch.text import comparable

logger = logging.getLogger(__name__)


class NoticeSpider(Spider):
    """Reads one source. A source declares `source`, reads its list in `read_list`, a page in `parse_page`."""

    source: ClassVar[Source]
    none: ClassVar[tuple[Request, ...]] = ()
    """What `start` hands to Scrapy's scheduler: an async generator must yield something."""

    def __init__(self, job: Job, known: Known, bundle: BundleWriter, progress: Progress) -> None:
        super().__init__(self.source.name)
        self.job = job
        self.known = known
        self.bundle = bundle
        self.progress = progress
        self.clock = Clock(job.started_at)
        self.rows: dict[str, Listed] = {}
        self.filled: dict[str, int] = {}
        self.doubtful: dict[str, None] = {}
        self.leftover: set[str] = set()
        self.total: int | None = None
        self.first_way_failed = ""
        self.requests = 0
        self.pages = PageReader(self)

    @abstractmethod
    async def read_list(self) -> None:
        """Read the whole list, handing each row to `list_notice`; set `total` when the site counts."""

    @abstractmethod
    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        """`page` completed with label, fields and text. Unusable when it is not a page of this source."""

    def likely(self, listed: Listed) -> bool:
        """Whether a notice is to be read early although its header says nothing yet."""
        return False

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry: the whole crawl runs here, request by request."""
        stopped = None
        try:
            await self.read_list()
            await self.pages.read(complete=self.total is None or self.total == len(self.rows))
        except Stop as stop:
            stopped = stop
        except OSError as error:
            stopped = Stop("crashed", f"The bundle could not be written: {error.strerror or error}.")
        except Exception as error:
            logger.exception("The crawl of %s failed", self.source.name)
            stopped = Stop("crashed", f"The spider failed: {type(error).__name__}: {error}.")
        self._finish(stopped)
        for request in self.none:
            yield request

    # Asking

    async def fetch(self, url: str, **request: Any) -> Response:
        """One polite request. Stop when the site refuses us, Unusable when it gives no whole answer."""
        try:
            response = await self.crawler.engine.download_async(Request(url, dont_filter=True, **request))
        except IgnoreRequest as error:
            raise explain(error, url) from None
        except FAILURES as error:
            raise Unusable("unreachable", f"{url} gave no whole answer: {type(error).__name__}.") from None
        reason = self.refusal(response)
        if reason:
            raise Stop("blocked", reason, retry_after=retry_after(response))
        return response

    def refusal(self, response: Response) -> str:
        """Why this answer is a refusal to serve us; empty when it is none. Sites add their own signs."""
        return refusal(response)

    def keep(self, request: Request, response: Response) -> Capture:
        """Keep an answer as evidence."""
        return self.bundle.capture(
            url=request.url,
            status=response.status,
            headers=kept_headers(response),
            body=response.body,
            fetched_at=self.clock.now(),
            request=(request.method, request.body),
        )

    # Listing

    def list_notice(self, listed: Listed, raw_doubts: list[str]) -> None:
        """Take one row of the list. A row with doubtful words counts, but the words do not: the stored ones
        stand, or the address speaks for a notice not seen before, and the run says why."""
        known = self.known.notices.get(listed.key)
        if raw_doubts:
            self.doubtful.update({f"{listed.key}: {doubt}": None for doubt in raw_doubts})
            words = listed.key.replace("-", " ")
            listed = msgspec.structs.replace(listed, title=words, fields={}, doubtful=True)
        stamped = listed.stamped()
        if listed.key not in self.rows:
            for name, value in self._countable(stamped).items():
                self.filled[name] = self.filled.get(name, 0) + bool(value)
        if raw_doubts and known is not None:
            stamped = msgspec.structs.replace(stamped, fingerprint=known.fingerprint)
        self.rows[listed.key] = stamped

    @staticmethod
    def _countable(listed: Listed) -> Mapping[str, Any]:
        return {
            "title": listed.title,
            "posted_on": listed.posted_on,
            "issued_on": listed.issued_on,
            "case_number": listed.case_number,
            **listed.fields,
        }

    def without_repeats(self, fields: dict[str, str], listed: Listed) -> dict[str, str]:
        """`fields` of a page less those that say what the list says: a fact has one home."""
        told = {comparable(value) for value in (listed.title, *listed.fields.values())}
        return {name: value for name, value in fields.items() if value and comparable(value) not in told}

    # Ending

    def _finish(self, stop: Stop | None) -> None:
        report = Report(
            run=self.job.run,
            source=self.source.name,
            revision=self.source.revision,
            started_at=self.clock.started_at,
            finished_at=self.clock.now(),
            seconds=round(self.clock.elapsed, 3),
            stopped=stop.verdict if stop else None,
            reason=stop.reason if stop else "",
            retry_after=stop.retry_after if stop else 0,
            total=self.total,
            seen=len(self.rows),
            newest_on=max((row.posted_on for row in self.rows.values() if row.posted_on), default=None),
            filled=self.filled,
            doubtful=tuple(self.doubtful),
            leftover=tuple(sorted(self.leftover)),
            first_way_failed=self.first_way_failed,
            requests=self.requests,
            details_read=self.pages.read_count,
            details_failed=self.pages.failed_count,
            details_left=self.pages.left,
        )
        try:
            for row in self.rows.values():
                self.bundle.add(row)
            self.bundle.finish(report, self.job.inbox_path)
        except OSError as error:
            self.progress.failed(f"The bundle could not be written: {error.strerror or error}.")
        else:
            self.progress.done(report)
