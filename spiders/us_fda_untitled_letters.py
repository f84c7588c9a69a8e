"""Untitled letters of FDA's Center for Biologics: one page that lists them all, each letter a PDF."""

import re

from spiders.common import dates, fda
from spiders.common.document import read_document
from spiders.common.fetching import Response
from spiders.common.html_list import HtmlListSpider, HtmlRow
from spiders.common.row import path_of
from stemwatch.records import Expectations, Listed, Page, Source

# Behind each link: (PDF - 150KB) - 05/22/2023
PRINTED = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
PREFIX = re.compile(r"Untitled Letter\s*[-–—:]\s*", re.IGNORECASE)


class UsFdaUntitledLetters(HtmlListSpider):
    source = Source(
        name="us_fda_untitled_letters",
        title="Untitled letters (biologics)",
        regulator="FDA",
        jurisdiction="US",
        language="en",
        kind="untitled_letter",
        list="complete",
        url="https://www.fda.gov/vaccines-blood-biologics/enforcement-actions-cber/untitled-letters-cber",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=720,
        delay_seconds=30.0,
        details_per_run=40,
        revision=1,
        # A short list: one letter less of ten is no fault.
        expectations=Expectations(
            least=3, shrink=0.3, filled={"title": 1.0, "posted_on": 1.0, "firm": 1.0}, fresh_days=1100
        ),
    )
    rows_at = '[role="main"] li:has(a[href*="/media/"])'
    marker = "h1.content-title"
    refusal = staticmethod(fda.refusal)

    def parse_row(self, row: HtmlRow) -> Listed:
        title, url = row.title_link()
        posted = PRINTED.search(row.rest())
        if posted is None:
            raise ValueError(f"{title[:60]!r} has no date")
        return self.listed(
            row,
            key=path_of(url).removeprefix("media/").removesuffix("/download"),
            url=url,
            title=title,
            posted_on=dates.month_day_year(posted.group()),
            fields={"firm": PREFIX.sub("", title)},
        )

    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        return read_document(response, page)
