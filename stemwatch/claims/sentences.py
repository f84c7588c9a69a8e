"""Plain text taken apart: paragraphs, headings, list items, and the sentences in them, each with its place.

A line break ends a sentence unless the line was only broken for want of room: the next one goes on in small
letters, or its first word would not have fitted into the widest line of the paragraph.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import msgspec

Kind = Literal["prose", "heading", "item"]

LONGEST = 1_000
"""Characters after which a text without any end of a sentence is cut, so that hostile text stays cheap."""

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_MARK = re.compile(
    r"\s*(?:[•●▪◦‣∙·\uf0a7\uf0b7*✓✔➤►■□○–—-]|\(?\d{1,2}[.)]|o(?=\s))\s+|\s*[•●▪◦‣∙\uf0a7\uf0b7✓✔➤►■□○]"
)
_MARKS_WITHIN = re.compile(r"[•●▪◦‣\uf0a7\uf0b7✓✔➤►■□]|(?<=\s)o(?=\s{2,})|(?<=\s{2})o(?=\s)")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？．]+[」』”]*|;(?=\s)|；")
_SHORT = re.compile(
    r"(?:^|[\s(\"“])(?:[A-Za-z]|Dr|Mr|Mrs|Ms|Prof|St|vs|Inc|Ltd|Co|Corp|Jr|Sr|e\.g|i\.e|U\.S|U\.K|al|approx|ca|"
    r"fig|sec|z\.B|bzw|ggf|Sra|Sr|Dra|art|ex)\.\Z"
)
_LEADING = re.compile(r"[:：][\"'”’»)\]]*\Z")
_ENDED = re.compile(r"[.!?;…。！？；][\"'”’»)\]」』]*\Z")
_WORD = re.compile(r"\S+")
_HEADING, _PHRASE = 90, 30
# Lines that are broken for want of room have a width between these.
_NARROWEST, _WIDEST = 30, 140


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, heading or list item at `start` to `end`.

    `block` numbers paragraphs and items; `lead` is the number of the sentence that introduces its list, else -1.
    """

    start: int
    end: int
    kind: Kind
    block: int
    lead: int = -1


class _Block(msgspec.Struct):
    """Lines that belong together. `gap` says that an empty line stands before it; `width` is that of the widest
    line so far, `line` where the last one begins."""

    start: int
    end: int
    marked: bool
    gap: bool
    width: int
    line: int


def sentences(text: str) -> list[Sentence]:
    """Every sentence in reading order; none overlaps another."""
    found: list[Sentence] = []
    lead, marked, opened = -1, False, False
    for number, block in enumerate(_blocks(text)):
        body = text[block.start : block.end]
        introduces = bool(_LEADING.search(body))
        ended = introduces or bool(_ENDED.search(body))
        if block.marked and opened and not marked:
            lead = len(found) - 1
        short = len(body) <= _HEADING and not ended
        listed = block.marked or (lead >= 0 and short and not (marked and block.gap))
        marked = listed and (marked or block.marked)
        kind: Kind = "item" if listed else "heading" if short else "prose"
        lead = lead if listed else -1
        found += [
            Sentence(start=start, end=end, kind=kind, block=number, lead=lead)
            for start, end in _pieces(text, block.start, block.end)
        ]
        opened = not block.marked and not ended
        if introduces or kind == "heading":
            lead, marked = _introduction(found), False
    return found


def _introduction(found: list[Sentence]) -> int:
    """The number of the sentence that introduces what follows: not `For example:`, but the one before it."""
    last = found[-1]
    before = len(found) > 1 and found[-2].block == last.block and last.end - last.start <= _PHRASE
    return len(found) - (2 if before else 1)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines, and what a mark within a line begins, without the white space around them."""
    for match in _LINE.finditer(text):
        marks = (mark.start() for mark in _MARKS_WITHIN.finditer(text, *match.span()))
        for start, end in pairwise((match.start(), *marks, match.end())):
            yield from _trimmed(text, start, end)


def _blocks(text: str) -> Iterator[_Block]:
    block = None
    for start, end in _lines(text):
        mark = _MARK.match(text, start, end)
        gap = block is None or text.count("\n", block.end, start) > 1
        if block and not gap and not mark and _goes_on(text, block, start, end):
            block.width = max(block.width, end - start)
        else:
            if block:
                yield block
            width = 0 if gap or block is None else block.width
            block = _Block(mark.end() if mark else start, end, bool(mark), gap, max(width, end - start), start)
        block.line, block.end = start, end
    if block:
        yield block


def _goes_on(text: str, block: _Block, start: int, end: int) -> bool:
    """Whether a line continues the block's last one."""
    length = block.end - block.line
    if _LEADING.search(text, max(block.line, block.end - 4), block.end):
        return False
    if text[start].islower() or text[start] in ",;)":
        return True
    width = max(block.width, end - start)
    if width > _WIDEST:
        return length > _WIDEST and not _ENDED.search(text, max(block.line, block.end - 4), block.end)
    word = _WORD.match(text, start, min(end, start + width + 1))
    return length > _NARROWEST and length + 1 + (word.end() - start if word else 0) > width


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a block."""
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() <= begin or _within(text, begin, stop):
            continue
        yield from _cut(text, begin, stop.end())
        begin = stop.end()
    yield from _cut(text, begin, end)


def _within(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether a full stop ends an abbreviation, not a sentence."""
    if stop.group() != ".":
        return False
    after = text[stop.end() : stop.end() + 3].lstrip("\n\t (\"'“")
    if after[:1].isdigit() and text[max(begin, stop.start() - 3) : stop.start()].lower().endswith(("no", "nos")):
        return True
    return after[:1].islower() or bool(_SHORT.search(text[max(begin, stop.end() - 9) : stop.end()]))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """One sentence without the white space around it; several when it is too long to be one."""
    while end - start > LONGEST:
        blank = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        middle = blank if blank > 0 else start + LONGEST
        yield from _trimmed(text, start, middle)
        start = middle
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    body = text[start:end]
    if inner := body.strip():
        begin = start + body.index(inner[0])
        yield begin, begin + len(inner)
