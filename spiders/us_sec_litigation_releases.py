"""SEC litigation releases: the feed of the newest, titled by their defendants, and each release's page."""

from spiders.common.article import Article
from spiders.common.dates import day_in
from spiders.common.feed import FeedSpider
from spiders.common.row import Row, path_of
from stemwatch.records import Expectations, Listed, Source


class UsSecLitigationReleases(FeedSpider):
    source = Source(
        name="us_sec_litigation_releases",
        title="Litigation releases",
        regulator="SEC",
        jurisdiction="US",
        language="en",
        kind="press_release",
        list="window",
        url="https://www.sec.gov/enforcement-litigation/litigation-releases/rss",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=360,
        delay_seconds=2.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(
            least=3, filled={"title": 1.0, "posted_on": 1.0, "case_number": 0.9}, fresh_days=30
        ),
    )
    zone = "America/New_York"
    ignored = ("id",)
    article = Article(title="h1.page-title__heading", body="article .field--name-body")

    def parse_row(self, row: Row) -> Listed:
        url = row.link("link")
        return self.listed(
            row,
            key=path_of(url).rsplit("/", 1)[-1],
            url=url,
            title=row.title(),
            posted_on=day_in(row.text("published"), self.zone),
            case_number=row.text("author", required=False),
            fields={"summary": row.text("summary", required=False)},
        )
