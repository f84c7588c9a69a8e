"""Every place of many phrases in a text, in one pass whatever their number.

How a phrase is written: a blank stands for a blank or any one sign between two words, a `*` at the end of a word
for any ending. A word begins and ends where its script says so: Chinese and Japanese know no such places; a Korean
word may have particles behind it, and before it other words written without a blank when a `*` stands there.
"""

import re
from collections.abc import Callable, Sequence

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation

from stemwatch.folding import HAN, HANGUL, Folded, folded_phrase

Place = tuple[int, int, int]
"""Start and end in the folded text, and the number of the phrase."""

_WORD = re.compile(rf"\*?[{HANGUL}][^\s*]*\*?|[^\s*]+\*?")
_HAN_END = re.compile(rf"[{HAN}]\*")
_OPEN, _CLOSED, _ENDING = None, "", "*"
_ANY = "[^ ]*"


class Phrase(msgspec.Struct, frozen=True):
    """A phrase as it is looked for: `head`, its letters up to the first `*`, and what must follow.

    `tail` is None when anything may follow, empty when a word must end there, `*` for any ending of the word, else
    a pattern.
    """

    head: str
    tail: str | None


def understood(phrase: str) -> Phrase:
    """Reads a phrase; raises ValueError saying what is wrong with it."""
    words = phrase.replace("-", " ").split()
    if not words or not all(_WORD.fullmatch(word) for word in words):
        raise ValueError("is not a phrase (words, each with at most one * at its end)")
    if any("*" in word and not any(map(str.isalnum, word)) for word in words):
        raise ValueError("is not a phrase (a word has neither letter nor digit)")
    if _HAN_END.search(phrase):
        raise ValueError("is not a phrase (Chinese and Japanese have no endings for a *)")
    head, *parts = map(folded_phrase, " ".join(words).removeprefix("*").split("*"))
    if not parts:
        head = head.rstrip()
    if any(not part.strip() for part in (head, *parts[:-1])):
        raise ValueError("is not a phrase (a word has neither letter nor digit)")
    inside = phrase.startswith("*") or re.match(f"[{HAN}]", head)
    return Phrase(head if inside else f" {head.lstrip()}", _tail(head, parts))


def _tail(head: str, parts: Sequence[str]) -> str | None:
    end = _CLOSED if not re.search(f"[{HAN}{HANGUL}]$", parts[-1].rstrip() if parts else head) else _OPEN
    if not parts:
        return end
    if parts == [""]:
        return _ENDING
    middle = "".join(_ANY + re.escape(part) for part in parts[:-1])
    last = _ANY + re.escape(parts[-1].rstrip())
    return middle + last + ("" if parts[-1] and end is _OPEN else "(?= )")


class Engine:
    """Phrases made ready for looking. Where two lie over each other, the one that begins first counts, then the
    longest: it hides all that begins within it. Of two that find the same words, the one given first counts.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        found = [understood(phrase) for phrase in phrases]
        self.heads = [phrase.head for phrase in found]
        self.bounds = [int(head.startswith(" ")) for head in self.heads]
        self._tails = [_follower(phrase.tail) for phrase in found]
        self._automaton = AhoCorasick(self.heads, implementation=Implementation.ContiguousNFA) if found else None

    def scan(self, text: Folded) -> list[tuple[int, int, int]]:
        """The library's bare answer: number, start and end of every head, overlapping."""
        return self._automaton.find_matches_as_indexes(text.text, overlapping=True) if self._automaton else []

    def places(self, text: Folded, counts: Sequence[object]) -> list[Place]:
        """Places of the phrases whose number is not None in `counts`, in reading order, none within another."""
        return _outermost(self._all(text, counts))

    def layers(self, text: Folded, layers: Sequence[Sequence[object]]) -> list[list[Place]]:
        """As `places`, for several ways of counting at once: phrases of one layer hide none of another."""
        found = self._all(text, range(len(self.heads)))
        return [_outermost([place for place in found if layer[place[2]] is not None]) for layer in layers]

    def _all(self, text: Folded, counts: Sequence[object]) -> list[Place]:
        """Start, end counted backwards so that the longest sorts first, and number."""
        folded, tails, bounds = text.text, self._tails, self.bounds
        found = []
        for number, start, end in self.scan(text):
            if counts[number] is None:
                continue
            tail = tails[number]
            if tail is _CLOSED:
                if folded[end] != " ":
                    continue
            elif tail is _ENDING:
                end = folded.index(" ", end)
            elif not (tail is _OPEN or isinstance(tail, str)):
                match = tail(folded, end)
                if not match:
                    continue
                end = match.end()
            found.append((start + bounds[number], -end, number))
        return found


def _outermost(found: list[Place]) -> list[Place]:
    found.sort()
    places, free = [], 0
    for start, end, number in found:
        if start >= free:
            free = -end
            places.append((start, free, number))
    return places


def _follower(tail: str | None) -> "Callable[[str, int], re.Match[str] | None] | str | None":
    """The pattern of a tail made ready; the three simple tails as they are."""
    return re.compile(tail).match if tail and tail != _ENDING else tail
