"""Lists behind Drupal's DataTables view: server-side paging, rows as arrays of HTML cells.

Two facts of fda.gov shape this reader. Rows are sorted by posted date alone, and rows of one day come in another
order at each request, so a page border that falls inside a day doubles some rows and loses others: each request
starts at the first row of the last day read, so that every day lies whole within one answer. And either of the
two addresses may be blocked or gone, so a source declares both.
"""

import json
import logging
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode, urljoin

import msgspec
from lxml import etree
from lxml.html import HtmlElement

from spiders.common.fetching import Response
from spiders.common.html import fragment, parsed, unlikely
from spiders.common.json_body import dig, read_json
from spiders.common.spider import NoticeSpider
from spiders.common.stop import Stop, Unusable
from stemwatch.records import Listed
from stemwatch.text import without_controls

logger = logging.getLogger(__name__)

PAGE_LENGTH = 500
"""The largest page length that was seen to work on fda.gov."""

PASSES = 3
"""How often the list is read again when its rows do not add up to the site's own count."""

MOST_REMEMBERED = 8192
"""Rows that a worker remembers: from one look to the next all but a few of a list are the same."""

SETTINGS = './/script[@data-drupal-selector="drupal-settings-json"]'


class DrupalTableSpider(NoticeSpider):
    """Reads a Drupal DataTables list by one of its two ways.

    A source declares `view_name`, `view_display_id`, its `columns` in order, and those it ignores by name.
    """

    view_name: ClassVar[str]
    view_display_id: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    ignored: ClassVar[tuple[str, ...]] = ()

    @classmethod
    @abstractmethod
    def parse_row(cls, row: "Row") -> Listed:
        """One row of the list, its cells taken out one by one. ValueError when a cell is not what it was.

        It goes by the cells alone: the same row is not parsed twice by one worker.
        """

    async def read_list(self) -> None:
        """The landing page tells a block from a list; then the first way, and the second where it fails."""
        self.total = await self._landing_total()
        first, second = self._ways()
        try:
            await self._read_by(first)
        except Unusable as error:
            if second is None:
                raise Stop(error.verdict, error.reason) from None
            self.first_way_failed = error.reason
            await self._read_by_second(second)

    async def _read_by_second(self, way: str) -> None:
        self.rows.clear()
        self.filled.clear()
        try:
            await self._read_by(way)
        except Unusable as error:
            raise Stop(error.verdict, f"{self.first_way_failed} By the second way: {error.reason}") from None

    def _ways(self) -> tuple[str, str | None]:
        ways = list(self.source.ways)
        if self.job.way is not None:
            ways.sort(key=lambda way: way != self.job.way)
        return ways[0], ways[1] if len(ways) > 1 else None

    async def _landing_total(self) -> int | None:
        """The number of rows the landing page announces. Stop when the page is not the real one."""
        try:
            response = await self.fetch(self.source.url)
        except Unusable as error:
            raise Stop(error.verdict, error.reason) from None
        if response.status != 200:
            raise Stop("unreachable", f"{response.url} answered {response.status}.")
        return _announced(drupal_settings(response, parsed(response)))

    async def _read_by(self, way: str) -> None:
        """Pass over the list until its distinct rows are as many as the site counts."""
        for number in range(1, PASSES + 1):
            self.doubtful.clear()
            await self._pass(way)
            if self.total is None or len(self.rows) == self.total:
                return
            logger.info("Pass %s found %s of %s rows", number, len(self.rows), self.total)

    async def _pass(self, way: str) -> None:
        start = 0
        while True:
            answer = await self._ask(way, start)
            self.total = answer.total if answer.total is not None else self.total
            known = len(self.rows)
            days = self._take_all(answer)
            self.progress.tell("list", len(self.rows), self.total)
            if not days or self._at_end(start + len(days), new=len(self.rows) - known):
                return
            start = max(start + 1, start + _start_of_last_day(days))

    def _at_end(self, reached: int, *, new: int) -> bool:
        """Where the site gives no count, the list ends when an answer brings nothing new."""
        return reached >= self.total if self.total is not None else new == 0

    def _take_all(self, answer: "Answer") -> list[str]:
        """List every row; returns their days, by which the list is sorted.

        A single row that cannot be read is doubted; many of them are another layout.
        """
        days: list[str] = []
        broken = []
        for cells in answer.rows:
            try:
                days.append(self._take(cells, answer))
            except (ValueError, KeyError, etree.ParserError) as error:
                broken.append(f"a row that cannot be read: {error}")
                days.append(days[-1] if days else "")
        self.doubt_rows(broken, len(days))
        return days

    def _take(self, cells: list[str], answer: "Answer") -> str:
        told = read_row(type(self), tuple(cells))
        self.leftover |= told.leftover
        self.list_notice(msgspec.structs.replace(told.listed, capture=answer.capture), told.doubts)
        return str(told.listed.posted_on)

    async def _ask(self, way: str, start: int) -> "Answer":
        view = {"view_name": self.view_name, "view_display_id": self.view_display_id}
        form = {"_drupal_ajax": "1", **view, "start": str(start), "length": str(PAGE_LENGTH)}
        if way == "datatables":
            url = urljoin(self.source.url, "/datatables/views/ajax?" + urlencode(form))
            headers = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
            return _datatables(await self.fetch(url, headers=headers))
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        url = urljoin(self.source.url, "/views/ajax")
        return _views(await self.fetch(url, method="POST", body=urlencode(form), headers=headers))


