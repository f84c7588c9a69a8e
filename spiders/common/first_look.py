"""One look at an address that may become a source, and at the first pages it leads to: kept, not read."""

from contextlib import suppress

from spiders.common.fetching import Response
from spiders.common.guessing import guess
from spiders.common.spider import NoticeSpider
from spiders.common.stop import Stop, Unusable
from stemwatch.errors import StemwatchError
from stemwatch.records import Listed, Page, Source


class FirstLookSpider(NoticeSpider):
    """Asks for a list and a few of its notices. What they answer is in the bundle's captures."""

    hops = 3

    async def read_list(self) -> None:
        response = await self.fetch(self.source.url)
        if response.status != 200:
            raise Unusable("unreachable", f"{response.url} answered {response.status}.")
        try:
            links = guess(response.url, response.body).links
        except StemwatchError as error:
            raise Unusable("layout_changed", str(error)) from None
        with suppress(Stop, Unusable):  # a list whose pages are not for us may still bring their texts
            for url in links:
                await self.fetch(url)

    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        return page


def first_look(source: Source) -> type[FirstLookSpider]:
    """The spider that looks at an address for the first time."""
    return type("FirstLook", (FirstLookSpider,), {"source": source})
