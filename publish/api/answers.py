"""Answers of the API: JSON, readable from every other website, failures as RFC 9457 has them."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from publish.api.shapes import Problem
from publish.site.asking import Answer, Asked
from publish.site.site import Site

JSON = "application/json"
PROBLEM = "application/problem+json"
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, RateLimit, RateLimit-Policy",
}
"""Any page of the web may read this, without anybody's cookies."""
_HELP = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address: /api/v1/openapi.json says what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This can only be read: ask with GET.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something failed on our side and was noted: try again in a minute.",
}


def answer(shape: msgspec.Struct, headers: Mapping[str, str] | None = None) -> Answer:
    """A shape as JSON."""
    return Answer(msgspec.json.encode(shape), JSON, headers={**SHARED, **(headers or {})})


def linked(following: str | None) -> dict[str, str]:
    """The header that leads to the next part of a list."""
    return {"Link": f'<{following}>; rel="next"'} if following else {}


def problem(site: Site, status: HTTPStatus, sentence: str) -> Answer:
    """A failure in the form that programs expect."""
    found = Problem("about:blank", status.phrase, status, sentence or _HELP.get(status, ""))
    return Answer(msgspec.json.encode(found), PROBLEM, status, headers=SHARED)


def allowed(asked: Asked) -> Answer:
    """The answer to a browser that asks whether a page of another site may ask (CORS preflight)."""
    headers = {
        **SHARED,
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
        "Access-Control-Max-Age": "86400",
        "Allow": "GET, HEAD, OPTIONS",
    }
    return Answer(status=HTTPStatus.NO_CONTENT, headers=headers)
