"""Names of clinics and people, found in a text however their words are spelt and joined. Pure.

A spelling is near when each word is: equal up to four letters, one letter off up to eight, two letters off beyond
(left out, put in, replaced, or two exchanged), with the same first letter and the same digits. A name of several
words is found as one word, too, and a name of one word as two.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from cleanco import basename
from rapidfuzz import process
from rapidfuzz.distance import OSA

from stemwatch.matching import Document
from stemwatch.tokens import tokens

_EXACT_UP_TO, _ONE_OFF_UP_TO = 4, 8
_JOINED = 6
"""From this length on, a name is looked for with its words joined or parted."""
_DIGITS = re.compile(r"\D+")


class Name:
    """A name to look for, as its owner wrote it and as it is looked for. `forms` are rows of words that stand for
    it; `parted` is its only word, or empty."""

    def __init__(self, printed: str, called: str = "") -> None:
        self.printed = printed
        called = called or printed
        words = tuple(tokens(basename(called)) or tokens(called))
        joined = "".join(words)
        self.forms = [words]
        if len(words) > 1 and len(joined) >= _JOINED:
            self.forms.append((joined,))
        self.parted = joined if len(words) == 1 and len(joined) >= _JOINED else ""

    def spelling(self, document: Document) -> str | None:
        """How the name is spelt where it stands first in `document`, in folded words; None when it does not."""
        exact = " ".join(self.forms[0])
        if any(f" {exact} " in line for line in document.lines.values()):
            return exact
        for found in (*self._near(document), *self._parts(document)):
            return found
        return None

    def _near(self, document: Document) -> Iterator[str]:
        for form in self.forms:
            spellings = [near(word, document.vocabulary) for word in form]
            if not all(spellings):
                continue
            for sequence in document.sequences.values():
                yield from _rows(sequence, spellings)

    def _parts(self, document: Document) -> Iterator[str]:
        for place in range(1, len(self.parted)):
            row = f"{self.parted[:place]} {self.parted[place:]}"
            if any(f" {row} " in line for line in document.lines.values()):
                yield row


def _rows(sequence: Sequence[str], spellings: Sequence[Collection[str]]) -> Iterator[str]:
    """Words in a row of which each is one of its spellings."""
    length = len(spellings)
    for start, word in enumerate(sequence):
        if word in spellings[0]:
            row = sequence[start : start + length]
            if len(row) == length and all(map(_within, row, spellings)):
                yield " ".join(row)


def _within(word: str, spellings: Collection[str]) -> bool:
    return word in spellings


def allowance(word: str) -> int:
    """How many letters a spelling of `word` may be off."""
    return 0 if len(word) <= _EXACT_UP_TO else 1 if len(word) <= _ONE_OFF_UP_TO else 2


def near(word: str, vocabulary: Collection[str]) -> frozenset[str]:
    """The words of `vocabulary` that are near spellings of `word`."""
    most = allowance(word)
    if not most:
        return frozenset({word} & set(vocabulary))
    found = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=None)
    return frozenset(other for other, _, _ in found if _alike(word, other))


def _alike(word: str, other: str) -> bool:
    return word[0] == other[0] and _DIGITS.sub("", word) == _DIGITS.sub("", other)


def as_printed(spelling: str, texts: Collection[str]) -> str:
    """The folded words of `spelling` as a text prints them; folded where no text has them unaccented."""
    pattern = re.compile(r"[\W_]+".join(map(re.escape, spelling.split())), re.IGNORECASE)
    for text in texts:
        if match := pattern.search(text):
            return match.group()
    return spelling


class Spellings:
    """The words of many names, and which of them another word may stand for."""

    def __init__(self, words: Collection[str]) -> None:
        self.words = frozenset(words)
        self._shelves: dict[tuple[str, int], list[str]] = {}
        for word in self.words:
            self._shelves.setdefault((word[0], len(word)), []).append(word)

    def of(self, word: str) -> Iterator[str]:
        """The words of which `word` is a near spelling."""
        for length in range(max(1, len(word) - 2), len(word) + 3):
            shelf = self._shelves.get((word[0], length), ())
            most = allowance("x" * length)
            if not most:
                yield from {word} & set(shelf)
                continue
            for other, _, _ in process.extract(word, shelf, scorer=OSA.distance, score_cutoff=most, limit=None):
                if _alike(other, word):
                    yield other
