"""Lists that a JSON interface gives: by page number, offset, or a link to the next page."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from spiders.common.fetching import Response, header
from spiders.common.json_body import dig, read_json
from spiders.common.listing import UNREADABLE, AnyRow, PagedSpider
from spiders.common.row import Row, address
from spiders.common.stop import Unusable

STALE = timedelta(days=30)
"""A first page of one day that is older than this is the list's end, not its beginning."""


class JsonListSpider(PagedSpider):
    """Reads a JSON list.

    `rows_at`, `total_at`, `next_at` are dotted paths into an answer; the first may be "" for the answer itself,
    the others for none. `total_header` names the header that counts the list where no `total_at` does. `day_of`
    tells the day by which records are sorted, where the order asked for may be ignored.
    """

    rows_at: ClassVar[str] = "results"
    total_at: ClassVar[str] = ""
    total_header: ClassVar[str] = ""
    next_at: ClassVar[str] = ""
    page_size: ClassVar[int] = 100
    accept = "application/json"
    counted: int | None = None
    turned = False
    _next: str | None = None

    def day_of(self, record: Mapping[str, Any]) -> date | None:
        """The day by which the interface sorts a record; None where its order can be relied on."""
        return None

    def records(self, response: Response) -> Sequence[AnyRow]:
        data = read_json(response)
        found = dig(data, self.rows_at) if self.rows_at else data
        if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
            raise Unusable("layout_changed", f"{response.url} no longer gives a list at {self.rows_at!r}.")
        self._read_total(response, data)
        self._next = self._link(response, data)
        self.days = [self._day(record) for record in found[:: max(1, len(found) - 1)]]
        capture = response.meta["capture"].sha256
        return [Row(record, response.url, capture) for record in found]

    def _day(self, record: Mapping[str, Any]) -> date | None:
        """The day of a record; None when it gives none, which reading its row will tell."""
        try:
            return self.day_of(record)
        except UNREADABLE:
            return None

    def _read_total(self, response: Response, data: Any) -> None:
        place = self.total_header or self.total_at
        if not place:
            return
        total = header(response, place) if self.total_header else dig(data, place)
        if not str(total).isdecimal():
            raise Unusable("layout_changed", f"{response.url} no longer gives {place}.")
        self.counted = int(total)
        if self.source.list == "complete":
            self.total = self.counted

    def _link(self, response: Response, data: Any) -> str | None:
        link = dig(data, self.next_at) if self.next_at else None
        if not link:
            return None
        target = address(str(link), response.url)
        if self.site(target) != self.site(response.url):
            raise Unusable("layout_changed", f"{response.url} goes on at {target[:200]}.")
        return target

    def next_url(self, response: Response, rows: Sequence[AnyRow]) -> str | None:
        if self.next_at:
            return self._next
        self.number += -1 if self.turned else 1
        if self.turned:
            return self.page_url(self.number) if self.number >= 0 else None
        read = self.number * self.page_size
        more = read < self.counted if self.counted is not None else len(rows) >= self.page_size
        return self.page_url(self.number) if more else None

    async def begin(self, response: Response, rows: Sequence[AnyRow]) -> tuple[Response, Sequence[AnyRow]]:
        """An interface that ignores the order it was asked for gives its oldest first: begin at its last page."""
        self.turned = False
        last = ((self.counted or 0) - 1) // self.page_size
        if last < 1 or not self._oldest_first():
            return response, rows
        self.turned, self.number = True, last
        response = await self.ask(self.page_url(last))
        return response, self.records(response)

    def _oldest_first(self) -> bool:
        first, last = self.days[0], self.days[-1]
        if first is None or last is None:
            return False
        return first < last or (first == last and first < self.clock.now().date() - STALE)
