"""Press releases of New York's attorney general: a list of web pages, newest first, a page for each month of years
past, and each release's page."""

from collections.abc import Iterator
from datetime import date, timedelta

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.html_list import HtmlListSpider, HtmlRow
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Source

# Suits against sellers of stem cell treatments begin in 2018.
OLDEST = date(2018, 1, 1)


class UsNyAttorneyGeneral(HtmlListSpider):
    source = Source(
        name="us_ny_attorney_general",
        title="Press releases",
        regulator="New York Attorney General",
        jurisdiction="US-NY",
        language="en",
        kind="press_release",
        list="window",
        url="https://ag.ny.gov/press-releases",
        licence="Public record (New York)",
        every_minutes=360,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=30),
    )
    rows_at = '.views-row:has(a[href*="/press-release/"])'
    marker = "main h1"
    most_requests = 8
    article = Article(title="article h1", body=".wysiwyg--field-body, .field--name-body")

    def page_url(self, number: int) -> str:
        return f"{self.source.url}?page={number}"

    async def read_back(self) -> None:
        for month in self.months():
            response = await self.ask(f"https://ag.ny.gov/press-releases-for-month/{month:%Y%m}")
            self.take_all(self.records(response))

    def months(self) -> Iterator[date]:
        """This month and those before it: after a gap back to the newest release known, else to OLDEST."""
        since = self.known.newest_on if self.gap and not self.job.backfill else None
        month = self.clock.now().date().replace(day=1)
        while month >= (since or OLDEST).replace(day=1):
            yield month
            month = (month - timedelta(days=1)).replace(day=1)

    def parse_row(self, row: HtmlRow) -> Listed:
        title, url = row.title_link('a[href*="/press-release/"]')
        return self.listed(
            row,
            key=path_of(url).removeprefix("press-release/"),
            url=url,
            title=title,
            posted_on=dates.english(row.text("time, .date-display-single")),
        )
