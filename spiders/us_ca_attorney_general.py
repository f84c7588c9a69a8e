"""Press releases of California's attorney general: a feed of the newest, a list of web pages that goes back for
years, and each release's page."""

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.feed import IndexedFeedSpider
from spiders.common.html_list import HtmlRow
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Source


class UsCaAttorneyGeneral(IndexedFeedSpider):
    source = Source(
        name="us_ca_attorney_general",
        title="Press releases",
        regulator="California Attorney General",
        jurisdiction="US-CA",
        language="en",
        kind="press_release",
        list="window",
        url="https://oag.ca.gov/news/feed",
        licence="Public record (California)",
        every_minutes=360,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=30),
    )
    zone = "America/Los_Angeles"
    ignored = ("author",)
    marker = "h1"
    rows_at = '.views-row:has(a[href*="/news/press-releases/"])'
    article = Article(title="h1", body=".field-name-body, .field--name-body")

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).removeprefix("news/press-releases/")

    def index_url(self, number: int) -> str:
        return f"https://oag.ca.gov/media/news?page={number}"

    def parse_index(self, row: HtmlRow) -> Listed:
        title, url = row.title_link(".views-field-title a")
        posted_on = dates.english(row.text(".views-field-field-release-date"))
        return self.listed(row, key=self.key_of(url, ""), url=url, title=title, posted_on=posted_on)
