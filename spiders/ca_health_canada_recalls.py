"""Health Canada's recalls and safety alerts: one file in each language, whole, the same notices in both.

The files give the day of the last update, not of publication: that is on the notice's page.
"""

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.dump import DumpSpider
from spiders.common.row import Row
from stemwatch.records import Expectations, Listed, Source

FILES = "https://recalls-rappels.canada.ca/sites/default/files/opendata-donneesouvertes"


class CaHealthCanadaRecalls(DumpSpider):
    source = Source(
        name="ca_health_canada_recalls",
        title="Recalls and safety alerts",
        regulator="Health Canada",
        jurisdiction="CA",
        language="en",
        kind="recall",
        list="complete",
        url=f"{FILES}/HCRSAMOpenData.json",
        licence="Open Government Licence - Canada",
        every_minutes=720,
        delay_seconds=5.0,
        details_per_run=50,
        revision=1,
        pages="likely",
        expectations=Expectations(
            least=10, filled={"title": 1.0, "posted_on": 0.0, "title_fr": 0.95}, fresh_days=14
        ),
    )
    french_url = f"{FILES}/SCRSAMDonneesOuvertes.json"
    # Pages come in two layouts, the older one with a list of terms.
    article = Article(
        title="h1",
        body="section.ar-section, .recall-alert-body",
        posted=".views-label-changed + time, #awr_details_header_container dt:first-child + dd",
    )

    async def read_front(self) -> None:
        self.french = await self.read_french()
        if not self.unchanged:
            self.take_all(self.stream(await self.ask(self.source.url)))

    async def read_french(self) -> dict[str, str]:
        """Title and address in French by NID."""
        response = await self.ask_first(self.french_url)
        rows = self.stream(response) if response is not None else ()
        return dict(pair for _, pair in self.parse_each(rows, self.parse_french))

    def parse_french(self, row: Row) -> tuple[str, str]:
        return row.text("NID"), f"{row.text('Titre', required=False)}\n{row.link('URL')}"

    def parse_row(self, row: Row) -> Listed:
        key = row.text("NID")
        row.ignore("Archived")
        if updated := row.text("Last updated", required=False):
            self.fresh(dates.iso(updated))
        title_fr, _, url_fr = self.french.get(key, "").partition("\n")
        told = {
            name.lower().replace(" ", "_"): row.text(name, required=False)
            for name in ("Organization", "Product", "Issue", "What you should do", "Category", "Recall class")
        }
        fields = {**told, "title_fr": title_fr, "url_fr": url_fr}
        return self.listed(row, key=key, url=row.link("URL"), title=row.title("Title"), fields=fields)
