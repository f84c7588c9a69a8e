"""Answers from elsewhere: a mirror of the sites, or a recorded moment. Addresses stay the real ones."""

import json
from pathlib import Path
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import canonicalize_url


class MirrorHandler(HTTP11DownloadHandler):
    """Sends every request for https://HOST/PATH to MIRROR/HOST/PATH."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._mirror = crawler.settings["STEMWATCH_MIRROR"].rstrip("/") + "/"

    async def download_request(self, request: Request) -> Response:
        local = request.replace(url=self._mirror + request.url.split("://", 1)[1])
        response: Response = await super().download_request(local)
        return response.replace(url=request.url)


class ReplayHandler(BaseDownloadHandler):
    """Answers from a recorded moment: a folder with `moment.json` and one file a response.

    `moment.json` lists `responses` of `url`, `status` (200 when left out), `headers` (by default the type that the
    file's ending means) and `file` (a path below the folder). A second request with a matching ETag gets 304; what
    was not recorded is 404.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._folder = Path(crawler.settings["STEMWATCH_REPLAY"])
        moment = json.loads((self._folder / "moment.json").read_text(encoding="utf-8"))
        self._responses = {canonicalize_url(entry["url"]): entry for entry in moment["responses"]}

    async def download_request(self, request: Request) -> Response:
        entry = cast("dict[str, Any]", self._responses.get(canonicalize_url(request.url), {"status": 404}))
        headers = Headers(entry.get("headers") or type_of(entry.get("file", "")))
        asked = request.headers.get("If-None-Match")
        if asked and asked == headers.get("ETag"):
            return Response(request.url, status=304)
        body = (self._folder / entry["file"]).read_bytes() if "file" in entry else b""
        kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return kind(request.url, status=entry.get("status", 200), headers=headers, body=body)


TYPES = {
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=UTF-8",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
}


def type_of(file: str) -> dict[str, str]:
    """The headers by which a recorded file is sent when nothing else is said."""
    kind = TYPES.get(Path(file).suffix)
    return {"Content-Type": kind} if kind else {}
