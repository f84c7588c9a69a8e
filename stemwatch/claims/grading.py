"""How a claim is meant: cues for denial, doubt, danger and the words of others, and how far they reach."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from stemwatch.claims.entries import STRENGTH, Break, Cue
from stemwatch.claims.lexicon import Found
from stemwatch.claims.records import Category, Grade
from stemwatch.claims.sentences import Sentence

_QUOTED = re.compile(r"[“„«「『](?:[^“”„«»「」『』\n]|\n(?!\s)){1,2000}[”“»」』]|\"(?:[^\"\n]|\n(?!\s)){1,2000}\"")
_Alike = tuple[Grade, tuple[Category, ...], str]

_ASKED = re.compile(r"[?？][\"'”’»)\]」』]*\Z")
_CLAUSE_SIGN = re.compile(r"\s[–—-]\s|—|[:：](?=\s)|、(?=しかし)")


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a sentence in which cues reach; `asked` when the sentence is a question."""

    start: int
    end: int
    sentence: int
    number: int
    asked: bool = False

    @property
    def key(self) -> tuple[int, int]:
        return self.sentence, self.number


def clauses(text: str, number: int, sentence: Sentence, said: Iterable[Found]) -> list[Clause]:
    """The clauses of a sentence, which begin at conjunctions and dashes."""
    cuts = {match.end() for match in _CLAUSE_SIGN.finditer(text, sentence.start, sentence.end)}
    for start, _, entry in said:
        if isinstance(entry, Break):
            cuts |= _cuts(text, start, sentence, entry)
    points = [sentence.start, *sorted(cut for cut in cuts if sentence.start < cut < sentence.end), sentence.end]
    asked = bool(_ASKED.search(text[max(sentence.start, sentence.end - 4) : sentence.end]))
    return [
        Clause(start=start, end=end, sentence=number, number=place, asked=asked)
        for place, (start, end) in enumerate(pairwise(points))
    ]


def _cuts(text: str, start: int, sentence: Sentence, entry: Break) -> set[int]:
    before = text[max(sentence.start, start - 3) : start].rstrip()
    if entry.where == "after_comma":
        return {start} if before.endswith((",", "，", "、")) else set()
    if entry.where == "until_comma":
        comma = text.find(",", start, sentence.end)
        return {start} if comma < 0 else {start, comma + 1}
    return {start}


class Grading:
    """All that cues of one text govern. Of cues alike only the one that reaches furthest is kept."""

    def __init__(self, text: str, sentences: Sequence[Sentence]) -> None:
        self._text = text
        self.sentences = sentences
        self._reaches: dict[tuple[int, int], dict[_Alike, tuple[int, int]]] = {}
        self._quoted = [match.span() for match in _QUOTED.finditer(text)]
        self._quote_starts = [start for start, _ in self._quoted]
        self._attributed: set[int] = set()
        self._attributing: set[int] = set()

    def add(self, clause: Clause, place: Found) -> None:
        """A cue that stands in a clause."""
        start, end, cue = place
        if cue.grade == "quotes":
            self._attribute(clause.sentence, start)
        match cue.reach:
            case "on":
                self._reach(clause.key, cue, start, clause.end)
            case "near":
                comma = self._text.find(",", end, clause.end)
                self._reach(clause.key, cue, start, comma if comma >= 0 else clause.end)
            case "back":
                self._reach(clause.key, cue, clause.start, start)
            case "clause":
                self._reach(clause.key, cue, clause.start, clause.end)
            case "sentence":
                sentence = self.sentences[clause.sentence]
                self._reach((clause.sentence, -1), cue, sentence.start, sentence.end)

    def lead(self, number: int, cues: Iterable[Cue]) -> None:
        """What the introduction of a list says holds for its item `number`."""
        for cue in cues:
            if cue.reach != "text":
                sentence = self.sentences[number]
                self._reach((number, -1), cue, sentence.start, sentence.end)

    def grade(self, clause: Clause, start: int, category: Category, least: Grade = "asserts") -> Grade:
        """How a claim at `start` is meant; `least` is what its own words say."""
        found = [least]
        for key in (clause.key, (clause.sentence, -1)):
            for (grade, spares, _), (first, last) in self._reaches.get(key, {}).items():
                if first <= start < last and category not in spares:
                    found.append(grade)
        if self._quoting(start) in self._attributed:
            found.append("quotes")
        if clause.asked:
            found.append("suggests")
        return max(found, key=STRENGTH.index)

    def _reach(self, key: tuple[int, int], cue: Cue, start: int, end: int) -> None:
        known = self._reaches.setdefault(key, {})
        alike = (cue.grade, cue.spares, cue.reach)
        first, last = known.get(alike, (start, end))
        known[alike] = (min(first, start), max(last, end))

    def _attribute(self, number: int, place: int) -> None:
        """Quoted passages that begin or end in the sentence are others' words, unless the cue stands in one."""
        if number in self._attributing or self._quoting(place) >= 0:
            return
        self._attributing.add(number)
        sentence = self.sentences[number]
        at = bisect_right(self._quote_starts, sentence.end) - 1
        while at >= 0 and self._quoted[at][1] > sentence.start:
            self._attributed.add(at)
            at -= 1

    def _quoting(self, place: int) -> int:
        """The number of the quotation in which a place stands, or -1."""
        at = bisect_right(self._quote_starts, place) - 1
        return at if at >= 0 and place < self._quoted[at][1] else -1
