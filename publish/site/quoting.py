"""The words of a notice around what counts in them. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stemwatch.relevance import Reason
from stemwatch.text import visible
from stemwatch.wording import plain

AROUND = 110
"""Characters shown on each side of a phrase, less what would cut a word."""
TOGETHER = 6
"""Phrases that one passage shows at most."""
LONGEST = 300
"""Characters of one phrase that are shown."""
MARKS = ("\x02", "\x03")
"""Stand around the words that a search found; no stored text holds them."""
_MARKED = re.compile("\x02([^\x02\x03]*)\x03")


class Part(NamedTuple):
    """A piece of a quotation; `marked` when it is what counts."""

    text: str
    marked: bool = False


class Passage(NamedTuple):
    """A quotation of one field with all that counts in it; without parts when the place is not known."""

    field: str
    parts: tuple[Part, ...]
    phrases: tuple[str, ...]
    why: tuple[str, ...]


def snippet(found: str) -> tuple[Part, ...]:
    """A search's snippet, its words found between `MARKS`."""
    pieces = _MARKED.split(found)
    return tuple(Part(_line(text), bool(n % 2)) for n, text in enumerate(pieces) if text)


def passages(reasons: Iterable[Reason], fields: Mapping[str, str]) -> list[Passage]:
    """What the reasons rest on, weightiest first; phrases that stand close together share a passage."""
    groups: list[list[Reason]] = []
    for reason in reasons:
        open_groups = (group for group in groups if len(group) < TOGETHER)
        near = next((group for group in open_groups if any(_near(reason, other) for other in group)), None)
        if near:
            near.append(reason)
        else:
            groups.append([reason])
    return [_passage(group, fields.get(group[0].field, "")) for group in groups]


def _near(one: Reason, other: Reason) -> bool:
    if one.field != other.field or not (one.end and other.end):
        return False
    return one.start - AROUND <= other.end and other.start - AROUND <= one.end


def _passage(group: list[Reason], text: str) -> Passage:
    places = _joined(sorted((reason.start, reason.end) for reason in group if reason.end))
    return Passage(
        field=group[0].field,
        parts=tuple(_parts(text, places)) if places and places[-1][1] <= len(text) else (),
        phrases=tuple(dict.fromkeys(reason.phrase[:LONGEST] for reason in group)),
        why=tuple(dict.fromkeys(reason.why for reason in group)),
    )


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places without overlaps."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _parts(text: str, places: list[tuple[int, int]]) -> Iterator[Part]:
    first, last = places[0][0], places[-1][1]
    before, after = text[max(0, first - AROUND) : first], text[last : last + AROUND]
    pieces = [(f"… {before.partition(' ')[2]}" if first > AROUND else before, False)]
    at = first
    for start, end in places:
        pieces += [(text[at:start], False), (text[start : min(end, start + LONGEST)], True)]
        at = end
    pieces.append((f"{after.rpartition(' ')[0]} …" if last + AROUND < len(text) else after, False))
    return (Part(_line(piece), marked) for piece, marked in pieces if piece)


def _line(text: str) -> str:
    """`plain`, but the blanks at both ends stay: they part the words of neighbouring pieces."""
    text = visible(text)
    inner = plain(text)
    return f"{' ' * text[:1].isspace()}{inner}{' ' * text[-1:].isspace()}" if inner else " "