class Answer:
    """The rows of one response (lists of HTML cells), the site's count if it gives one, the evidence."""

    def __init__(self, response: Response, rows: list[list[str]], total: int | None) -> None:
        self.url = response.url
        self.capture = response.meta["capture"].sha256
        self.rows = rows
        self.total = total


class Row:
    """One row, parsed destructively: what is left when the source has taken its cells is reported."""

    def __init__(self, cells: Sequence[str], columns: tuple[str, ...]) -> None:
        names = [*columns, *(f"column {number + 1}" for number in range(len(columns), len(cells)))]
        self._raw = dict(zip(names, cells, strict=False))
        self._cells = dict(zip(names, fragment(cells), strict=False))
        self.doubts: list[str] = []

    def take(self, name: str) -> HtmlElement:
        """The cell of a column; KeyError when the row has none."""
        return self._cells.pop(name)

    def doubt(self, *names: str) -> None:
        """Report cells whose words no regulator prints."""
        for name in names:
            raw = self._raw[name]
            read = self._cells[name].text_content() if "<" in raw or "&" in raw else ""
            if found := unlikely(raw) or unlikely(read):
                self.doubts.append(found)

    def leftover(self, ignored: tuple[str, ...]) -> set[str]:
        return {
            name
            for name, cell in self._cells.items()
            if name not in ignored and (cell.text_content().strip() or name.startswith("column "))
        }


class Told(NamedTuple):
    """What a row says, whatever answer brought it."""

    listed: Listed
    doubts: list[str]
    leftover: set[str]


@lru_cache(MOST_REMEMBERED)
def read_row(spider: type[DrupalTableSpider], cells: tuple[str, ...]) -> Told:
    """Read a row of a source. ValueError or KeyError when it is not as it was."""
    row = Row(cells, spider.columns)
    listed = spider.parse_row(row)
    return Told(listed.stamped(), row.doubts, row.leftover(spider.ignored))


def drupal_settings(response: Response, document: HtmlElement | None) -> dict[str, Any]:
    """The settings script that every real Drupal page carries; a page without it is a block page in disguise.
    Unusable for what is no whole page."""
    script = document.findtext(SETTINGS) if document is not None else None
    if script is None and response.body.lstrip()[:1] != b"<":
        raise Unusable("layout_changed", f"{response.url} is no page.")
    if script is None and b"</html" not in response.body[-4096:].lower():
        raise Unusable("unreachable", f"{response.url} came cut short.")
    if script is None:
        raise Stop("blocked", f"{response.url} is not the regulator's page: it has no settings script.")
    try:
        settings = json.loads(script)
    except ValueError:
        raise Stop("unreachable", f"{response.url} came cut short.") from None
    return settings if isinstance(settings, dict) else {}


def _announced(settings: dict[str, Any]) -> int | None:
    tables = settings.get("datatables")
    for table in tables.values() if isinstance(tables, dict) else ():
        total = dig(table, "ajax.data.total_items")
        if isinstance(total, int):
            return total
    return None


def _start_of_last_day(days: list[str]) -> int:
    """Where the last day begins; where one day fills the answer, its middle, so that paging goes on."""
    start = days.index(days[-1])
    return start if start > 0 else max(1, len(days) // 2)


def _datatables(response: Response) -> Answer:
    data = read_json(response)
    total, rows = (data.get("recordsTotal"), data.get("data")) if isinstance(data, dict) else (None, None)
    if not isinstance(total, int) or not isinstance(rows, list):
        raise Unusable("layout_changed", f"{response.url} no longer gives recordsTotal and data.")
    if not all(isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows):
        raise Unusable("layout_changed", f"{response.url} no longer gives rows of cells.")
    return Answer(response, rows, total)


def _views(response: Response) -> Answer:
    """The older way: an array of commands, one of which inserts a table. It gives no count."""
    commands = read_json(response)
    tables = [
        command["data"]
        for command in (commands if isinstance(commands, list) else [])
        if isinstance(command, dict)
        and command.get("command") == "insert"
        and "<tbody" in str(command.get("data"))
    ]
    if not tables:
        raise Unusable("layout_changed", f"{response.url} no longer inserts a table.")
    return Answer(response, list(_table_rows(tables[0])), None)


def _table_rows(markup: str) -> Iterator[list[str]]:
    document = etree.fromstring(without_controls(markup, "\ufffd"), etree.HTMLParser(huge_tree=True))
    for row in document.iterfind(".//tbody/tr"):
        yield ["".join(_inner(cell)) for cell in row.iterfind("td")]


def _inner(cell: Any) -> Iterator[str]:
    yield escape(cell.text or "", quote=False)
    for child in cell:
        yield etree.tostring(child, encoding="unicode", method="html")
