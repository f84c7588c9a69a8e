"""What every spider shares: one crawl as a straight line, from the list to the pages to the bundle."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import msgspec

from spiders.common.fetching import Response, header, kept_headers, refusal, retry_after
from spiders.common.job import Clock, Job
from spiders.common.paging import PageReader
from spiders.common.progress import Progress
from spiders.common.stop import Stop, Unusable
from stemwatch.backlog import worth_reading
from stemwatch.bundle import BundleWriter, Report
from stemwatch.reading import Known
from stemwatch.records import Capture, Listed, Page, Same, Source, Validators
from stemwatch.text import comparable

logger = logging.getLogger(__name__)

Download = Callable[..., Awaitable[Response]]
MOST_BROKEN = 0.05
"""Share of rows of one answer that may be unreadable before the layout is taken to have changed."""

REDIRECTS = (301, 302, 303, 307, 308)


class NoticeSpider(ABC):
    """Reads one source. A source declares `source`, reads its list in `read_list`, a page in `parse_page`."""

    source: ClassVar[Source]
    hops: ClassVar[int] = 0
    """How many redirects of the site are followed."""

    download: Download
    """One request, sent by whoever runs this."""

    def __init__(self, job: Job, known: Known, bundle: BundleWriter, progress: Progress) -> None:
        self.job = job
        self.known = known
        self.bundle = bundle
        self.progress = progress
        self.clock = Clock(job.started_at)
        self.rows: dict[str, Listed] = {}
        self.written: set[str] = set()
        self.filled: dict[str, int] = {}
        self.doubtful: dict[str, None] = {}
        self.leftover: set[str] = set()
        self.notes: dict[str, None] = {}
        self.lists: dict[str, Validators] = {}
        self.total: int | None = None
        self.newest_on: date | None = None
        self.unchanged = False
        self.gap = ""
        self.backfilled = 0
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

    def tells_less(self, listed: Listed) -> bool:
        """Whether a row leaves out what an earlier run may have read: then the stored words stand."""
        return False

    def page_address(self, url: str) -> str:
        """Where the page behind a notice's public address is asked for."""
        return url

    async def run(self) -> None:
        """The whole crawl, request by request, to the bundle."""
        stopped = None
        try:
            await self.read_list()
            await self.pages.read(complete=self._complete)
        except Stop as stop:
            stopped = stop
        except Unusable as error:
            stopped = Stop(error.verdict, error.reason)
        except OSError as error:
            stopped = Stop("crashed", f"The bundle could not be written: {error.strerror or error}.")
        except Exception as error:
            logger.exception("The crawl of %s failed", self.source.name)
            stopped = Stop("crashed", f"The spider failed: {type(error).__name__}: {error}.")
        self._finish(stopped)

    @property
    def seen(self) -> int:
        """How many notices the list has shown."""
        return len(self.rows) + len(self.written) if not self.unchanged else 0

    @property
    def _complete(self) -> bool:
        """Whether absence from what was read means something."""
        whole = self.total is None or self.total == self.seen
        return self.source.list == "complete" and not self.unchanged and whole

    # Asking

    async def fetch(self, url: str, **request: Any) -> Response:
        """One polite request, and those that the site redirects it to. Stop when the site refuses us or sends us
        elsewhere, Unusable when it gives no whole answer."""
        response = await self._fetch_one(url, **request)
        for _ in range(self.hops):
            if response.status not in REDIRECTS:
                return response
            response = await self._fetch_one(self._target(response), **request)
        if self.hops and response.status in REDIRECTS:
            raise Unusable("unreachable", f"{url} redirects more than {self.hops} times.")
        return response

    async def _fetch_one(self, url: str, **request: Any) -> Response:
        response = await self.download(url, **request)
        reason = self.refusal(response)
        if reason:
            raise Stop("blocked", reason, retry_after=retry_after(response))
        return response

    def _target(self, response: Response) -> str:
        """Where a redirect leads. Another site is how some say no."""
        target = urljoin(response.url, header(response, "Location"))
        if self.site(target) != self.site(response.url):
            raise Stop("blocked", f"{response.url} sends us to {target[:200]}.")
        return target

    def site(self, url: str) -> str:
        """The site of an address: its host without `www`."""
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""

    def refusal(self, response: Response) -> str:
        """Why this answer is a refusal to serve us; empty when it is none. Sites add their own signs."""
        return refusal(response)

    def keep(self, request: Any, response: Response) -> Capture:
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
        stand, or the address speaks for a notice not seen before, and the run says why. Of rows that some lists
        give twice, one is told."""
        if listed.key in self.written:
            return
        known = self.known.notices.get(listed.key)
        if raw_doubts:
            self.doubtful.update({f"{listed.key}: {doubt}": None for doubt in raw_doubts})
            words = listed.key.replace("-", " ")
            listed = msgspec.structs.replace(listed, title=words, fields={}, doubtful=True, fingerprint="")
        stamped = listed if listed.fingerprint else listed.stamped()
        if stamped.posted_on:
            self.fresh(stamped.posted_on)
        if listed.key not in self.rows:
            self._count(stamped)
        if known is not None and (raw_doubts or self.tells_less(listed)):
            stamped = msgspec.structs.replace(stamped, fingerprint=known.fingerprint)
        self.rows[listed.key] = stamped
        if not worth_reading(stamped, self.known, self.source.pages, self.likely):
            self._write(self.rows.pop(listed.key))
            self.written.add(listed.key)

    def _write(self, row: Listed) -> None:
        """Hand a row to the bundle: by key and fingerprint alone when it says nothing new, or when the stored
        words are to stand, whatever they are by then."""
        known = self.known.notices.get(row.key)
        same = known is not None and known.listed and known.fingerprint == row.fingerprint
        if same and self.job.whole:
            same = row.stamped().fingerprint != row.fingerprint
        self.bundle.add(Same(key=row.key, fingerprint=row.fingerprint) if same else row)

    def serve_known(self) -> None:
        """The list has not changed: what it said when it was last read stands, for pages that are due."""
        self.unchanged = True
        self.newest_on = self.known.newest_on
        self.rows = {key: notice.row for key, notice in self.known.notices.items() if notice.row}

    def fresh(self, day: date) -> None:
        """The list shows something of this day."""
        self.newest_on = max(self.newest_on or day, day)

    def _count(self, listed: Listed) -> None:
        if listed.backfilled:
            self.backfilled += 1
            return
        for name, value in self._countable(listed).items():
            self.filled[name] = self.filled.get(name, 0) + bool(value)

    @staticmethod
    def _countable(listed: Listed) -> Mapping[str, Any]:
        return {
            "title": listed.title,
            "posted_on": listed.posted_on,
            "issued_on": listed.issued_on,
            "case_number": listed.case_number,
            **listed.fields,
        }

    def doubt_rows(self, broken: list[str], count: int) -> None:
        """Doubt single rows that cannot be read. Unusable when they are many of the `count`: another layout."""
        if len(broken) > MOST_BROKEN * count:
            reason = f"{len(broken)} of {count} rows are not as they were: {broken[0]}."
            raise Unusable("layout_changed", reason)
        self.doubtful.update(dict.fromkeys(broken))

    def without_repeats(self, fields: dict[str, str], listed: Listed) -> dict[str, str]:
        """`fields` of a page less those that say what the list says: a fact has one home."""
        told = {comparable(value) for value in (listed.title, *listed.fields.values())}
        return {name: value for name, value in fields.items() if value and comparable(value) not in told}

    # Ending

    def _finish(self, stop: Stop | None) -> None:
        report = self._report(stop)
        try:
            for row in self.rows.values() if not self.unchanged else ():
                self._write(row)
            self.bundle.finish(report, self.job.inbox_path)
        except OSError as error:
            self.progress.failed(f"The bundle could not be written: {error.strerror or error}.")
        else:
            self.progress.done(report)

    def _report(self, stop: Stop | None) -> Report:
        return Report(
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
            seen=self.seen,
            newest_on=self.newest_on,
            filled=self.filled,
            doubtful=tuple(self.doubtful),
            leftover=tuple(sorted(self.leftover)),
            first_way_failed=self.first_way_failed,
            unchanged=self.unchanged and stop is None,
            gap=self.gap,
            backfilled=self.backfilled,
            notes=tuple(self.notes),
            lists=self.lists,
            requests=self.requests,
            details_read=self.pages.read_count,
            details_failed=self.pages.failed_count,
            details_left=self.pages.left,
        )
