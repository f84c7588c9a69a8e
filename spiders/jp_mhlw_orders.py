"""Japan's Ministry of Health, Labour and Welfare: a feed of all its news, among them orders to clinics.

Orders under the Act on the Safety of Regenerative Medicine carry the Act's name in their title. The feed spans
days; the index of announcements goes further back and gives no dates: those are on the pages, in the
Japanese calendar.
"""

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.feed import IndexedFeedSpider
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Source

INDEX = "https://www.mhlw.go.jp/stf/houdou/index.html"


class JpMhlwOrders(IndexedFeedSpider):
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
    marker = "main"
    rows_at = 'main li:has(a[href^="/stf/"])'
    article = Article(title="h1", body=".m-grid__col1", posted=".m-boxInfo__date", day=dates.japanese)

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).removeprefix("stf/")

    def likely(self, listed: Listed) -> bool:
        return "再生医療" in listed.title or "細胞加工" in listed.title

    def index_url(self, number: int) -> str | None:
        return INDEX if number == 0 else None
