"""What an edit replaced, word by word where lines were only reworded. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Literal, NamedTuple

from publish.site.sizes import weight
from stemwatch.text import visible

MOST_LINES = 2_000
"""Lines of a diff that are looked at; no page shows more."""
MOST_WORDS = 400
"""A longer line is shown as replaced whole: comparing its words costs the square of their number."""
ALIKE = 0.5
TAGS = 24
LONGEST = 1_500
"""Characters of one piece that are shown."""


class Piece(NamedTuple):
    """Words that stayed, came (`ins`) or went (`del`)."""

    kind: Literal["same", "ins", "del"]
    text: str


class Difference(NamedTuple):
    """Lines of pieces, and how many lines of the diff are not shown."""

    lines: tuple[tuple[Piece, ...], ...]
    more: int


def difference(diff: Sequence[str], most: int) -> Difference:
    """The lines of a unified diff without context: so many as take `most` bytes on a page, or one longer line."""
    shown: list[tuple[Piece, ...]] = []
    near, far = diff[:MOST_LINES], len(diff[MOST_LINES:])
    left = sum(not line.startswith("@@") for line in near) + far
    room = most
    for line, told in _lines(near):
        size = weight_of(line)
        if room <= 0 or (shown and size > room):
            break
        room -= size
        left -= told
        shown.append(line)
    return Difference(tuple(shown), left)


def weight_of(line: Iterable[Piece]) -> int:
    """Bytes that a line takes on a page, with the elements around its pieces."""
    return sum(weight(piece.text) + TAGS for piece in line)


def _lines(diff: Iterable[str]) -> Iterator[tuple[tuple[Piece, ...], int]]:
    """Each line as it is shown, with how many lines of the diff it tells."""
    for is_head, hunk in groupby(diff, key=lambda line: line.startswith("@@")):
        if is_head:
            continue
        lines = list(hunk)
        gone = [line[1:] for line in lines if line.startswith("-")]
        new = [line[1:] for line in lines if line.startswith("+")]
        for old, now in zip_longest(gone, new):
            yield from _pair(old, now)


def _pair(old: str | None, new: str | None) -> Iterator[tuple[tuple[Piece, ...], int]]:
    if old is not None and new is not None:
        before, after = old.split(), new.split()
        if max(len(before), len(after)) <= MOST_WORDS:
            matcher = SequenceMatcher(None, before, after, autojunk=False)
            if matcher.ratio() >= ALIKE:
                yield tuple(_words(matcher, before, after)), 2
                return
    if old is not None:
        yield (_piece("del", old),), 1
    if new is not None:
        yield (_piece("ins", new),), 1


def _words(matcher: "SequenceMatcher[str]", before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, start, end, there, until in matcher.get_opcodes():
        if kind == "equal":
            yield _piece("same", " ".join(before[start:end]))
            continue
        if start < end:
            yield _piece("del", " ".join(before[start:end]))
        if there < until:
            yield _piece("ins", " ".join(after[there:until]))


def _piece(kind: Literal["same", "ins", "del"], text: str) -> Piece:
    seen = visible(text[: LONGEST + 1])
    return Piece(kind, seen if len(text) <= LONGEST else f"{seen[:LONGEST]} …")
