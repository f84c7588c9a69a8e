"""Scrapy's side of a crawl: its entry, its downloads, and its failures in our words."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.web.client import ResponseFailed

from spiders.common.stop import Stop, Unusable

if TYPE_CHECKING:
    from spiders.common.spider import NoticeSpider

FAILURES = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    ResponseFailed,
    ConnectionError,
    TimeoutError,
)


class Crawl(Spider):
    """What Scrapy runs: one source's spider, request by request."""

    none: ClassVar[tuple[Request, ...]] = ()
    """What `start` hands to Scrapy's scheduler: an async generator must yield something."""

    def __init__(self, notices: "NoticeSpider") -> None:
        super().__init__(notices.source.name)
        self.notices = notices

    async def start(self) -> AsyncIterator[Any]:
        """Scrapy's entry."""
        self.notices.download = self.download
        await self.notices.run()
        for request in self.none:
            yield request

    async def download(self, url: str, **request: Any) -> Response:
        """One polite request. Stop when robots.txt forbids it, Unusable when there is no whole answer."""
        try:
            return await self.crawler.engine.download_async(Request(url, dont_filter=True, **request))
        except IgnoreRequest as error:
            raise explain(error, url) from None
        except FAILURES as error:
            raise Unusable("unreachable", f"{url} gave no whole answer: {type(error).__name__}.") from None


def explain(error: IgnoreRequest, url: str) -> Exception:
    """An IgnoreRequest of Scrapy's own middlewares in our words."""
    if str(error) == "Forbidden by robots.txt":
        return Stop("blocked", f"robots.txt does not allow {url}.")
    return Unusable("layout_changed", f"{url} answered with more than may be read.")
