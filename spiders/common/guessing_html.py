"""Where the rows of a web page lie, and where the words of a notice's page: guessed from what repeats."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import msgspec
from lxml import etree, html
from lxml.html import HtmlElement

from spiders.common.article import Article
from spiders.common.html import text

FEWEST_ROWS = 3
MOST_KINDS = 300
SHORTEST_UNSPACED = 6
LONGEST_TITLE = 400
LINKS = ("h2 a[href]", "h3 a[href]", "h4 a[href]", "a[href]")
BODIES = ("article", "main", '[role="main"]', "#content", "body")
ROOTS = ("main", '[role="main"]', "body")


class Rows(msgspec.Struct, frozen=True):
    """Rows of a page by selector, the selector of the link within each, and where they lead; `marker` is on the
    page whether it has rows or not."""

    selector: str
    marker: str
    link: str
    elements: tuple[HtmlElement, ...]
    links: tuple[str, ...]

    def day(self, form_of: Callable[[Sequence[str]], str]) -> tuple[str, str]:
        """Selector and form of the element that gives each row its day; empty where none does."""
        for selector in dict.fromkeys(filter(None, map(_selector, self.elements[0].iterdescendants()))):
            found = [row.cssselect(selector) for row in self.elements]
            if all(found) and (form := form_of([text(elements[0]) for elements in found])):
                return selector, form
        return "", ""


def document_of(body: bytes) -> HtmlElement | None:
    """A page's document; None when it is none."""
    try:
        return html.document_fromstring(body.decode("utf-8", "replace"))
    except (etree.ParserError, ValueError):
        return None


def rows_of(document: HtmlElement) -> Rows | None:
    """The most numerous elements of one kind that each hold a link of their own with words; None when there are
    fewer than three."""
    roots = [(found[0], name) for name in ROOTS if (found := document.cssselect(name))]
    if not roots:
        return None
    root, within = roots[0]
    marker = f"{within} h1" if root.cssselect("h1") else within
    kinds = islice(dict.fromkeys(_kinds(root, within)), MOST_KINDS)
    found = [rows for kind in kinds if (rows := _rows(document, kind, marker))]
    return max(found, key=lambda rows: len(rows.links), default=None)


def _kinds(root: HtmlElement, within: str) -> Iterator[str]:
    """Selectors of what may be rows: elements by tag and class, then by that of their parents, too."""
    elements = [(element, own) for element in root.iterdescendants() if (own := _selector(element))]
    yield from (f"{within} {own}" for _, own in elements)
    for element, own in elements:
        parent = element.getparent()
        yield f"{within} > {own}" if parent is root else f"{within} {_selector(parent)} > {own}"


def _rows(document: HtmlElement, kind: str, marker: str) -> Rows | None:
    elements = document.cssselect(kind)
    for link in LINKS:
        links = [_link(element, link) for element in elements]
        if len(set(links)) >= FEWEST_ROWS and len(set(links)) == len(elements) and "" not in links:
            return Rows(kind, marker, link, tuple(elements), tuple(links))
    return None


def _link(element: HtmlElement, selector: str) -> str:
    """Where the first link of a row leads, when it has words a title is made of."""
    found = element.cssselect(selector)
    return found[0].get("href") or "" if found and reads_as_title(text(found[0])) else ""


def reads_as_title(words: str) -> bool:
    """Whether these may be a title: several words, or as many signs of a script that writes without blanks."""
    several = " " in words or (len(words) >= SHORTEST_UNSPACED and not words.isascii())
    return several and len(words) < LONGEST_TITLE


def _selector(element: HtmlElement) -> str:
    """Tag and first class of an element that may be a row; empty for comments."""
    if not isinstance(element.tag, str):
        return ""
    classes = [
        name for name in (element.get("class") or "").split() if name.replace("-", "").replace("_", "").isalnum()
    ]
    return f"{element.tag}.{classes[0]}" if classes else element.tag


def article_of(documents: Sequence[HtmlElement]) -> Article | None:
    """Selectors that fit all of these pages."""

    def fitting(selectors: Sequence[str]) -> Iterator[str]:
        return (one for one in selectors if all(document.cssselect(one) for document in documents))

    title, body = next(fitting(("h1", "h2", "title")), ""), next(fitting(BODIES), "")
    return Article(title=title, body=body) if documents and title and body else None
