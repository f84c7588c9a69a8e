"""Feeds: RSS 0.9 to 2.0, RDF (RSS 1.0), Atom through feedparser, and JSON Feed in the same shape."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from spiders.common.dates import day_in
from spiders.common.fetching import Response, header
from spiders.common.html import is_html
from spiders.common.html_list import HtmlRow, html_rows, list_page
from spiders.common.json_body import read_json
from spiders.common.listing import ListSpider
from spiders.common.row import Row, path_of, secure
from spiders.common.stop import Stop, Unusable
from stemwatch.records import Listed

LONGEST_FEED = 8 << 20
# Ten lines of these can make gigabytes of text.
_ENTITY = re.compile(rb"<!ENTITY\s", re.IGNORECASE)
_END = re.compile(rb"</(?:\w+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)
# What feedparser adds to an entry: the same once more, parsed.
_DERIVED = ("links", "guidislink", "authors")


class FeedSpider(ListSpider):
    """Reads a feed, which is a window. `zone` is where the regulator's days begin and end.

    An entry is taken by the names that feedparser gives: id, link, title, published, updated, summary, content,
    tags (joined), author, and others as `prefix_element`.
    """

    zone: ClassVar[str] = "UTC"
    accept = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.8"

    async def read_front(self) -> None:
        response = await self.ask_first(self.source.url)
        if response is not None:
            self.take_all(self.entries(response))

    def key_of(self, url: str, identifier: str) -> str:
        """The raw identifier of an entry with this address and id."""
        return path_of(url)

    def address_of(self, link: str) -> str:
        """The notice's address, given that of its entry."""
        return secure(link)

    def parse_row(self, row: Row) -> Listed:
        """An entry as most feeds have it; `content` becomes the notice's text where no pages are read."""
        url, identifier = self.address_of(row.link("link")), row.text("id", required=False)
        published = row.text("published", required=False)
        updated = row.text("updated", required=False)
        summary, content = row.text("summary", required=False), row.lines("content", required=False)
        if self.source.pages == "none":
            row.body = content
        return self.listed(
            row,
            key=self.key_of(url, identifier),
            url=url,
            title=row.title(),
            posted_on=day_in(published or updated, self.zone),
            fields={"summary": summary, "topics": row.text("tags", required=False)},
        )

    def entries(self, response: Response) -> list[Row]:
        """The entries of a feed. Stop for a web page in its place, Unusable for what is cut short or none."""
        if is_html(response.body):
            raise Stop("blocked", f"{response.url} answered with an HTML page where a feed was due.")
        if len(response.body) > LONGEST_FEED:
            size = f"{len(response.body):,} bytes"
            raise Unusable("layout_changed", f"{response.url} is {size} long, which no feed is.")
        begins = response.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        values = self._json_entries(response) if begins == b"{" else self._xml_entries(response)
        capture = response.meta["capture"].sha256
        return [Row(entry, response.url, capture) for entry in values]

    def _xml_entries(self, response: Response) -> list[dict[str, Any]]:
        import feedparser

        plain = response.body.replace(b"\0", b"")
        if _ENTITY.search(plain):
            raise Unusable("layout_changed", f"{response.url} declares entities of its own, which no feed does.")
        parsed = feedparser.parse(
            response.body,
            response_headers={"content-type": header(response, "Content-Type")},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        whole = _END.search(plain[-1024:])
        version = parsed.get("version")
        if not version or not whole:
            begun = bool(version) or response.body[:1024].lstrip().startswith(b"<?xml")
            reason = "answered with a feed that ends early" if begun else "answered with what is no feed"
            raise Unusable("unreachable" if begun else "layout_changed", f"{response.url} {reason}.")
        if parsed.bozo:
            self._note_repair(response.url, parsed.bozo_exception)
        return [_values(entry) for entry in parsed.entries]

    def _note_repair(self, url: str, error: Exception) -> None:
        kind = type(error).__name__
        if kind == "NonXMLContentType":  # half the world's feeds are sent as text
            return
        wrong = (
            "is not in the charset it names" if kind == "CharacterEncodingOverride" else f"is malformed ({kind})"
        )
        self.notes[f"{url} {wrong}; it was repaired."] = None

    def _json_entries(self, response: Response) -> Iterator[dict[str, Any]]:
        data = read_json(response)
        if "jsonfeed.org" not in str(data.get("version")) or not isinstance(data.get("items"), list):
            raise Unusable("layout_changed", f"{response.url} answered with JSON that is no feed.")
        return map(_json_values, data["items"])


def _values(entry: Any) -> dict[str, Any]:
    """An entry's own elements; lists of one thing made texts."""
    values = {
        name: value
        for name, value in entry.items()
        if name not in _DERIVED and not name.endswith(("_detail", "_parsed"))
    }
    if "content" in values:
        values["content"] = "\n".join(part.get("value", "") for part in values["content"])
    if "tags" in values:
        values["tags"] = "; ".join(tag.get("label") or tag.get("term") or "" for tag in values["tags"])
    return values


class IndexedFeedSpider(FeedSpider):
    """Reads a feed whose site also has a list of web pages, which goes further back. `marker` must be on each of
    its pages; `rows_at` selects the rows."""

    marker: ClassVar[str]
    rows_at: ClassVar[str]

    @abstractmethod
    def index_url(self, number: int) -> str | None:
        """The address of a page of the list, the first being 0; None past its end."""

    async def read_back(self) -> None:
        await self.take_pages(self.index_url, self.index_rows, self.parse_index)

    def index_rows(self, response: Response) -> list[HtmlRow]:
        return html_rows(response, list_page(response, self.marker), self.rows_at)

    def parse_index(self, row: HtmlRow) -> Listed:
        """A row that gives title and address; the day may be on the notice's page."""
        title, url = row.title_link()
        return self.listed(row, key=self.key_of(url, ""), url=url, title=title)


# JSON Feed 1.1, by the names of feedparser.
_JSON_NAMES = {"url": "link", "date_published": "published", "date_modified": "updated"}


def _json_values(item: dict[str, Any]) -> dict[str, Any]:
    values = {_JSON_NAMES.get(name, name): value for name, value in item.items()}
    texts = [values.pop(name, "") for name in ("content_html", "content_text")]
    values["content"] = next(filter(None, texts), "")
    values["tags"] = "; ".join(values.get("tags") or ())
    values.pop("authors", None)
    return values
