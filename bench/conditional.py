"""The floor of a round: the same client asks for the same lists, and reads nothing.

Run as `python -m bench.conditional MIRROR REQUESTS`. It imports nothing of ours, whose start is not the client's.
"""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

BARE: dict[str, Any] = {
    "ROBOTSTXT_OBEY": False,
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0.0,
    "COOKIES_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "WARNING",
}
"""Settings of a crawl that does nothing but ask, one thing at a time."""


class Conditional(Spider):
    """Asks for addresses with the headers it is told, and reads nothing."""

    name = "conditional"

    def __init__(self, mirror: str, asked: list[dict[str, Any]]) -> None:
        super().__init__()
        self.mirror = mirror
        self.asked = asked
        self.answered = 0

    async def start(self) -> AsyncIterator[Any]:
        for entry in self.asked:
            said = {"If-None-Match": entry["if_none_match"], "If-Modified-Since": entry["if_modified_since"]}
            headers = {name: value for name, value in said.items() if value}
            query = f"?{entry['query']}" if entry["query"] else ""
            url = f"{self.mirror}/{entry['host']}{entry['path']}{query}"
            meta = {"handle_httpstatus_all": True}
            yield Request(url, headers=headers, dont_filter=True, meta=meta)

    def parse(self, response: Response, **_: object) -> None:
        self.answered += 1

    def closed(self, reason: str) -> None:
        if (reason, self.answered) != ("finished", len(self.asked)):
            raise SystemExit(f"{self.answered} of {len(self.asked)} requests were answered: {reason}.")


def ask(mirror: str, requests: str) -> None:
    process = AsyncCrawlerProcess(BARE)
    process.crawl(Conditional, mirror=mirror, asked=json.loads(Path(requests).read_bytes()))
    process.start()


if __name__ == "__main__":
    ask(*sys.argv[1:])
