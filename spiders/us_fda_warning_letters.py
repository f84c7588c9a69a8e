"""FDA warning letters: the list with its close-out and response columns, and each letter's page."""

import re
from datetime import UTC, date, datetime
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement
from scrapy.http import Response

from spiders.common import fda
from spiders.common.drupal_table import DrupalTableSpider, Row
from spiders.common.html import text, text_lines
from stemwatch.records import Expectations, Listed, Page, Source

COMPLIANCE = "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations"
LETTERS = urlsplit(COMPLIANCE).path + "/warning-letters/"
CASE_NUMBER = re.compile(r"-(\d{6})(?=-|$)")


class UsFdaWarningLetters(DrupalTableSpider):
    source = Source(
        name="us_fda_warning_letters",
        title="Warning letters",
        regulator="FDA",
        jurisdiction="US",
        language="en",
        kind="warning_letter",
        list="complete",
        url=COMPLIANCE + "/compliance-actions-and-activities/warning-letters",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=360,
        delay_seconds=30.0,
        details_per_run=100,
        revision=1,
        ways=("datatables", "views"),
        expectations=Expectations(
            least=50,
            filled={"title": 1.0, "posted_on": 1.0, "issued_on": 0.99, "office": 0.95, "subject": 0.95},
            fresh_days=21,
        ),
    )
    view_name = "warning_letter_solr_index"
    view_display_id = "warning_letter_solr_block"
    columns = (
        "Posted Date",
        "Letter Issue Date",
        "Company Name",
        "Issuing Office",
        "Subject",
        "Response Letter",
        "Closeout Letter",
        "Excerpt",
    )
    ignored = ("Excerpt",)

    refusal = staticmethod(fda.refusal)

    def likely(self, listed: Listed) -> bool:
        return "biologic" in listed.fields.get("office", "").lower()

    def parse_row(self, row: Row) -> Listed:
        row.doubt("Company Name", "Subject", "Issuing Office")
        company = row.take("Company Name")
        url = letter_url(company)
        key = url.rsplit("/", 1)[1]
        case = CASE_NUMBER.search(key)
        responded, closed = row.take("Response Letter"), row.take("Closeout Letter")
        return Listed(
            key=key,
            url=url,
            title=text(company),
            kind=self.source.kind,
            posted_on=visible_date(row.take("Posted Date")),
            issued_on=visible_date(row.take("Letter Issue Date")),
            case_number=case[1] if case else "",
            fields={
                "office": text(row.take("Issuing Office")),
                "subject": "; ".join(filter(None, text_lines([row.take("Subject")]).split("\n"))),
            },
            responded_on=visible_date(responded, required=False),
            responded_url=letter_url(responded, required=False),
            closed_out_on=visible_date(closed, required=False),
            closed_out_url=letter_url(closed, required=False),
            capture=row.answer.capture,
        )

    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        return fda.parse_letter(response, page)


def visible_date(cell: HtmlElement, *, required: bool = True) -> date | None:
    """The printed MM/DD/YYYY. The `datetime` attribute is UTC at odd hours and can be a day off."""
    printed = text(cell)
    if not printed and not required:
        return None
    return datetime.strptime(printed, "%m/%d/%Y").replace(tzinfo=UTC).date()


def letter_url(cell: HtmlElement, *, required: bool = True) -> str:
    """The letter's address on www.fda.gov, whatever host the link names, without query and fragment."""
    href: str = next((link.get("href") for link in cell.iter("a") if link.get("href")), "")
    path = urlsplit(urljoin(COMPLIANCE, href)).path.rstrip("/")
    if path.startswith(LETTERS) and len(path) > len(LETTERS):
        return "https://www.fda.gov" + path
    if required:
        raise ValueError(f"no letter is linked in {text(cell)[:60]!r}")
    return ""
