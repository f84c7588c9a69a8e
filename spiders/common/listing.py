"""What all lists but FDA's tables share: asking, taking rows, windows with their gaps, and pages by selectors."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

from lxml import etree

from spiders.common.article import Article, read_article
from spiders.common.fetching import Response, header
from spiders.common.spider import NoticeSpider
from spiders.common.stop import Unusable
from stemwatch.records import Listed, Page, Validators

R = TypeVar("R")
T = TypeVar("T")

MOST_PAGES_BACK = 1000
"""Pages of a history read at most in one run."""

UNREADABLE = (ValueError, KeyError, TypeError, etree.ParserError)


class AnyRow(Protocol):
    """What a row of any list offers: its own doubts, what nobody took, and its text if the list brings it."""

    doubts: list[str]
    body: str
    capture: str

    def leftover(self, ignored: Iterable[str]) -> set[str]: ...


class ListSpider(NoticeSpider):
    """Reads the newest part of a list and, where a window may have lost something, its history.

    A source takes a row apart in `parse_row`, names in `ignored` what it leaves, and declares in `article` how
    a notice's page is read. `read_back` is its way to older notices, if there is one.
    """

    ignored: ClassVar[tuple[str, ...]] = ()
    article: ClassVar[Article | None] = None
    accept: ClassVar[str] = "*/*"
    hops = 3
    looking_back = False

    @abstractmethod
    async def read_front(self) -> None:
        """Read the newest part; all of a complete list."""

    async def read_back(self) -> None:
        """Read what is older than the newest part."""

    @abstractmethod
    def parse_row(self, row: Any) -> Listed:
        """One row of the list, its fields taken one by one. ValueError or KeyError when it is not as it was."""

    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        """A notice's page, by the selectors of `article`."""
        if self.article is None:
            raise NotImplementedError(f"{self.source.name} reads pages and declares no article")
        return read_article(response, page, self.article)

    async def read_list(self) -> None:
        """The newest part; then history on the first run, after a gap, and on demand."""
        await self.read_front()
        if self.unchanged or self.job.front_only or self.source.list == "complete" or not self.seen:
            return
        self.gap = self._find_gap()
        if self.gap or self.job.backfill or not self.known.baselined:
            self.looking_back = True
            await self.read_back()

    def _find_gap(self) -> str:
        """A window that shows nothing we know has moved on without us."""
        known = self.known.notices
        if not known or not self.known.baselined:
            return ""
        if any(key in known for keys in (self.rows, self.written) for key in keys):
            return ""
        since = f" since {self.known.newest_on}" if self.known.newest_on else ""
        route = type(self).read_back is not ListSpider.read_back
        way = "Its history was read." if route else "Look at the regulator's site for what was published between."
        return f"None of the {self.seen:,} notices shown was known, so some{since} may have been missed. {way}"

    async def take_pages(
        self,
        address: Callable[[int], str | None],
        rows: Callable[[Response], Sequence[AnyRow]],
        parse: Callable[[Any], Listed],
    ) -> None:
        """Take a history page by page, newest first: to its end, or after a gap to a page on which all is known.

        `address` of a page (the first is 0) is None past the end; a page that is not there is the end, too.
        """
        shown: set[str] = set()

        def noted(row: Any) -> Listed:
            listed = parse(row)
            shown.add(listed.key)
            return listed

        for number in range(MOST_PAGES_BACK):
            url, before = address(number), len(shown)
            response = await self._ask_page(url, number) if url else None
            if response is None:
                return
            news = self.take_all(rows(response), noted)
            if len(shown) == before or (self.gap and not self.job.backfill and not news):
                return

    async def _ask_page(self, url: str, number: int) -> Response | None:
        """One page of a history; None when there is none. That there is not even a first one is worth a note."""
        response = await self.fetch(url, headers={"Accept": self.accept})
        if response.status not in (404, 410):
            return self.whole(response)
        if number == 0:
            self.notes[f"{url} answered {response.status}, so what is older than the list was not read."] = None
        return None

    # Asking

    async def ask_first(self, url: str) -> Response | None:
        """The list's first answer; None when the site says that nothing has changed since the last good run."""
        known = self.known.lists.get(url, Validators())
        conditions = {} if self.job.backfill else known.headers
        response = await self.fetch(url, headers={"Accept": self.accept, **conditions})
        if response.status == 304 and conditions:
            self.serve_known()
            return None
        said = Validators(etag=header(response, "ETag"), last_modified=header(response, "Last-Modified"))
        if said.headers:
            self.lists[url] = said
        return self.whole(response)

    async def ask(self, url: str) -> Response:
        """One further answer of the list."""
        return self.whole(await self.fetch(url, headers={"Accept": self.accept}))

    def whole(self, response: Response) -> Response:
        """An answer that can be read. Unusable when the site gave none."""
        if response.status != 200:
            raise Unusable("unreachable", f"{response.url} answered {response.status}.")
        return response

    # Taking

    def take_all(self, rows: Iterable[AnyRow], parse: Callable[[Any], Listed] | None = None) -> int:
        """List every row; returns how many of them were not known. Unusable when many cannot be read: then no row
        of a page is listed, and of a stream those that came before."""
        news = 0
        made = self.parse_each(rows, parse or self.parse_row)
        for row, listed in list(made) if isinstance(rows, Sequence) else made:
            if self._adds(listed):
                self._take(row, listed)
            news += listed.key not in self.known.notices
        self.progress.tell("list", self.seen, self.total)
        return news

    def parse_each(self, rows: Iterable[R], parse: Callable[[R], T]) -> Iterator[tuple[R, T]]:
        """Each row with what `parse` makes of it; rows that cannot be read are doubted. Unusable when many are."""
        count = 0
        broken: list[str] = []
        for row in rows:
            count += 1
            try:
                made = parse(row)
            except UNREADABLE as error:
                broken.append(f"a row that cannot be read: {type(error).__name__} {error}")
            else:
                yield row, made
        self.doubt_rows(broken, count)

    def _adds(self, listed: Listed) -> bool:
        """History only adds: it tells less of a notice than the newest part of the list does."""
        key = listed.key
        told = key in self.rows or key in self.written or key in self.known.notices
        return not (self.looking_back and told)

    def _take(self, row: AnyRow, listed: Listed) -> None:
        self.leftover |= row.leftover(self.ignored)
        self.list_notice(listed, row.doubts)
        if row.body and not row.doubts:
            self.bundle.add(
                Page(
                    key=listed.key,
                    role="notice",
                    url=listed.url,
                    read_at=self.clock.now(),
                    capture=row.capture,
                    text=row.body,
                )
            )

    def listed(self, row: AnyRow, **fields: Any) -> Listed:
        """A record of this source's kind that rests on the row's answer."""
        given = {"kind": self.source.kind, **fields}
        given["fields"] = {name: value for name, value in given.get("fields", {}).items() if value}
        return Listed(capture=row.capture, backfilled=self.looking_back, **given)


