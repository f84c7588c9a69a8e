"""Press releases of Washington's attorney general: a feed, and each release's page."""

from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from spiders.common.row import path_of
from stemwatch.records import Expectations, Source


class UsWaAttorneyGeneral(FeedSpider):
    source = Source(
        name="us_wa_attorney_general",
        title="News releases",
        regulator="Washington Attorney General",
        jurisdiction="US-WA",
        language="en",
        kind="press_release",
        list="window",
        url="https://www.atg.wa.gov/news/news-releases-rss",
        licence="Public record (Washington)",
        every_minutes=360,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=30),
    )
    zone = "America/Los_Angeles"
    ignored = ("author",)
    article = Article(title="h1", body=".field-name-body, .field--name-body")

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).removeprefix("news/news-releases/")
