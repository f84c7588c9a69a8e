"""Korea's Ministry of Food and Drug Safety: its press releases, a feed in Korean, and each release's page."""

from urllib.parse import parse_qs, urlsplit

from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from stemwatch.records import Expectations, Source


class KrMfdsPress(FeedSpider):
    source = Source(
        name="kr_mfds_press",
        title="보도자료 (press releases)",
        regulator="MFDS",
        jurisdiction="KR",
        language="ko",
        kind="press_release",
        list="window",
        url="https://www.mfds.go.kr/www/rss/brd.do?brdId=ntc0021",
        licence="Not stated; facts are cited with their source",
        every_minutes=120,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=7),
    )
    zone = "Asia/Seoul"
    article = Article(title=".bv_title", body=".bv_cont")

    def key_of(self, url: str, identifier: str) -> str:
        """The number of the post on its board; the rest of the address varies with the way to it."""
        return parse_qs(urlsplit(url).query)["seq"][0]
