"""CourtListener's search of court records (API v4): what matches words, the newest filing first."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from spiders.common import dates
from spiders.common.html import visible_lines
from spiders.common.json_list import JsonListSpider
from spiders.common.row import Row
from stemwatch.records import Listed


class CourtListenerSpider(JsonListSpider):
    """Reads what matches any of `queries`. `type` is r for dockets, o for opinions; a record's number, address and
    passages lie at `key_at`, `link_at` and `passages_at`."""

    type: ClassVar[str]
    queries: ClassVar[tuple[str, ...]]
    key_at: ClassVar[str]
    link_at: ClassVar[str]
    passages_at: ClassVar[str]
    total_at = "count"
    next_at = "next"
    page_size = 20
    ignored: ClassVar[tuple[str, ...]] = ("docket_id", "court_id", "caseNameFull", "meta")

    def page_url(self, number: int) -> str:
        asked = {"type": self.type, "q": " OR ".join(self.queries), "order_by": "dateFiled desc"}
        return f"{self.source.url}?{urlencode(asked)}"

    def parse_row(self, row: Row) -> Listed:
        told = {name: row.text(name, required=False) for name in ("syllabus", "assignedTo", "judge")}
        filed, ended = (row.text(name, required=False) for name in ("dateFiled", "dateTerminated"))
        row.body = passages(told["syllabus"], row.take(self.passages_at))
        return self.listed(
            row,
            key=row.text(self.key_at),
            url=row.link(self.link_at),
            title=row.title("caseName"),
            posted_on=dates.iso(filed) if filed else None,
            closed_out_on=dates.iso(ended) if ended else None,
            fields={
                "docket": row.text("docketNumber", required=False),
                "court": row.text("court"),
                "judge": told["judge"] or told["assignedTo"],
                "parties": row.joined("party"),
                "nature": row.text("suitNature", required=False),
                "cause": row.text("cause", required=False),
                "citation": row.joined("citation"),
            },
        )


def passages(first: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """What a record's documents are called and the passages of them that match, each once."""
    found = (visible_lines(entry.get(name) or "") for entry in entries for name in ("description", "snippet"))
    return "\n".join(filter(None, dict.fromkeys((first, *found))))
