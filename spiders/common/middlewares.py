"""Downloader middlewares: robots.txt as a binding rule, and evidence of every answer."""

import logging
from typing import TYPE_CHECKING, cast

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from spiders.common.stop import Stop

if TYPE_CHECKING:
    from spiders.common.crawl import Crawl
    from spiders.common.spider import NoticeSpider

logger = logging.getLogger(__name__)


def _spider(crawler: Crawler) -> "NoticeSpider":
    return cast("Crawl", crawler.spider).notices


class BindingRobots(RobotsTxtMiddleware):
    """robots.txt, taken more seriously than Scrapy does.

    Scrapy reads a robots.txt that cannot be had as "everything is allowed", and parses Crawl-delay without
    keeping it. Here the first ends the crawl, and the second raises the pause between requests.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, ProtegoRobotParser] = {}

    async def robot_parser(self, request: Request) -> ProtegoRobotParser:
        host = urlparse_cached(request).netloc
        if host not in self._rules:
            self._rules[host] = await self._read(request, host)
        return self._rules[host]

    async def _read(self, request: Request, host: str) -> ProtegoRobotParser:
        url = f"{urlparse_cached(request).scheme}://{host}/robots.txt"
        meta = {"dont_obey_robotstxt": True, "no_capture": True}
        robots = await self.crawler.engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))
        refusal = _spider(self.crawler).refusal(robots)
        if refusal:
            raise Stop("blocked", refusal)
        # RFC 9309: "not found" allows everything; any other failure must be read as "disallow".
        if robots.status not in (200, 404, 410):
            raise Stop("unreachable", f"{url} answered {robots.status}, so nothing may be fetched.")
        body = robots.body if robots.status == 200 else b""
        self._keep_delay(body)
        return ProtegoRobotParser(body, self.crawler.spider)

    def _keep_delay(self, body: bytes) -> None:
        asked = Protego.parse(body.decode("utf-8", "replace")).crawl_delay(self._robotstxt_useragent or "*")
        settings = self.crawler.settings
        if asked is None or settings.getbool("STEMWATCH_HURRIED") or asked <= settings.getfloat("DOWNLOAD_DELAY"):
            return
        logger.info("robots.txt asks for %s s between requests", asked)
        downloader = self.crawler.engine.downloader
        for key, slot in downloader.slots.items():
            slot.delay = asked
            # A slot that was idle for a minute is made anew from these.
            downloader.per_slot_settings[key] = {"delay": asked, "concurrency": 1}


class Evidence:
    """Keeps every answer as it travelled. Stands below decompression; the spider's bundle does the writing."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Evidence":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        spider = _spider(self.crawler)
        spider.requests += 1
        if response.status != 304 and not request.meta.get("no_capture"):
            request.meta["capture"] = spider.keep(request, response)
        return response
