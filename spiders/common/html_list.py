"""Lists that are web pages: rows by selector, follow-up pages by number or by link."""

from collections.abc import Iterable, Sequence
from typing import ClassVar
from urllib.parse import urljoin

from lxml.html import HtmlElement

from spiders.common.fetching import Response
from spiders.common.html import is_bot_page, parsed, text, unlikely
from spiders.common.listing import AnyRow, PagedSpider
from spiders.common.row import address
from spiders.common.stop import Stop, Unusable


class HtmlRow:
    """One row of a page, parsed destructively: elements are taken out of it by selector."""

    def __init__(self, element: HtmlElement, base: str, capture: str) -> None:
        self._element = element
        self.base = base
        self.capture = capture
        self.doubts: list[str] = []
        self.body = ""

    def take(self, selector: str) -> HtmlElement:
        """The first element of a CSS selector; KeyError when the row has none. It may be asked for its links."""
        found = self._element.cssselect(selector)
        if not found:
            raise KeyError(selector)
        found[0].drop_tree()
        return found[0]

    def text(self, selector: str, *, required: bool = True) -> str:
        """The visible text of an element on one line."""
        if not required and not self._element.cssselect(selector):
            return ""
        found = text(self.take(selector))
        if required and not found:
            raise ValueError(f"{selector} is empty")
        return found

    def title_link(self, selector: str = "a[href]") -> tuple[str, str]:
        """Words and absolute address of a link; the words are doubted when no regulator prints such."""
        link = self.take(selector)
        words = text(link)
        if not words:
            raise ValueError(f"{selector} is empty")
        self.doubts.extend(filter(None, [unlikely(words)]))
        return words, address(link.get("href") or "", self.base)

    def rest(self) -> str:
        """The visible text of all that was not taken, on one line."""
        found = text(self._element)
        self._element.clear()
        return found

    def leftover(self, ignored: Iterable[str]) -> set[str]:
        """Class (or tag) of each element whose words nobody took."""
        names = {
            (element.get("class") or str(element.tag)).split()[0]
            for element in self._element.iter()
            if isinstance(element.tag, str) and (element.text or "").strip()
        }
        return names - set(ignored)


class HtmlListSpider(PagedSpider):
    """Reads a list of web pages. `marker` must be on every page, even one without rows; `next_at` selects the link
    to the page that follows, where pages are not numbered."""

    rows_at: ClassVar[str]
    marker: ClassVar[str]
    next_at: ClassVar[str] = ""
    accept = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
    _next: str | None = None

    def page_url(self, number: int) -> str:
        return self.source.url

    def records(self, response: Response) -> Sequence[AnyRow]:
        document = list_page(response, self.marker)
        links = document.cssselect(self.next_at) if self.next_at else []
        self._next = address(links[0].get("href") or "", response.url) if links else None
        rows = html_rows(response, document, self.rows_at)
        if not rows and self._shows_known(document, response.url):
            raise Unusable("layout_changed", f"{response.url} shows known notices, but no {self.rows_at}.")
        return rows

    def _shows_known(self, document: HtmlElement, base: str) -> bool:
        """Whether a page links to notices that are known."""
        known = {notice.url for notice in self.known.notices.values()}
        return any(urljoin(base, link.get("href") or "") in known for link in document.iter("a"))

    def next_url(self, response: Response, rows: Sequence[AnyRow]) -> str | None:
        following = self._next if self.next_at else super().next_url(response, rows)
        return following if following != response.url else None


def list_page(response: Response, marker: str) -> HtmlElement:
    """The document of a list. Stop for a page that asks for a browser, Unusable when the marker is not there."""
    document = parsed(response)
    marked = document is not None and document.cssselect(marker)
    if not marked and is_bot_page(response.body):
        raise Stop("blocked", f"{response.url} was answered with a page that asks for a browser.")
    begun = response.body.lstrip()[:1] == b"<"
    if begun and b"</html" not in response.body[-4096:].lower():
        raise Unusable("unreachable", f"{response.url} came cut short.")
    if document is None or not marked:
        raise Unusable("layout_changed", f"{response.url} has no {marker}.")
    return document


def html_rows(response: Response, document: HtmlElement, selector: str) -> list[HtmlRow]:
    """The rows of a list's page."""
    capture = response.meta["capture"].sha256
    return [HtmlRow(element, response.url, capture) for element in document.cssselect(selector)]