class PagedSpider(ListSpider):
    """Reads a list page by page: a window, newest first, until nothing is new on a page; a complete list whole."""

    most_requests: ClassVar[int] = 100
    """Pages read at most in one run."""

    number = 0
    """Which page of the list is being read."""

    @abstractmethod
    def page_url(self, number: int) -> str:
        """The address of a page of the list, the first being 0."""

    @abstractmethod
    def records(self, response: Response) -> Sequence[AnyRow]:
        """The rows of one answer. Stop or Unusable when it is not the list."""

    def next_url(self, response: Response, rows: Sequence[AnyRow]) -> str | None:
        """The address of the page after this one; None at the end."""
        self.number += 1
        return self.page_url(self.number)

    async def begin(self, response: Response, rows: Sequence[AnyRow]) -> tuple[Response, Sequence[AnyRow]]:
        """Where reading begins, when the first answer shows that it is not at the first page."""
        return response, rows

    async def read_front(self) -> None:
        response = await self.ask_first(self.page_url(0))
        if response is not None:
            await self.read_on(*await self.begin(response, self.records(response)))

    async def read_pages(self) -> None:
        """Take all pages from the first on, by what `page_url` now says."""
        self.number = 0
        response = await self.ask(self.page_url(0))
        await self.read_on(*await self.begin(response, self.records(response)))

    async def read_on(self, response: Response, rows: Sequence[AnyRow]) -> None:
        """Take these rows and those of the pages that follow."""
        for _ in range(self.most_requests):
            before = self.seen
            news = self.take_all(rows)
            repeated = self.seen == before and not self.looking_back
            if not rows or repeated or self._enough(news):
                return
            url = self.next_url(response, rows)
            if url is None:
                return
            response = await self.ask(url)
            rows = self.records(response)
        if self.source.list == "complete":
            raise Unusable("layout_changed", f"{self.source.url} has more than {self.most_requests} pages.")

    def _enough(self, news: int) -> bool:
        """A window is sorted newest first, so what follows a page of known notices is known."""
        if self.source.list == "complete" or self.looking_back or self.job.backfill:
            return False
        return self.job.front_only or (self.known.baselined and news == 0)
