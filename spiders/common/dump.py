"""Whole-file dumps: one JSON array, read as a stream, its rows judged one by one and not held."""

from collections.abc import Iterator
from io import BytesIO
from typing import ClassVar

from spiders.common.fetching import Response
from spiders.common.json_body import check_json, ends_early
from spiders.common.listing import ListSpider
from spiders.common.row import Row
from spiders.common.stop import Unusable
from stemwatch.words import Verdict

EMPTY = 1024
"""Bytes under which a dump without rows is empty; above, its rows have moved."""


class DumpSpider(ListSpider):
    """Reads a dump. `rows_at` is where its rows lie, as ijson names places: `item` of the array, `data.item`."""

    rows_at: ClassVar[str] = "item"
    accept = "application/json"

    async def read_front(self) -> None:
        response = await self.ask_first(self.source.url)
        if response is not None:
            self.take_all(self.stream(response))

    def stream(self, response: Response) -> Iterator[Row]:
        """The rows of a dump, one at a time. Unusable, after those before it, where the dump breaks off."""
        import ijson

        check_json(response)
        capture = response.meta["capture"].sha256
        count = 0
        try:
            for record in ijson.items(BytesIO(response.body), self.rows_at, use_float=True):
                if not isinstance(record, dict):
                    raise Unusable("layout_changed", f"{response.url} has rows that are no records.")
                count += 1
                yield Row(record, response.url, capture)
        except ijson.JSONError:
            raise ends_early(response) from None
        except UnicodeDecodeError as error:
            raise Unusable("layout_changed", f"{response.url} is no longer Unicode: {error.reason}.") from None
        if not count:
            verdict: Verdict = "empty" if len(response.body) < EMPTY else "layout_changed"
            raise Unusable(verdict, f"{response.url} came without a single row.")
