"""Responses and cells as HTML, and values that no regulator prints."""

import re

from lxml import etree, html
from lxml.html import HtmlElement
from scrapy.http import Response

from stemwatch.documents.html import inline as inline
from stemwatch.documents.html import pieces as pieces
from stemwatch.documents.html import text as text
from stemwatch.documents.html import text_lines as text_lines
from stemwatch.text import without_controls

# The default parser silently drops what lies deeper than 256 elements.
_DEEP = html.HTMLParser(huge_tree=True)

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


def parsed(response: Response) -> HtmlElement | None:
    """The response as an HTML document; None when it holds none.

    Regulators' pages are UTF-8 and say so; bytes that are not are shown as such, not guessed at.
    """
    try:
        return html.document_fromstring(response.body.decode("utf-8", "replace"), parser=_DEEP)
    except (etree.ParserError, ValueError):
        return None


def fragment(cells: list[str]) -> list[HtmlElement]:
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
    found = _UNLIKELY.search(raw)
    return f"{found.group()!r} in {raw[:60]!r}" if found else ""
