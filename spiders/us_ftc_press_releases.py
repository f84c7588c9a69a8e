"""FTC press releases on consumer protection: a feed of the newest 30, and each release's page."""

from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from spiders.common.row import path_of
from stemwatch.records import Expectations, Source


class UsFtcPressReleases(FeedSpider):
    source = Source(
        name="us_ftc_press_releases",
        title="Press releases (consumer protection)",
        regulator="FTC",
        jurisdiction="US",
        language="en",
        kind="press_release",
        list="window",
        url="https://www.ftc.gov/feeds/press-release-consumer-protection.xml",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=120,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0, "summary": 0.9}, fresh_days=21),
    )
    zone = "America/New_York"
    article = Article(title="article h1", body="article .field--name-body")

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).removeprefix("news-events/news/press-releases/")
