"""HTML to the text that a reader sees, one paragraph a line."""

import re
from collections.abc import Callable, Iterable, Iterator

from lxml import etree, html
from lxml.html import HtmlElement

from stemwatch.text import clean, clean_lines, without_controls

# Elements that a browser puts on lines of their own.
_BLOCKS = frozenset(
    """address article aside blockquote br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
    h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul""".split()
)
_HIDDEN = frozenset(("script", "style", "noscript", "template", "iframe", "svg"))

# Of a page: what leads elsewhere, what is typed into, what other media play.
_ASIDE = frozenset(("nav", "select", "datalist", "textarea", "object", "audio", "video", "canvas", "head"))
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)


def page(markup: str) -> tuple[str, str, bool]:
    """The title and the text of a whole page, without its menus and what it hides; both may be empty.

    The third is False when the page nests so deeply that only its beginning was read.
    """
    # The default parser silently drops what lies deeper than 256 elements.
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        root = html.document_fromstring(without_controls(markup, " ").encode(), parser=parser)
    except (etree.ParserError, ValueError):
        return "", "", True
    _hide_menus(root)
    title = clean(root.findtext("head/title") or "")
    whole = all(error.type_name != "ERR_RESOURCE_LIMIT" for error in parser.error_log)
    return title, clean_lines("".join(pieces(root, _unseen))), whole


def text_lines(elements: Iterable[HtmlElement]) -> str:
    """The visible text of elements, one paragraph a line."""
    return clean_lines("".join(piece for element in elements for piece in pieces(element)))


def text(element: HtmlElement | None) -> str:
    """The visible text of one element on one line; empty for None."""
    return clean("".join(pieces(element))) if element is not None else ""


def pieces(root: HtmlElement, unseen: Callable[[HtmlElement], bool] = lambda element: False) -> Iterator[str]:
    """Text in document order, with a line break around blocks, without the text behind `root`.

    What is in an element that is `unseen` is left out. Iterative: hostile pages nest deeply.
    """
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start" and (element.tag in _HIDDEN or unseen(element)):
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


def _unseen(element: HtmlElement) -> bool:
    values = element.attrib
    return (
        element.tag in _ASIDE
        or (element.tag == "dialog" and "open" not in values)
        or "hidden" in values
        or values.get("aria-hidden", "").strip().lower() == "true"
        or values.get("role", "").strip().lower() == "navigation"
        or bool(_INVISIBLE.search(values.get("style", "")))
    )


def _hide_menus(root: HtmlElement) -> None:
    """Hide the links of lists in headers and footers: they name other pages, and every page has them."""
    depth, links = 0, []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=("header", "footer", "li")):
        if element.tag != "li":
            depth += 1 if event == "start" else -1
        elif event == "start" and depth and _only_a_link(element):
            links.append(element)
    for element in links:
        element.set("hidden", "")


def _only_a_link(element: HtmlElement) -> bool:
    return (
        len(element) == 1
        and element[0].tag == "a"
        and not (element.text or "").strip()
        and not (element[0].tail or "").strip()
    )
