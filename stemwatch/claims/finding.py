"""Every marketing claim of a text, where it stands and how it is meant."""

from collections.abc import Iterable, Sequence

from stemwatch.claims.drafting import Drafting
from stemwatch.claims.lexicon import Words
from stemwatch.claims.lexicon import words as own_words
from stemwatch.claims.passages import read
from stemwatch.claims.records import CATEGORIES, Category, Claim, Grade
from stemwatch.claims.sentences import Sentence
from stemwatch.claims.stance import Draft, settled

_EDGE = " \t\r\n\x0b\x0c\x85\u00a0\u2028\u2029,;:–—-"
_WHOLE = 400


def claims(text: str, words: Words | None = None) -> tuple[Claim, ...]:
    """Every claim in reading order; `words` is another lexicon than the project's own.

    The quote is the sentence, or the clause where a sentence says things of different grades. One clause makes a
    claim of one category about one disease once.
    """
    reading = read(text, words or own_words())
    drafts = settled(list(Drafting(reading).drafts()), reading.frames)
    placed = _placed(text, reading.sentences, drafts)
    ordered = sorted(placed.items(), key=lambda item: (item[0][0], CATEGORIES.index(item[0][2])))
    quotes = {place: text[slice(*place)] for place in {key[:2] for key in placed}}
    return tuple(
        Claim(
            category=category,
            grade=draft.grade,
            quote=quotes[start, end],
            start=start,
            end=end,
            disease=draft.disease,
            product=draft.product,
            route=draft.route,
            why=draft.why,
        )
        for (start, end, category, *_), draft in ordered
    )


Key = tuple[int, int, Category, Grade, str, str, str]


def _placed(text: str, sentences: Sequence[Sentence], drafts: Iterable[Draft]) -> dict[Key, Draft]:
    """Each draft once where its quote stands: the sentence when all its claims are meant alike and it is short."""
    grades: dict[int, set[Grade]] = {}
    for draft in drafts:
        grades.setdefault(draft.sentence, set()).add(draft.grade)
    placed: dict[Key, Draft] = {}
    for draft in drafts:
        sentence = sentences[draft.sentence]
        alike = len(grades[draft.sentence]) == 1 and sentence.end - sentence.start <= _WHOLE
        start, end = (sentence.start, sentence.end) if alike else (draft.start, draft.end)
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        if start < end:
            key = (start, end, draft.category, draft.grade, draft.disease, draft.product, draft.route)
            placed.setdefault(key, draft)
    return placed
