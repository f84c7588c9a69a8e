"""DOJ press releases, of the department and of every US Attorney: a JSON interface that brings whole texts.

Accounts of the interface differ: to some clients it gives the newest first when asked to, to others it ignores the
order and gives the oldest first. A filter by words of the title works for all of them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from spiders.common import dates
from spiders.common.json_list import JsonListSpider
from spiders.common.row import Row
from stemwatch.records import Expectations, Listed, Source

INTERFACE = "https://www.justice.gov/api/v1/press_releases.json"
FIELDS = "uuid,title,url,date,body,teaser,number,component,topic"
ZONE = "America/New_York"


class UsDojPressReleases(JsonListSpider):
    source = Source(
        name="us_doj_press_releases",
        title="Press releases",
        regulator="DOJ",
        jurisdiction="US",
        language="en",
        kind="press_release",
        list="window",
        url=INTERFACE,
        licence="Public domain (17 U.S.C. 105)",
        every_minutes=120,
        delay_seconds=2.0,
        details_per_run=0,
        revision=1,
        pages="none",
        expectations=Expectations(least=10, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=7),
    )
    total_at = "metadata.resultset.count"
    page_size = 50
    most_requests = 20
    history = ("stem cell", "exosome", "regenerative", "umbilical", "amniotic", "placenta")
    """Words of titles by which older releases are asked for."""

    words = ""

    def page_url(self, number: int) -> str:
        asked = {"pagesize": self.page_size, "page": number, "sort": "date", "direction": "DESC", "fields": FIELDS}
        filtered = {"parameters[title]": self.words} if self.words else {}
        return f"{INTERFACE}?{urlencode({**asked, **filtered})}"

    async def read_back(self) -> None:
        for words in self.history:
            self.words = words
            await self.read_pages()

    def day_of(self, record: Mapping[str, Any]) -> date:
        return dates.epoch(str(record.get("date")), ZONE)

    def parse_row(self, row: Row) -> Listed:
        row.body = row.lines("body")
        return self.listed(
            row,
            key=row.text("uuid"),
            url=row.link(),
            title=row.title(),
            posted_on=dates.epoch(row.text("date"), ZONE),
            case_number=row.text("number", required=False),
            fields={
                "summary": row.text("teaser", required=False),
                "office": row.names("component"),
                "topics": row.names("topic"),
            },
        )
