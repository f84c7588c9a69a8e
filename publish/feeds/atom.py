"""A feed as Atom (RFC 4287). Pure."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from publish.feeds.feed import Entry, Feed
from stemwatch.text import without_controls

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(feed: Feed) -> bytes:
    """The document."""
    root = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": feed.language})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.about)
    _text(root, "updated", _moment(feed.updated))
    _text(SubElement(root, "author"), "name", "Stemwatch")
    links = {
        "self": feed.url,
        "alternate": feed.page,
        "first": feed.first,
        "next": feed.following,
        "previous": feed.previous,
    }
    for relation, href in links.items():
        if href:
            SubElement(root, "link", rel=relation, href=href)
    for entry in feed.entries:
        _entry(SubElement(root, "entry"), entry)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(element: Element, entry: Entry) -> None:
    element.set("xml:lang", entry.language)
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", _moment(entry.published))
    _text(element, "updated", _moment(entry.updated))
    SubElement(element, "link", rel="alternate", href=entry.url)
    if entry.original:
        SubElement(element, "link", rel="via", href=entry.original)
    for tag in entry.tags:
        SubElement(element, "category", term=tag)
    _text(element, "content", entry.html).set("type", "html")


def _text(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = without_controls(text)
    return element


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
