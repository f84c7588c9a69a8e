"""HTML to text, and values that no regulator prints."""

import re
from collections.abc import Iterator

from lxml import etree, html
from lxml.html import HtmlElement
from w3lib.encoding import http_content_type_encoding

from spiders.common.fetching import Response, header
from stemwatch.text import clean, clean_lines, without_controls

# Elements that a browser puts on lines of their own.
_BLOCKS = frozenset(
    """address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav
    ol p pre section table tbody td tfoot th thead tr ul""".split()
)
_HIDDEN = frozenset(("script", "style", "noscript", "template", "iframe", "svg"))

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


def text_lines(elements: Iterator[HtmlElement] | list[HtmlElement]) -> str:
    """The visible text of elements, one paragraph a line."""
    return clean_lines("".join(piece for element in elements for piece in pieces(element)))


def text(element: HtmlElement | None) -> str:
    """The visible text of one element on one line; empty for None."""
    return clean("".join(pieces(element))) if element is not None else ""


def pieces(root: HtmlElement) -> Iterator[str]:
    """Text in document order, with a line break around blocks, without the text behind `root`.

    Iterative: hostile pages nest deeply.
    """
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start" and element.tag in _HIDDEN:
            walk.skip_subtree()
            continue
        edge = "\n" if element.tag in _BLOCKS else " " if element.tag in _HIDDEN else ""
        if event == "start":
            yield edge + inline(element.text)
        else:
            yield edge + (inline(element.tail) if element is not root else "")


def inline(value: str | None) -> str:
    """Line breaks in the source are white space to a reader."""
    return value.replace("\n", " ").replace("\r", " ") if value else ""


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
