"""FDA press releases: the feed of the twenty newest, and each release's page."""

from spiders.common import fda
from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from spiders.common.row import path_of
from stemwatch.records import Expectations, Source


class UsFdaPressReleases(FeedSpider):
    source = Source(
        name="us_fda_press_releases",
        title="Press releases",
        regulator="FDA",
        jurisdiction="US",
        language="en",
        kind="press_release",
        list="window",
        url="https://www.fda.gov/about-fda/contact-fda/stay-informed/rss-feeds/press-releases/rss.xml",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=120,
        delay_seconds=30.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=3, filled={"title": 1.0, "posted_on": 1.0, "summary": 0.9}, fresh_days=30),
    )
    zone = "America/New_York"
    ignored = ("author",)
    article = Article(
        title="h1.content-title",
        body='[role="main"]',
        strip=('[role="alert"]', "dl.lcds-description-list--grid"),
        fields={"label": "p.content-type-label"},
    )
    refusal = staticmethod(fda.refusal)

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).removeprefix("news-events/press-announcements/")
