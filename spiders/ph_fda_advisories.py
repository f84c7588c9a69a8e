"""FDA Philippines: advisories and whatever else its site posts, whole, through the interface of WordPress.

An advisory's number stands in its title. Texts come with the list; many older ones are a scanned picture only.
"""

import re
from urllib.parse import urlencode

from spiders.common import dates
from spiders.common.json_list import JsonListSpider
from spiders.common.row import Row
from stemwatch.records import Expectations, Listed, Source

INTERFACE = "https://www.fda.gov.ph/wp-json/wp/v2/posts"
FIELDS = "id,date,link,title,content"
ADVISORY = re.compile(r"advisory\s+no\.?\s*(\d{4}-\d+(?:-[A-Z])?)", re.IGNORECASE)


class PhFdaAdvisories(JsonListSpider):
    source = Source(
        name="ph_fda_advisories",
        title="Advisories and other posts",
        regulator="FDA Philippines",
        jurisdiction="PH",
        language="en",
        kind="notice",
        list="complete",
        url=INTERFACE,
        licence="Works of the Government of the Philippines (Republic Act 8293, section 176)",
        every_minutes=720,
        delay_seconds=5.0,
        details_per_run=0,
        revision=1,
        pages="none",
        expectations=Expectations(least=10, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=14),
    )
    rows_at = ""
    total_header = "X-WP-Total"
    page_size = 100
    most_requests = 400

    def page_url(self, number: int) -> str:
        asked = {"per_page": self.page_size, "page": number + 1, "orderby": "date", "order": "desc"}
        return f"{INTERFACE}?{urlencode({**asked, '_fields': FIELDS})}"

    def parse_row(self, row: Row) -> Listed:
        title = row.title("title.rendered")
        numbered = ADVISORY.search(title)
        row.body = row.lines("content.rendered")
        return self.listed(
            row,
            key=row.text("id"),
            url=row.link("link"),
            title=title,
            kind="advisory" if numbered else self.source.kind,
            posted_on=dates.iso(row.text("date")),
            case_number=numbered[1] if numbered else "",
        )
