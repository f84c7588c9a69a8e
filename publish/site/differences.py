"""What an edit replaced, word by word where lines were only reworded. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, islice, zip_longest
from typing import Literal, NamedTuple

from stemwatch.text import visible

MOST_WORDS = 400
"""A longer line is shown as replaced whole: comparing its words costs the square of their number."""
ALIKE = 0.5
LONGEST = 1_500
"""Characters of one piece that are shown."""


class Piece(NamedTuple):
    """Words that stayed, came (`ins`) or went (`del`)."""

    kind: Literal["same", "ins", "del"]
    text: str


class Difference(NamedTuple):
    """Lines of pieces, and how many more lines there are that are not shown."""

    lines: tuple[tuple[Piece, ...], ...]
    more: int


def difference(diff: Sequence[str], most: int) -> Difference:
    """The lines of a unified diff without context; at most `most` characters, or one longer line."""
    shown: list[tuple[Piece, ...]] = []
    room = most
    every = _lines(diff)
    for line in every:
        size = sum(len(piece.text) for piece in line)
        if room <= 0 or (shown and size > room):
            return Difference(tuple(shown), 1 + sum(1 for _ in every))
        room -= size
        shown.append(line)
    return Difference(tuple(shown), 0)


def _lines(diff: Iterable[str]) -> Iterator[tuple[Piece, ...]]:
    for is_head, hunk in groupby(diff, key=lambda line: line.startswith("@@")):
        if is_head:
            continue
        lines = list(hunk)
        gone = [line[1:] for line in lines if line.startswith("-")]
        new = [line[1:] for line in lines if line.startswith("+")]
        for old, now in zip_longest(gone, new):
            yield from _pair(old, now)


def _pair(old: str | None, new: str | None) -> Iterator[tuple[Piece, ...]]:
    if old is not None and new is not None:
        before, after = old.split(), new.split()
        if max(len(before), len(after)) <= MOST_WORDS:
            matcher = SequenceMatcher(None, before, after, autojunk=False)
            if matcher.ratio() >= ALIKE:
                yield tuple(_words(matcher, before, after))
                return
    if old is not None:
        yield (_piece("del", old),)
    if new is not None:
        yield (_piece("ins", new),)


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
    seen = "".join(islice(visible(text), LONGEST + 1))
    return Piece(kind, seen if len(seen) <= LONGEST else f"{seen[:LONGEST]} …")
