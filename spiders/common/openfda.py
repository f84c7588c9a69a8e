"""openFDA's enforcement reports: recalls of one kind of product, the newest report first.

A search gives at most 26,000 records and is asked year by year; one that matches nothing answers 404.
"""

import json
from collections.abc import Sequence
from textwrap import shorten

from spiders.common import dates
from spiders.common.fetching import Response
from spiders.common.json_body import dig
from spiders.common.json_list import JsonListSpider
from spiders.common.listing import AnyRow
from spiders.common.row import Row
from stemwatch.records import Listed

FIRST_YEAR = 2004
"""The records of FDA's Recall Enterprise System begin here."""
ADDRESS = ("address_1", "address_2", "city", "state", "postal_code")
LONGEST_TITLE = 200


class OpenFdaSpider(JsonListSpider):
    """Reads the reports of this year and the last, and as its history those of each year before."""

    total_at = "meta.results.total"
    page_size = 1000
    most_requests = 26
    ignored = (
        *("openfda", "product_type", "product_quantity", "code_info", "more_code_info"),
        *("voluntary_mandated", "initial_firm_notification", "center_classification_date"),
    )
    year: int | None = None
    """The year that is asked for; the newest two when None."""

    async def read_back(self) -> None:
        for year in range(self.clock.now().year - 2, FIRST_YEAR - 1, -1):
            self.year = year
            await self.read_pages()

    def page_url(self, number: int) -> str:
        last = self.year or self.clock.now().year
        days = f"report_date:[{self.year or last - 1}0101+TO+{last}1231]"
        page = f"limit={self.page_size}&skip={number * self.page_size}"
        return f"{self.source.url}?search={days}&sort=report_date:desc&{page}"

    def whole(self, response: Response) -> Response:
        return response if matches_nothing(response) else super().whole(response)

    def records(self, response: Response) -> Sequence[AnyRow]:
        return [] if matches_nothing(response) else super().records(response)

    def parse_row(self, row: Row) -> Listed:
        number, firm, product = (
            row.text("recall_number"),
            row.text("recalling_firm"),
            row.text("product_description"),
        )
        title = shorten(f"{firm}: {product}"[: 2 * LONGEST_TITLE], LONGEST_TITLE, placeholder=" ...")
        row.doubt(title)
        ended = row.text("termination_date", required=False)
        status = row.text("status", required=False)
        return self.listed(
            row,
            key=number,
            url=f'{self.source.url}?search=recall_number:"{number}"',
            title=title,
            posted_on=dates.iso(row.text("report_date")),
            issued_on=dates.iso(row.text("recall_initiation_date")),
            case_number=row.text("event_id", required=False),
            closed_out_on=dates.iso(ended) if ended else None,
            fields={
                "firm": firm,
                "products": product,
                "subject": row.text("reason_for_recall", required=False),
                "classification": row.text("classification", required=False),
                "status": "" if ended else status,
                "address": ", ".join(filter(None, (row.text(name, required=False) for name in ADDRESS))),
                "country": row.text("country", required=False),
                "distribution": row.text("distribution_pattern", required=False),
            },
        )


def matches_nothing(response: Response) -> bool:
    """Whether a 404 is the interface's own answer to a search without a match."""
    if response.status != 404:
        return False
    try:
        return bool(dig(json.loads(response.body), "error.code") == "NOT_FOUND")
    except (ValueError, RecursionError):
        return False
