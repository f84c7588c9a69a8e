"""Reading the pages of notices: a backlog with a budget, one conditional request at a time."""

from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import msgspec

from spiders.common.fetching import Response, header
from spiders.common.stop import Stop, Unusable
from stemwatch.backlog import backlog
from stemwatch.reading import Reading
from stemwatch.records import Listed, Look, Page

if TYPE_CHECKING:
    from spiders.common.spider import NoticeSpider

GIVE_UP_AFTER = 3
"""Failures in a row after which the site, not the page, is taken to be the trouble."""


class PageReader:
    """Reads what the backlog holds, most urgent first, until the budget is spent."""

    def __init__(self, spider: "NoticeSpider") -> None:
        self.spider = spider
        self.read_count = 0
        self.failed_count = 0
        self.left = 0
        self._failures_in_a_row = 0

    async def read(self, *, complete: bool) -> None:
        """Read the backlog; what the budget or the deadline leaves unread is counted in `left`."""
        spider = self.spider
        job = spider.job
        readings = backlog(
            spider.rows,
            spider.known,
            now=spider.clock.now(),
            complete=complete,
            likely=spider.likely,
            recheck=job.recheck,
            pages=spider.source.pages,
            written=spider.written,
        )
        budget = spider.source.details_per_run if job.details is None else job.details
        if job.recheck and job.details is None:
            budget = len(readings)
        readings = [reading for reading in readings if not self._answered(reading)]
        self.left = len(readings)
        for number, reading in enumerate(readings[:budget], start=1):
            if spider.clock.elapsed > job.pages_until:
                break
            spider.progress.tell("pages", number, min(budget, len(readings)))
            await self._read_one(reading)
            self.left = len(readings) - number

    def _answered(self, reading: Reading) -> bool:
        """Whether the list has answered already: a notice that is a part of the list's page has no other."""
        answered = reading.existence and urldefrag(reading.url).url == self.spider.source.url
        if answered:
            self._look(reading, "gone", "left the page that holds the whole list")
        return answered

    async def _read_one(self, reading: Reading) -> None:
        try:
            await self._ask(reading)
        except Unusable as error:
            self.failed_count += 1
            self._failures_in_a_row += 1
            self._look(reading, "failed", error.reason)
            if self._failures_in_a_row >= GIVE_UP_AFTER:
                reason = f"{GIVE_UP_AFTER} pages in a row could not be read; the last: {error.reason}"
                raise Stop(error.verdict, reason) from None
        else:
            self.read_count += 1
            self._failures_in_a_row = 0

    async def _ask(self, reading: Reading) -> None:
        address = self.spider.page_address(reading.url)
        response = await self.spider.fetch(address, headers=_conditions(reading))
        if response.status == 304:
            self._look(reading, "unchanged")
        elif reading.existence:
            self._answer_existence(reading, response)
        elif response.status != 200:
            raise Unusable("unreachable", f"{reading.url} answered {response.status}.")
        else:
            self.spider.bundle.add(self.parse(reading, response))

    def _answer_existence(self, reading: Reading, response: Response) -> None:
        """A notice that moved elsewhere is gone from its own address."""
        if response.status in (301, 302, 307, 308, 404, 410):
            self._look(reading, "gone", f"answered {response.status}", response)
        elif response.status == 200:
            self.parse(reading, response)
            self._look(reading, "alive", "", response)
        else:
            raise Unusable("unreachable", f"{reading.url} answered {response.status}.")

    def parse(self, reading: Reading, response: Response) -> Page:
        """What an answer says as the page that was to be read. Unusable when it is not one."""
        listed = self.spider.rows.get(reading.key) or Listed(key=reading.key, url=reading.url, title="", kind="")
        blank = Page(
            key=reading.key,
            role=reading.role,
            url=reading.url,
            read_at=self.spider.clock.now(),
            capture=response.meta["capture"].sha256,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
        )
        page = self.spider.parse_page(response, listed, blank)
        return msgspec.structs.replace(page, fields=self.spider.without_repeats(page.fields, listed))

    def _look(self, reading: Reading, outcome: str, why: str = "", response: Response | None = None) -> None:
        capture = response.meta["capture"].sha256 if response is not None else ""
        look = Look(
            key=reading.key,
            role=reading.role,
            url=reading.url,
            looked_at=self.spider.clock.now(),
            outcome=outcome,  # type: ignore[arg-type]
            why=why,
            capture=capture,
        )
        self.spider.bundle.add(look)


def _conditions(reading: Reading) -> dict[str, str]:
    """Headers of a conditional request; none for a page that was never read, or whose existence is asked."""
    known = reading.known
    if known is None or known.read_at is None or reading.existence:
        return {}
    wanted = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in wanted.items() if value}
