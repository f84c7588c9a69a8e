"""What stands in each clause of a text: words that claim, cues, parts, diseases, products and routes."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from stemwatch.claims.entries import Cue, Disease, Part, Role, Statement
from stemwatch.claims.grading import Clause, Grading, clauses
from stemwatch.claims.lexicon import Found, Words
from stemwatch.claims.records import Grade
from stemwatch.claims.sentences import Sentence, sentences
from stemwatch.words import Product, Route

# What a treatment may cost; fines and judgments have more digits, or say millions.
_AMOUNT = r"\d{1,3}(?:[,. \u00a0]?\d{3})?(?:[.,]\d\d)?(?![,.]?\d)"
_PRICE = re.compile(
    rf"(?:[$€£]|USD|EUR|GBP|AUD|CAD)[ \u00a0]?{_AMOUNT}(?!\s?(?:million|billion|m\b|bn\b))"
    rf"|(?<![\d.,]){_AMOUNT}[ \u00a0]?(?:USD|EUR|GBP|AUD|CAD|dollars|euros?|pounds|[€£])(?!\w)"
    r"|\d[\d,]{0,11}[万만]?\s?[円元원]"
)
_SHARE = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{1,2})?\s?(?:%|％|percent\b|per cent\b|por ciento\b|Prozent\b)")
# Praise with a name below it: “Best thing I ever did!” – Dana K.
_SIGNED = re.compile(
    r"[“\"„]((?:[^“”\"„\n]|\n(?!\s)){4,400})[”\"“]"
    r"\s{0,3}[–—~-]{1,2}\s?[A-Z][\w.’'-]{0,30}(?: [A-Z]|[,.]|\s*$)",
    re.MULTILINE,
)
_PRAISED = Statement(category="testimonial", why="gives praise with a name below it", phrases=("praise",))
_PRICED = Statement(category="offer", why="names a price", phrases=("price",))
_SHARED = Part(role="share", why="says how many", phrases=("percent",))


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """One clause and what was found in it: parts, diseases, products and routes with the place of the first."""

    clause: Clause
    sentence: Sentence
    statements: list[tuple[int, int, Statement]]
    cues: list[tuple[int, int, Cue]]
    parts: dict[Role, int]
    diseases: dict[str, int]
    products: dict[Product, int]
    routes: dict[Route, int]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A text as it was read."""

    text: str
    sentences: list[Sentence]
    passages: list[Passage]
    grading: Grading
    frames: dict[Grade, set[str]]


def read(text: str, words: Words) -> Reading:
    """Takes a text apart and finds every phrase, once."""
    said, diseases, products = words.find(text)
    said += [(*match.span(), _PRICED) for match in _PRICE.finditer(text)]
    said += [(*match.span(1), _PRAISED) for match in _SIGNED.finditer(text)]
    said += [(*match.span(), _SHARED) for match in _SHARE.finditer(text)]
    said.sort(key=lambda place: place[0])
    parts = sentences(text)
    grading = Grading(text, parts)
    queues = (_Queue(said), _Queue(diseases), _Queue(products))
    passages: list[Passage] = []
    frames: dict[Grade, set[str]] = {}
    cues: dict[int, list[Cue]] = {}
    for number, sentence in enumerate(parts):
        here, named, made = (queue.until(sentence.end) for queue in queues)
        cues[number] = [entry for *_, entry in here if isinstance(entry, Cue)]
        for start, end, entry in here:
            if isinstance(entry, Cue) and entry.reach == "text":
                frames.setdefault(entry.grade, set()).add(text[start:end].casefold())
        if sentence.lead >= 0:
            grading.lead(number, cues.get(sentence.lead, ()))
        if not (here or named or made or sentence.kind == "heading"):
            continue
        passages += _passages(clauses(text, number, sentence, here), sentence, here, named, made)
    for passage in passages:
        for cue in passage.cues:
            grading.add(passage.clause, cue)
    return Reading(text=text, sentences=parts, passages=passages, grading=grading, frames=frames)


class _Queue:
    """Places in reading order, taken sentence by sentence."""

    def __init__(self, places: Sequence[Found]) -> None:
        self._places = places
        self._next = 0

    def until(self, end: int) -> list[Found]:
        """The places before `end` that were not taken yet."""
        first = self._next
        while self._next < len(self._places) and self._places[self._next][0] < end:
            self._next += 1
        return list(self._places[first : self._next])


def _passages(
    parts: Sequence[Clause], sentence: Sentence, said: list[Found], diseases: list[Found], products: list[Found]
) -> Iterator[Passage]:
    queues = (_Queue(said), _Queue(diseases), _Queue(products))
    for clause in parts:
        here, named, made = (queue.until(clause.end) for queue in queues)
        here = list(_undone(here))
        yield Passage(
            clause=clause,
            sentence=sentence,
            statements=_of(here, Statement),
            cues=_of(here, Cue),
            parts=_first((entry.role, start) for start, _, entry in _of(here, Part)),
            diseases=_first((entry.term, start) for start, _, entry in _of(named, Disease)),
            products=_first((product, start) for start, _, entry in made for product in entry.products),
            routes=_first((route, start) for start, _, entry in made for route in entry.routes),
        )


def _undone(places: list[Found]) -> Iterator[Found]:
    """Without the dangers that a claim of safety before them rules out: `no risk of complications`."""
    safe = False
    for place in places:
        entry = place[2]
        safe = safe or (isinstance(entry, Statement) and entry.category == "safety")
        if not (safe and isinstance(entry, Cue) and entry.grade == "warns"):
            yield place


def _of(places: list[Found], kind: type[Any]) -> list[Any]:
    return [place for place in places if isinstance(place[2], kind)]


def _first(places: Iterator[tuple[Any, int]]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for name, start in places:
        found.setdefault(name, start)
    return found
