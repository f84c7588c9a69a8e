"""GOV.UK: its search as a list, the content interface as the page behind each address.

Withdrawn documents stay at their address under a notice that says so. The search leaves them out unless asked for
them, and refuses parameters it does not know with 422.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import msgspec

from spiders.common import dates
from spiders.common.fetching import Response
from spiders.common.html import visible, visible_lines
from spiders.common.json_body import dig, read_json
from spiders.common.json_list import JsonListSpider
from spiders.common.row import Row
from spiders.common.stop import Unusable
from stemwatch.records import Listed, Page

SITE = "https://www.gov.uk"
SEARCH = f"{SITE}/api/search.json"
ZONE = "Europe/London"
FIELDS = "content_id,title,link,description,format,public_timestamp,issued_date,is_withdrawn"
METADATA = ("alert_type", "medical_specialism")
LICENCE = "Open Government Licence v3.0"


class GovUkSpider(JsonListSpider):
    """Reads what a search of GOV.UK finds, newest first. `filters` are parameters of the search."""

    filters: ClassVar[Mapping[str, str]]
    total_at = "total"
    ignored = (
        *("index", "es_score", "model_score", "original_rank", "combined_score", "_id"),
        *("elasticsearch_type", "document_type"),
    )

    def page_url(self, number: int) -> str:
        asked = {"count": self.page_size, "start": number * self.page_size, "order": "-public_timestamp"}
        return f"{SEARCH}?{urlencode({**self.filters, **asked, 'fields': FIELDS, 'debug': 'include_withdrawn'})}"

    def parse_row(self, row: Row) -> Listed:
        """One result. `public_timestamp` moves with every larger edit, so it says what is new, not when it was
        published."""
        self.fresh(dates.day_in(row.text("public_timestamp"), ZONE))
        issued = row.text("issued_date", required=False)
        withdrawn = row.text("is_withdrawn", required=False) == "True"
        form = row.text("format", required=False)
        return self.listed(
            row,
            key=row.text("content_id"),
            url=row.link("link"),
            title=row.title(),
            kind="press_release" if form == "press_release" else self.source.kind,
            posted_on=dates.iso(issued) if issued else None,
            fields={
                "summary": row.text("description", required=False),
                "format": form.replace("_", " "),
                "status": "withdrawn" if withdrawn else "",
            },
        )

    def page_address(self, url: str) -> str:
        return f"{SITE}/api/content{urlsplit(url).path}"

    def parse_page(self, response: Response, listed: Listed, page: Page) -> Page:
        content = read_json(response)
        title, published = dig(content, "title"), dig(content, "first_published_at")
        if not isinstance(title, str) or not isinstance(dig(content, "details"), dict):
            raise Unusable("layout_changed", f"{response.url} gives no title and details.")
        named = {name: _joined(dig(content, f"details.metadata.{name}")) for name in METADATA}
        reason = visible(str(dig(content, "withdrawn_notice.explanation") or ""))
        withdrawn_at = dig(content, "withdrawn_notice.withdrawn_at")
        return msgspec.structs.replace(
            page,
            kind="recall" if "recall" in named["alert_type"] else "",
            fields={"title": visible(title), **named, "withdrawn": reason},
            posted_on=_day(response, published) if published else None,
            closed_out_on=_day(response, withdrawn_at) if withdrawn_at else None,
            text=visible_lines(_body(content)),
        )


def _body(content: Any) -> str:
    """The mark-up of a document: in one piece, in the parts of a guide, or its summary alone."""
    parts = dig(content, "details.parts")
    told = [dig(part, "body") for part in parts] if isinstance(parts, list) else [dig(content, "details.body")]
    return "\n".join(str(part) for part in told if part) or str(dig(content, "description") or "")


def _joined(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _day(response: Response, instant: object) -> date:
    try:
        return dates.day_in(str(instant), ZONE)
    except ValueError:
        raise Unusable("layout_changed", f"{response.url} gives no day where one was due.") from None
