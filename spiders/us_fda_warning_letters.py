"""FDA warning letters: the list with its close-out and response columns, and each letter's page."""

import re

from spiders.common import fda
from spiders.common.drupal_table import DrupalTableSpider, Row
from spiders.common.fetching import Response
from spiders.common.html import text, text_lines
from stemwatch.records import Expectations, Listed, Page, Source

# Six digits of FDA's case system; reissues and close-outs keep them, and two firms may share them.
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
        url=fda.COMPLIANCE + "/compliance-actions-and-activities/warning-letters",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=360,
        delay_seconds=30.0,
        details_per_run=100,
        revision=1,
        busy=("tuesday",),  # 1,134 of the 1,427 letters since 2024
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
        *("Posted Date", "Letter Issue Date", "Company Name", "Issuing Office", "Subject"),
        *("Response Letter", "Closeout Letter", "Excerpt"),
    )
    ignored = ("Excerpt",)
    refusal = staticmethod(fda.refusal)

    def likely(self, listed: Listed) -> bool:
        return "biologic" in listed.fields.get("office", "").lower()

    @classmethod
    def parse_row(cls, row: Row) -> Listed:
        row.doubt("Company Name", "Subject", "Issuing Office")
        company, responded, closed = map(row.take, ("Company Name", "Response Letter", "Closeout Letter"))
        url = fda.letter_url(company)
        key = url.rsplit("/", 1)[1]
        case = CASE_NUMBER.search(key)
        return Listed(
            key=key,
            url=url,
            title=text(company),
            kind=cls.source.kind,
            posted_on=fda.visible_date(row.take("Posted Date")),
            issued_on=fda.visible_date(row.take("Letter Issue Date")),
            case_number=case[1] if case else "",
            fields={
                "office": text(row.take("Issuing Office")),
                "subject": "; ".join(filter(None, text_lines([row.take("Subject")]).split("\n"))),
            },
            responded_on=fda.visible_date(responded, required=False),
            responded_url=fda.letter_url(responded, required=False),
            closed_out_on=fda.visible_date(closed, required=False),
            closed_out_url=fda.letter_url(closed, required=False),
        )

    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        return fda.parse_letter(response, page)
