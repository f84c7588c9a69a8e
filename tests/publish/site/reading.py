"""Pages as a reader's program takes them apart."""

from html.parser import HTMLParser
from itertools import pairwise

import urllib3

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Read(HTMLParser):
    """One page: its elements with their attributes, its links, ids, headings and visible words.

    AssertionError for elements that are not nested as they must be.
    """

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(answer.data.decode())
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            return
        self.words += data
        if self.headings and any(tag in ("h1", "h2", "h3", "h4") for tag in self._open):
            level, words = self.headings[-1]
            self.headings[-1] = (level, words + data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        return [link["href"] for link in self.all("a")]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def check(answer: urllib3.BaseHTTPResponse, most_bytes: int = 100_000) -> Read:
    """What every page must be: small, well nested, in order, labelled, and free of anything that could run."""
    assert len(answer.data) < most_bytes
    read = Read(answer)
    levels = [level for level, _ in read.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert len(read.ids) == len(set(read.ids))
    labelled = {label["for"] for label in read.all("label")}
    fields = [*read.all("input"), *read.all("select"), *read.all("textarea")]
    assert all(field["id"] in labelled for field in fields)
    for tag, attributes in read.elements:
        assert tag not in ("img", "iframe", "object", "embed", "style"), tag
        assert tag != "script" or attributes == {"type": "application/ld+json"}
        assert not any(name.startswith("on") or name == "style" for name in attributes), attributes
        for name in ("aria-describedby", "aria-labelledby"):
            assert set(attributes.get(name, "").split()) <= set(read.ids)
    assert all(link.startswith(("/", "#", "https://", "http://")) for link in read.links), read.links
    assert not set(read.words) & set("\u202e\u202c\u200b\x00")
    return read
