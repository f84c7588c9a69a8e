"""Japan's Ministry of Health, Labour and Welfare: a feed of all its news, among them orders to clinics.

Orders under the Act on the Safety of Regenerative Medicine carry the Act's name in their title. The feed spans
days; the index of announcements goes further back and gives no dates: those are on the pages, in the
Japanese calendar.
"""

import msgspec

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from spiders.common.fetching import Response
from spiders.common.html_list import HtmlRow, html_rows, list_page
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Page, Source

INDEX = "https://www.mhlw.go.jp/stf/houdou/index.html"


class JpMhlwOrders(FeedSpider):
    source = Source(
        name="jp_mhlw_orders",
        title="厚生労働省 新着情報 (news of the ministry, with its orders to clinics)",
        regulator="MHLW",
        jurisdiction="JP",
        language="ja",
        kind="announcement",
        list="window",
        url="https://www.mhlw.go.jp/stf/news.rdf",
        licence="Government of Japan Standard Terms of Use",
        every_minutes=120,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        pages="likely",
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=7),
    )
    zone = "Asia/Tokyo"
    article = Article(title="h1", body=".m-grid__col1", fields={"posted": ".m-boxInfo__date"})

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).removeprefix("stf/")

    def likely(self, listed: Listed) -> bool:
        return "再生医療" in listed.title or "細胞加工" in listed.title

    async def read_back(self) -> None:
        response = await self.ask(INDEX)
        rows = html_rows(response, list_page(response, "main"), 'main li:has(a[href^="/stf/"])')
        self.take_all(rows, self.parse_link)

    def parse_link(self, row: HtmlRow) -> Listed:
        title, url = row.title_link()
        return self.listed(row, key=self.key_of(url, ""), url=url, title=title)

    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        page = super().parse_page(response, listed, page)
        posted = page.fields.pop("posted", "")
        return msgspec.structs.replace(page, posted_on=dates.japanese(posted) if posted else None)
