"""News releases of Florida's attorney general: a feed of the newest, a list of web pages that goes back for years,
and each release's page. The site refuses whoever does not name a User-Agent as browsers do, or what it accepts."""

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.feed import IndexedFeedSpider
from spiders.common.html_list import HtmlRow
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Source


class UsFlAttorneyGeneral(IndexedFeedSpider):
    source = Source(
        name="us_fl_attorney_general",
        title="News releases",
        regulator="Florida Attorney General",
        jurisdiction="US-FL",
        language="en",
        kind="press_release",
        list="window",
        url="https://www.myfloridalegal.com/rss.xml",
        licence="Public record (Florida)",
        every_minutes=360,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=30),
    )
    zone = "America/New_York"
    ignored = ("author",)
    marker = "h1"
    rows_at = 'tr:has(a[href*="/newsrelease/"])'
    article = Article(title="h1", body=".field--name-body")

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).removeprefix("newsrelease/")

    def index_url(self, number: int) -> str:
        return f"https://www.myfloridalegal.com/newsreleases?page={number}"

    def parse_index(self, row: HtmlRow) -> Listed:
        title, url = row.title_link(".views-field-title a")
        posted_on = dates.day_in(row.take("time").get("datetime") or "", self.zone)
        return self.listed(row, key=self.key_of(url, ""), url=url, title=title, posted_on=posted_on)
