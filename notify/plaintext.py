"""A message as plain text: what chats get, and the text part of mails. Pure."""

import textwrap
from collections.abc import Iterable, Iterator

from notify.frame import Frame
from notify.item import Item, Link
from notify.told import TITLE_LENGTH, Told
from notify.wording import Phrases, short
from stemwatch.wording import plain, web

WIDTH = 76
RULE = "--------"
OWN_LENGTH = 500
"""Characters of a subscription's name and note that are shown; both are the subscriber's own."""


def head_text(told: Told) -> str:
    """What stands above the items."""
    said = "\n".join(_wrap(line) for line in (told.title, *told.lead) if line)
    act = f"{_wrap(told.act.label)}:\n{told.act.url}" if told.act else ""
    return joined((said, act, _wrap(told.afterwards)))


def item_text(item: Item, phrases: Phrases) -> str:
    """One item in full."""
    return "\n".join(_item(item, phrases))


def row_text(item: Item) -> str:
    """One item in a line, with its address."""
    return "\n".join((_wrap(f"* {row_title(item)}: {row_about(item)}", 2), f"  {item.address}"))


def row_title(item: Item) -> str:
    return short(item.title, 2 * TITLE_LENGTH)


def row_about(item: Item) -> str:
    return f"{short(item.headline, TITLE_LENGTH)} · {short(item.stage, TITLE_LENGTH)}"


def coverage_text(told: Told, phrases: Phrases) -> str:
    """What was checked; nothing where the content is no digest."""
    if not told.coverage:
        return ""
    lines = (_wrap(f"* {source.name}: {source.fares}", 2) for source in told.coverage)
    return "\n".join((heading(phrases.checked), "", *lines))


def heading(words: str) -> str:
    return _wrap(f"==== {words} ====")


def foot_text(frame: Frame) -> str:
    """What is said to this subscriber alone."""
    links = (f"{link.label}: {link.url}" for link in foot_links(frame))
    return "\n".join((RULE, *(_wrap(line) for line in foot_lines(frame)), *links))


def foot_lines(frame: Frame) -> list[str]:
    """Why this subscriber gets the message, and from whom."""
    phrases = frame.words.phrases
    name, note = (short(plain(words), OWN_LENGTH) for words in (frame.subscription, frame.note))
    because = phrases.because.format(subscription=name) if name else ""
    if frame.public:
        because = phrases.because_public.format(site=plain(frame.site))
    return [line for line in (because, phrases.note.format(note=note) if note else "", phrases.sender) if line]


def foot_links(frame: Frame) -> list[Link]:
    phrases = frame.words.phrases
    links = (Link(phrases.unsubscribe, web(frame.unsubscribe)), Link(phrases.manage, web(frame.manage)))
    return [link for link in links if link.url]


def whole_text(told: Told, phrases: Phrases) -> str:
    """Everything but the foot, with nothing left out."""
    return joined((head_text(told), *_sections(told, phrases), coverage_text(told, phrases)))


def joined(parts: Iterable[str]) -> str:
    """The parts that say anything, an empty line between them."""
    return "\n\n".join(filter(None, parts))


def _sections(told: Told, phrases: Phrases) -> Iterator[str]:
    for section in told.sections:
        if section.heading:
            yield heading(section.heading)
        for number, item in enumerate(section.items):
            yield joined((RULE if number else "", item_text(item, phrases)))


def _item(item: Item, phrases: Phrases) -> Iterator[str]:
    yield from map(_wrap, filter(None, (item.headline, item.title, item.issuer, item.late)))
    yield from _bullets(item.events)
    yield ""
    for fact in item.facts:
        yield _wrap(f"{fact.label}: {fact.value}", 2)
        if fact.url:
            yield f"  {fact.url}"
    yield ""
    if item.diff:
        yield from (_wrap(f"{sign} {line}", 2) for sign, line in item.diff)
        yield item.diff_left + "\n" if item.diff_left else ""
    yield f"{phrases.why}:"
    yield from _bullets((item.label, *item.reasons, *item.why))
    yield ""
    yield f"{phrases.read.format(thing=item.thing) if item.url else phrases.address}:"
    yield item.address
    yield from (f"{page.label}: {page.url}" for page in item.pages)
    yield _wrap(item.caveat)


def _bullets(lines: Iterable[str]) -> Iterator[str]:
    return (_wrap(f"* {line}", 2) for line in lines)


def _wrap(text: str, indent: int = 0) -> str:
    if len(text) <= WIDTH:
        return text
    return textwrap.fill(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
