"""Press releases of Georgia's attorney general: a list of web pages, newest first, and each release's page."""

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.html_list import HtmlListSpider, HtmlRow
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Source


class UsGaAttorneyGeneral(HtmlListSpider):
    source = Source(
        name="us_ga_attorney_general",
        title="Press releases",
        regulator="Georgia Attorney General",
        jurisdiction="US-GA",
        language="en",
        kind="press_release",
        list="window",
        url="https://law.georgia.gov/press-releases",
        licence="Public record (Georgia)",
        every_minutes=360,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=30),
    )
    rows_at = ".global-teaser--press-release"
    marker = "main h1"
    most_requests = 200
    article = Article(title="article h1", body="article .body-content")

    def page_url(self, number: int) -> str:
        return f"{self.source.url}?page={number}"

    def parse_row(self, row: HtmlRow) -> Listed:
        title, url = row.title_link(".global-teaser__title a")
        return self.listed(
            row,
            key=path_of(url).removeprefix("press-releases/"),
            url=url,
            title=title,
            posted_on=dates.english(row.text(".global-teaser__date")),
            fields={"summary": row.text(".global-teaser__description", required=False)},
        )
