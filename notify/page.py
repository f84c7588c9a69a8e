"""A message as a mail: its HTML and its text, short enough that no mail program hides a part. Pure."""

from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

import css_inline
import jinja2

from notify import plaintext
from notify.content import Content
from notify.frame import Frame
from notify.item import Item
from notify.told import KEPT, Told, told

MOST_BYTES = 70_000
"""HTML and text together; in base64, which is the longer of the two ways they are sent, a mail of under 100 KB.

Gmail hides what comes after the first 102 KB.
"""
FOOT_BYTES = 4_000
"""Kept free for what is said to one subscriber alone."""
REST_BYTES = 1_500
"""Kept free for what stands around the titles."""

ITEMS, FOOT = "<!-- items -->", "<!-- foot -->"
# Fetched words are escaped: none of them can be one of these marks.


class Page(NamedTuple):
    """A mail without its foot, for everybody who gets this content; FOOT is where it goes in the HTML."""

    html: str
    text: str


class Part(NamedTuple):
    """The same thing in both forms."""

    html: str
    text: str

    @property
    def size(self) -> int:
        return len(self.html.encode()) + len(self.text.encode())


@lru_cache(KEPT)
def page(content: Content, frame: Frame) -> Page:
    """The content as a mail. `frame` is a shared one."""
    return _Paper(told(content, frame), frame).page()


def html_foot(frame: Frame) -> str:
    return _fragment("foot.html", lines=plaintext.foot_lines(frame), links=plaintext.foot_links(frame))


class _Paper:
    """Lays one content out: everything in full if it fits, else the first items and the titles of the others."""

    def __init__(self, content: Told, frame: Frame) -> None:
        self.told = content
        self.phrases = frame.words.phrases
        language = frame.language
        self.around = _inliner().inline(_html("page.html", told=content, phrases=self.phrases, language=language))
        self.head = plaintext.head_text(content)
        self.coverage = plaintext.coverage_text(content, self.phrases)

    def page(self) -> Page:
        parts = self._parts()
        html = self.around.replace(ITEMS, "".join(part.html for part in parts))
        return Page(html, plaintext.joined((self.head, *(part.text for part in parts), self.coverage)))

    def _parts(self) -> list[Part]:
        items = [
            (section.heading if number == 0 else "", item)
            for section in self.told.sections
            for number, item in enumerate(section.items)
        ]
        fixed = Part(self.around, self.head + self.coverage).size
        room = max(MOST_BYTES - FOOT_BYTES - fixed, 0)
        cards = self._cards(items, room)
        if len(cards) == len(items):
            return cards
        cards = cards[: _fitting(cards, room // 2)]
        return [*cards, self._rest([item for _, item in items[len(cards) :]], room - room // 2)]

    def _cards(self, items: list[tuple[str, Item]], room: int) -> list[Part]:
        """Items in full, from the first, as many as there is room for."""
        cards: list[Part] = []
        for heading, item in items:
            text = plaintext.joined(
                (plaintext.heading(heading) if heading else "", plaintext.item_text(item, self.phrases))
            )
            cards.append(Part(_fragment("item.html", heading=heading, item=item, phrases=self.phrases), text))
            room -= cards[-1].size
            if room < 0:
                return cards[:-1]
        return cards

    def _rest(self, items: list[Item], room: int) -> Part:
        """The titles of the other items, and how many have no room even so."""
        rows = []
        room -= REST_BYTES
        for item in items:
            rows.append(_row(item))
            room -= rows[-1].size
            if room < 0:
                rows.pop()
                break
        left = len(items) - len(rows)
        more = self._more(left) if left else ""
        html = _fragment(
            "rest.html", rows=[row.html for row in rows], more=more, told=self.told, phrases=self.phrases
        )
        titles = (plaintext.heading(self.phrases.short), "\n".join(row.text for row in rows)) if rows else ()
        return Part(html, plaintext.joined((*titles, more, self.told.rest_url if more else "")))

    def _more(self, left: int) -> str:
        if self.told.rest_url:
            return self.phrases.more.format(n=left)
        return self.phrases.more_command.format(n=left, command=self.told.command)


def _fitting(parts: list[Part], room: int) -> int:
    """How many of the first parts fit."""
    return sum(size <= room for size in accumulate(part.size for part in parts))


def _row(item: Item) -> Part:
    html = _html("row.html", item=item, title=plaintext.row_title(item), about=plaintext.row_about(item))
    return Part(html, plaintext.row_text(item))


def _fragment(template: str, **words: object) -> str:
    return _inliner().inline_fragment(_html(template, **words), _style())


def _html(template: str, **words: object) -> str:
    return _templates().get_template(template).render(css=_style(), **words)


@cache
def _style() -> str:
    return (files("notify") / "templates" / "style.css").read_text(encoding="utf-8")


@cache
def _inliner() -> css_inline.CSSInliner:
    """The rules for the dark scheme stay in a <style>: they cannot stand in an element."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("notify"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
