"""FDA's documents in the Federal Register, among them debarments, hearings and guidance on human cells.

The interface is open where the site's pages are not, so a notice's text is its abstract; a search by words adds
the passages that hold them.
"""

from urllib.parse import urlencode

from spiders.common import dates
from spiders.common.json_list import JsonListSpider
from spiders.common.row import Row
from stemwatch.records import Expectations, Listed, Source

FIELDS = ("document_number", "title", "type", "action", "abstract", "excerpts", "html_url", "publication_date")


class UsFrDocuments(JsonListSpider):
    source = Source(
        name="us_fr_documents",
        title="Federal Register: documents of FDA",
        regulator="Federal Register",
        jurisdiction="US",
        language="en",
        kind="notice",
        list="window",
        url="https://www.federalregister.gov/api/v1/documents.json",
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=720,
        delay_seconds=2.0,
        details_per_run=0,
        revision=1,
        pages="none",
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0, "type": 1.0}, fresh_days=14),
    )
    total_at = "count"
    next_at = "next_page_url"
    most_requests = 10
    history = ('"stem cell"', "exosome", '"adipose tissue"', '"umbilical cord"', "amniotic", "debarment")
    """Words by which older documents are asked for."""

    words = ""

    def page_url(self, number: int) -> str:
        asked = [
            ("conditions[agencies][]", "food-and-drug-administration"),
            ("order", "newest"),
            ("per_page", "100"),
        ]
        asked += [("fields[]", name) for name in (*FIELDS, "docket_ids")]
        asked += [("conditions[term]", self.words)] if self.words else []
        return f"{self.source.url}?{urlencode(asked)}"

    async def read_back(self) -> None:
        for words in self.history:
            self.words = words
            await self.read_pages()

    def parse_row(self, row: Row) -> Listed:
        told = (row.lines(name, required=False) for name in ("abstract", "excerpts"))
        row.body = "\n".join(filter(None, dict.fromkeys(told)))
        return self.listed(
            row,
            key=row.text("document_number"),
            url=row.link("html_url"),
            title=row.title(),
            posted_on=dates.iso(row.text("publication_date")),
            fields={
                "type": row.text("type"),
                "action": row.text("action", required=False),
                "docket": row.joined("docket_ids"),
            },
        )
