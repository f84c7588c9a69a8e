"""FTC warning letters: a list in the agency's legal library, newest first, and each letter's page."""

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.html_list import HtmlListSpider, HtmlRow
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Source


class UsFtcWarningLetters(HtmlListSpider):
    source = Source(
        name="us_ftc_warning_letters",
        title="Warning letters",
        regulator="FTC",
        jurisdiction="US",
        language="en",
        kind="warning_letter",
        list="window",
        url="https://www.ftc.gov/legal-library/browse/warning-letters",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=720,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=2, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=400),
    )
    rows_at = ".views-row"
    marker = "main h1"
    article = Article(title="article h1", body="article .field--name-body")

    def page_url(self, number: int) -> str:
        return f"{self.source.url}?page={number}"

    def parse_row(self, row: HtmlRow) -> Listed:
        title, url = row.title_link(".node-title a")
        return self.listed(
            row,
            key=path_of(url).removeprefix("legal-library/browse/"),
            url=url,
            title=title,
            posted_on=dates.iso(row.take("time").get("datetime") or ""),
        )
