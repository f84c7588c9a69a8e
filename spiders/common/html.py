"""Responses and cells as HTML, and values that no regulator prints."""

import re
from collections.abc import Sequence

from lxml import etree, html
from lxml.html import HtmlElement
from w3lib.encoding import http_content_type_encoding

from spiders.common.fetching import Response, header
from stemwatch.documents.html import inline as inline
from stemwatch.documents.html import pieces as pieces
from stemwatch.documents.html import text as text
from stemwatch.documents.html import text_lines as text_lines
from stemwatch.text import clean, clean_lines, without_controls

# The default parser silently drops what lies deeper than 256 elements.
_DEEP = html.HTMLParser(huge_tree=True)

LONGEST_BOT_PAGE = 64 << 10
_BOT_PAGE = re.compile(
    rb"bm-verify|_incapsula_|cf-chl|captcha|enable javascript (?:and cookies )?to|unusual traffic"
    rb"|<title>\s*(?:access denied|just a moment|attention required|request rejected|pardon our interruption)"
)

_LONGEST = 400
_UNLIKELY = re.compile(
    r"""
      [\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]      # control characters
    | [\u202a-\u202e\u2066-\u2069]                            # direction overrides, used to hide text
    | [\ud800-\udfff\ufffd]                                   # broken Unicode
    | </?(?:script|img|iframe|svg|style|object|embed)\b       # mark-up that no title carries
    | (?:^|>)\s*[=+@-]                                        # a formula
    | ['"]\s*\)\s*; | ;\s*--                                  # a statement
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What no regulator writes in any text, however long: it hides or runs something.
_HARMFUL = re.compile(
    r"""
      [\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]
    | [\u202a-\u202e\u2066-\u2069]
    | [\ud800-\udfff]
    | </?script\b
    | ^\s*[=+@-][\w.+*/-]{0,40}[(|]                           # a formula that calls something
    | ['"]\s*\)\s*;\s*\w                                     # a statement, and what follows it
    """,
    re.VERBOSE | re.IGNORECASE,
)


def parsed(response: Response) -> HtmlElement | None:
    """The response as an HTML document; None when it holds none.

    Regulators' pages are UTF-8, or their header names another charset; bytes that are not of it are shown as
    such, not guessed at.
    """
    charset = http_content_type_encoding(header(response, "Content-Type")) or "utf-8"
    try:
        return html.document_fromstring(response.body.decode(charset, "replace"), parser=_DEEP)
    except (etree.ParserError, ValueError):
        return None


def visible(markup: str) -> str:
    """The visible text, on one line, of what may carry mark-up."""
    return clean(visible_lines(markup)) if "<" in markup or "&" in markup else clean(markup)


def visible_lines(markup: str) -> str:
    """The visible text of what may carry mark-up, one paragraph a line."""
    if "<" not in markup and "&" not in markup:
        return clean_lines(markup)
    return text_lines([html.fragment_fromstring(without_controls(markup), create_parent="div", parser=_DEEP)])


def is_html(body: bytes) -> bool:
    """Whether a body is a web page, whatever its type says."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def is_bot_page(body: bytes) -> bool:
    """Whether a page asks for a browser instead of answering: short, and in words that such pages share."""
    return len(body) < LONGEST_BOT_PAGE and _BOT_PAGE.search(body.lower()) is not None


def fragment(cells: Sequence[str]) -> list[HtmlElement]:
    """Cells of mark-up, parsed together; one element a cell. ValueError when their mark-up breaks out."""
    parts = (f"<section>{without_controls(cell)}</section>" for cell in cells)
    document = html.document_fromstring("<div>" + "".join(parts) + "</div>")
    found = document.findall("body/div/section")
    if len(found) != len(cells):
        raise ValueError("mark-up breaks out of its cell")
    return list(found)


def unlikely(raw: str) -> str:
    """Why `raw` (text or mark-up) is not what a regulator prints as a title; empty when it may be."""
    if len(raw) > _LONGEST:
        return f"{len(raw):,} characters, {raw[:40]!r}..."
    return _told(_UNLIKELY, raw)


def harmful(raw: str) -> str:
    """Why `raw` is not what a regulator writes in any field; empty when it may be."""
    return _told(_HARMFUL, raw)


def _told(pattern: re.Pattern[str], raw: str) -> str:
    found = pattern.search(raw)
    return f"{found.group()!r} in {raw[:60]!r}" if found else ""
