"""A message as Slack's Block Kit, in as many posts as its limits ask for: numbered, with nothing left out. Pure.

The limits are those of docs.slack.dev/reference/block-kit. Fetched words are escaped; `verbatim` keeps Slack from
finding channels, people and addresses in them.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from notify import plaintext
from notify.content import Content
from notify.frame import Frame
from notify.item import Fact, Item, Link
from notify.told import KEPT, Section, Told, told
from notify.wording import Phrases, quiet, short

BLOCKS = 50
TEXT = 3_000
HEADER = 150
BUTTON = 75
URL = 3_000
POST = 12_000
"""Characters of all texts of one post; over some 13,000, Slack answers `msg_blocks_too_long`."""

Block = dict[str, Any]


@lru_cache(KEPT)
def posts(content: Content, frame: Frame) -> tuple[Block, ...]:
    """The payloads without their foot, for everybody who gets this content. `frame` is a shared one."""
    shown, phrases = told(content, frame), frame.words.phrases
    packed = _packed([*_head(shown), *_bodies(shown, phrases), *_coverage(shown, phrases)])
    title = shown.title or _name(next(shown.items))
    title = f"{phrases.test}: {title}" if frame.test else title
    return tuple(
        _post(title, shown.subject, blocks, _number(phrases, part, len(packed)))
        for part, blocks in enumerate(packed, 1)
    )


def with_foot(shared: tuple[Block, ...], frame: Frame) -> tuple[Block, ...]:
    """The payloads with what is said to this subscriber alone, at the end of the last."""
    links = "   ".join(_link(link.url, link.label) for link in plaintext.foot_links(frame))
    lines = [*map(escaped, plaintext.foot_lines(frame)), *([links] if links else [])]
    foot = {"type": "context", "elements": [_marked(text) for text in _texts(lines)]}
    *others, last = shared
    return (*others, {**last, "blocks": [*last["blocks"], foot]})


def escaped(text: str) -> str:
    """Words that stay words: Slack's control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _post(title: str, subject: str, blocks: list[Block], number: str) -> Block:
    room = HEADER - len(number)
    header = {"type": "plain_text", "text": short(quiet(title), room) + number, "emoji": False}
    return {
        "text": escaped(short(subject, 2 * HEADER) + number),
        "blocks": [{"type": "header", "text": header}, *blocks],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _number(phrases: Phrases, part: int, parts: int) -> str:
    return f" ({phrases.part.format(part=part, parts=parts)})" if parts > 1 else ""


def _name(item: Item) -> str:
    issuer = f" — {short(item.issuer, HEADER // 2)}" if item.issuer else ""
    return short(item.title, HEADER - len(issuer) - 20) + issuer


def _head(shown: Told) -> list[list[Block]]:
    return [_sections(map(escaped, shown.lead))]


def _bodies(shown: Told, phrases: Phrases) -> Iterator[list[Block]]:
    for section in shown.sections:
        for number, item in enumerate(section.items):
            yield [*(_heading(section) if number == 0 else ()), *_item(item, phrases)]


def _heading(section: Section) -> list[Block]:
    return _sections([f"*{escaped(section.heading)}*"]) if section.heading else []


def _item(item: Item, phrases: Phrases) -> list[Block]:
    """One notice: what happened, the facts, why the reader gets it, and buttons that lead on."""
    title = _link(item.url, item.title) if item.url and len(item.url) + len(item.title) < TEXT // 6 else ""
    lines = [
        f"*{title}*" if title else escaped(item.title),
        f"*{escaped(item.headline)}* · {escaped(item.issuer)}",
        *([escaped(item.late)] if item.late else ()),
        *(f"• {escaped(event)}" for event in item.events),
        " · ".join(f"{fact.label}: {escaped(fact.value)}" for fact in item.facts if not fact.url),
        *(f"{fact.label}: {_linked(fact)}" for fact in item.facts if fact.url),
        *(f"> {sign} {escaped(line)}" for sign, line in item.diff),
        *([escaped(item.diff_left)] if item.diff_left else ()),
        f"*{escaped(phrases.why)}*",
        *(f"• {escaped(why)}" for why in (item.label, *item.reasons, *item.why)),
        *([] if 0 < len(item.url) <= URL else [f"{escaped(phrases.address)}: {escaped(item.address)}"]),
        escaped(item.caveat),
    ]
    letter = Link(phrases.read.format(thing=item.thing), item.url)
    return [*_sections(lines), *_buttons([letter, *item.pages])]


def _linked(fact: Fact) -> str:
    return _link(fact.url, fact.value) if len(fact.url) < TEXT // 6 else escaped(f"{fact.value} {fact.url}")


def _buttons(links: Iterable[Link]) -> Iterator[Block]:
    """Links of a length that Slack takes; a longer one stands in the text."""
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": short(quiet(link.label), BUTTON), "emoji": False},
            "url": link.url,
        }
        for link in links
        if 0 < len(link.url) <= URL
    ]
    if buttons:
        yield {"type": "actions", "elements": buttons}


def _coverage(shown: Told, phrases: Phrases) -> list[list[Block]]:
    if not shown.coverage:
        return []
    lines = [f"• {escaped(source.name)}: {escaped(source.fares)}" for source in shown.coverage]
    return [[block] for block in _sections([f"*{escaped(phrases.checked)}*", *lines])]


def _link(url: str, label: str) -> str:
    """Slack ends a link's address at the first of these three."""
    address = url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C").replace("&", "&amp;")
    return f"<{address}|{escaped(label)}>"


def _sections(lines: Iterable[str]) -> list[Block]:
    return [{"type": "section", "text": _marked(text)} for text in _texts(lines)]


def _marked(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _texts(lines: Iterable[str]) -> list[str]:
    """Lines put together to texts within the limit; a longer line goes on in the next text."""
    texts: list[str] = []
    for line in lines:
        for piece in _pieces(line):
            if texts and len(texts[-1]) + 1 + len(piece) <= TEXT:
                texts[-1] += f"\n{piece}"
            else:
                texts.append(piece)
    return texts


def _pieces(line: str) -> Iterator[str]:
    """Parts of a line within the limit, no entity cut. A link stands in a short line, so it is never cut."""
    while len(line) > TEXT:
        cut = line.rfind(" ", TEXT // 2, TEXT) + 1 or TEXT
        entity = line.rfind("&", cut - 5, cut)
        if entity >= 0 and ";" not in line[entity:cut]:
            cut = entity
        yield line[:cut]
        line = line[cut:]
    if line:
        yield line


def _packed(groups: Iterable[list[Block]]) -> list[list[Block]]:
    """Groups of blocks that stay together, put into posts; each post has room left for its header and a foot."""
    packed: list[list[Block]] = [[]]
    size = 0
    for group in groups:
        for blocks in [group] if len(group) <= BLOCKS // 2 and _size(group) <= POST // 2 else ([b] for b in group):
            if packed[-1] and (len(packed[-1]) + len(blocks) > BLOCKS - 2 or size + _size(blocks) > POST - TEXT):
                packed.append([])
                size = 0
            packed[-1] += blocks
            size += _size(blocks)
    return packed


def _size(blocks: list[Block]) -> int:
    """Characters of their texts; addresses of buttons count, too."""
    texts = (block["text"]["text"] for block in blocks if block["type"] == "section")
    buttons = (button for block in blocks if block["type"] == "actions" for button in block["elements"])
    return sum(map(len, texts)) + sum(len(button["url"]) + len(button["text"]["text"]) for button in buttons)
