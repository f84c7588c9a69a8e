"""FDA's Import Alert 57-22: foreign firms whose unlicensed biological products are held at the border.

One page has the red list as lines of text: the country in bold, then each firm's name, address, day, products.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile

from lxml.html import HtmlElement

from spiders.common import dates, fda
from spiders.common.fetching import Response
from spiders.common.html import text
from spiders.common.html_list import HtmlListSpider, list_page
from spiders.common.row import Row
from stemwatch.records import Expectations, Listed, Source
from stemwatch.text import clean

ALERT = "Detention Without Physical Examination of Unlicensed Biological Products Promoted in the U.S."
LABELLED = re.compile(r"(Date Published|Desc|Notes|Problems): *(.*)")
NO_LETTERS = re.compile(r"\W+")


class UsFdaImportAlert5722(HtmlListSpider):
    source = Source(
        name="us_fda_import_alert_57_22",
        title="Import Alert 57-22: red list",
        regulator="FDA",
        jurisdiction="US",
        language="en",
        kind="import_alert",
        list="complete",
        url="https://www.accessdata.fda.gov/cms_ia/importalert_1189.html",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=720,
        delay_seconds=30.0,
        details_per_run=0,
        revision=1,
        pages="none",
        # A short list: one firm less of ten is no fault.
        expectations=Expectations(least=3, shrink=0.3, filled={"title": 1, "posted_on": 1}, fresh_days=1100),
    )
    rows_at = "#user_provided > *"
    marker = "#user_provided"
    refusal = staticmethod(fda.refusal)

    def records(self, response: Response) -> Sequence[Row]:
        elements = list_page(response, self.marker).cssselect(self.rows_at)
        return [Row(entry, response.url, response.meta["capture"].sha256) for entry in entries(elements)]

    def parse_row(self, row: Row) -> Listed:
        firm, country = row.certain_title("Firm"), row.text("Country")
        name, place = (NO_LETTERS.sub("-", words.casefold()).strip("-") for words in (firm, country))
        told = ("Address", "Products", "Desc", "Notes", "Problems")
        fields = {label.lower(): row.text(label, required=False) for label in told}
        return self.listed(
            row,
            key=f"{place}/{name}",
            url=f"{self.source.url}#{name}",
            title=firm,
            posted_on=dates.month_day_year(row.text("Date Published")),
            fields={"firm": firm, "country": country, "subject": ALERT, **fields},
        )


def entries(elements: Sequence[HtmlElement]) -> Iterator[dict[str, str]]:
    """The firms by label: a country is bold, an address comes before the day, a blank line between two firms."""
    country, found = "", dict[str, list[str]]()
    for element in dropwhile(lambda element: "Red List" not in text(element), elements):
        country = text(element) if element.tag == "b" else country
        if line := clean(element.tail or ""):
            labelled = LABELLED.fullmatch(line)
            unlabelled = "Products" if "Date Published" in found else "Address" if found else "Firm"
            found.setdefault("Country", [country])
            found.setdefault(labelled[1] if labelled else unlabelled, []).append(labelled[2] if labelled else line)
        elif found:
            yield {label: "; ".join(lines) for label, lines in found.items()}
            found = {}
