"""CDC's Morbidity and Mortality Weekly Report: its feed, and each report's page. Outbreaks are reported in it."""

from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from stemwatch.records import Expectations, Source


class UsCdcMmwr(FeedSpider):
    source = Source(
        name="us_cdc_mmwr",
        title="Morbidity and Mortality Weekly Report",
        regulator="CDC",
        jurisdiction="US",
        language="en",
        kind="outbreak_report",
        list="window",
        url="https://www.cdc.gov/mmwr/rss/mmwr.xml",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=720,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=3, filled={"title": 1.0, "posted_on": 1.0, "summary": 0.9}, fresh_days=30),
    )
    zone = "America/New_York"
    ignored = ("id",)
    article = Article(title="article h1", body="article .syndicate")

    def address_of(self, link: str) -> str:
        """Links carry a query that tells where a reader comes from."""
        return super().address_of(link).partition("?")[0]

    def key_of(self, url: str, identifier: str) -> str:
        """mm6916a7.htm: volume, issue and article."""
        return url.rsplit("/", 1)[-1]
