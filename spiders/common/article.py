"""A notice's page: its text by declared selectors, without banners and notes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
from lxml.html import HtmlElement

from spiders.common.dates import iso
from spiders.common.fetching import Response
from spiders.common.html import is_bot_page, parsed, text, text_lines, unlikely
from spiders.common.stop import Stop, Unusable
from stemwatch.records import Page

LONGEST_PAGE = 4 << 20


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """CSS selectors of a page's parts. `title` and `body` must be there; `strip` goes before anything is read.

    `fields` are further facts by name; an absent one is left out. `posted` is the day of publication, which `day`
    reads.
    """

    title: str
    body: str
    strip: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    posted: str = ""
    day: Callable[[str], date] = iso


def read_article(response: Response, page: Page, article: Article) -> Page:
    """`page` with the text and fields of an HTML page. Stop for a page that asks for a browser, Unusable when the
    parts of a notice are not there."""
    document = article_document(response)
    for selector in article.strip:
        for note in document.cssselect(selector):
            note.drop_tree()
    titles, bodies = document.cssselect(article.title), document.cssselect(article.body)
    if not titles or not bodies:
        missing = article.body if titles else article.title
        raise Unusable("layout_changed", f"{response.url} has no {missing}.")
    title = text(titles[0])
    if doubt := unlikely(title):
        raise Unusable("layout_changed", f"{response.url} has a title unlike any regulator's: {doubt}.")
    fields = {"title": title, **_facts(document, article.fields)}
    posted_on = _day(response, document, article)
    return msgspec.structs.replace(page, fields=fields, posted_on=posted_on, text=text_lines(outermost(bodies)))


def article_document(response: Response) -> HtmlElement:
    """The HTML of a notice's page; Stop or Unusable when it is none."""
    if len(response.body) > LONGEST_PAGE:
        size = f"{len(response.body):,} bytes"
        raise Unusable("layout_changed", f"{response.url} is {size} long, which no notice is.")
    if is_bot_page(response.body):
        raise Stop("blocked", f"{response.url} was answered with a page that asks for a browser.")
    document = parsed(response)
    if document is None:
        raise Unusable("layout_changed", f"{response.url} is no page.")
    return document


def outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Elements without those that lie within another of them, whose text would come twice."""
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


def _day(response: Response, document: HtmlElement, article: Article) -> date | None:
    """The day of publication that a page prints; None when it prints none. Unusable for what is no day."""
    found = document.cssselect(article.posted) if article.posted else []
    try:
        return article.day(text(found[0])) if found else None
    except ValueError as error:
        raise Unusable("layout_changed", f"{response.url} gives no day of publication: {error}.") from None


def _facts(document: HtmlElement, selectors: dict[str, str]) -> dict[str, str]:
    found: dict[str, Any] = {name: document.cssselect(selector) for name, selector in selectors.items()}
    return {name: "; ".join(map(text, elements)) for name, elements in found.items() if elements}
