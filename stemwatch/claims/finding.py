"""Every marketing claim of a text, where it stands and how it is meant."""

from collections.abc import Iterable, Iterator, Sequence

from stemwatch.claims.entries import STRENGTH, Statement
from stemwatch.claims.lexicon import Words
from stemwatch.claims.lexicon import words as own_words
from stemwatch.claims.passages import Passage, Reading, read
from stemwatch.claims.records import CATEGORIES, Category, Claim, Grade
from stemwatch.claims.sentences import Sentence
from stemwatch.claims.stance import Draft, settled
from stemwatch.words import Product, Route

_EDGE = " \t\r\n\x0b\x0c\x85\u00a0\u2028\u2029,;:–—-"
_WHOLE = 400
# `Your symptoms` after a long list means none of it in particular.
_FEW = 3


def claims(text: str, words: Words | None = None) -> tuple[Claim, ...]:
    """Every claim in reading order; `words` is another lexicon than the project's own.

    The quote is the sentence, or the clause where a sentence says things of different grades. One clause makes a
    claim of one category about one disease once.
    """
    reading = read(text, words or own_words())
    drafts = settled(list(_Finder(reading).drafts()), reading.frames)
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


class _Finder:
    """Goes through the clauses once, knowing what was named before."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.text
        self.grading = reading.grading
        self.sentences = reading.sentences
        self.by_sentence: dict[int, list[Passage]] = {}
        for passage in reading.passages:
            self.by_sentence.setdefault(passage.clause.sentence, []).append(passage)
        self.product: Product | None = None
        self.route: Route | None = None
        self.heading_route: Route | None = None
        self.block = -1
        self.ours = True
        self.lately: list[str] = []

    def drafts(self) -> Iterator[Draft]:
        for passages in self.by_sentence.values():
            self._enter(passages)
            for passage in passages:
                self._topic(passage)
                yield from self._stated(passage)
                yield from self._treated(passage, passages)
                yield from self._offered(passage, passages)
                yield from self._told(passage, passages)
            if named := list(dict.fromkeys(term for passage in passages for term in passage.diseases)):
                self.lately = named

    def _enter(self, passages: list[Passage]) -> None:
        """What a sentence brings along: products stay until another is named, routes within their paragraph."""
        sentence = passages[0].sentence
        if sentence.block != self.block and sentence.lead < 0:
            self.route = None if sentence.kind == "heading" else self.heading_route
        self.block = sentence.block
        named = [product for passage in passages for product in passage.products]
        self.product = next(
            (product for product in named if product != "other"), self.product or next(iter(named), None)
        )
        if routes := [route for passage in passages for _, route in passage.routes]:
            self.route = routes[0]
        if sentence.kind == "heading":
            self.heading_route = self.route

    def _topic(self, passage: Passage) -> None:
        """Whether it is our kind of treatment that is spoken of."""
        if passage.products or "own" in passage.parts:
            self.ours = True
        elif "other" in passage.parts:
            self.ours = False
        elif passage.sentence.kind == "heading":
            self.ours = True

    def _draft(
        self, passage: Passage, category: Category, grade: Grade, why: str, disease: str = "", own: bool = False
    ) -> Draft:
        product = next((product for product in passage.products if product != "other"), self.product or "")
        route = passage.routes[0][1] if passage.routes else self.route or ""
        return Draft(
            category=category,
            grade=grade,
            start=passage.clause.start,
            end=passage.clause.end,
            sentence=passage.clause.sentence,
            own=own or "own" in passage.parts,
            disease=disease,
            product=product,
            route=route,
            why=why,
        )

    def _stated(self, passage: Passage) -> Iterator[Draft]:
        """Claims that stand in their own words, and cues that are claims as well."""
        for start, _, statement in passage.statements:
            if statement.category == "disease" or (statement.category == "mechanism" and not self.ours):
                continue
            grade = self.grading.grade(passage.clause, start, statement.category, statement.grade)
            yield self._draft(passage, statement.category, grade, statement.why)
        for start, _, cue in passage.cues:
            if cue.category:
                denied = cue.grade in ("negates", "warns")
                grade = cue.grade if denied else self.grading.grade(passage.clause, start, cue.category, cue.grade)
                yield self._draft(passage, cue.category, grade, cue.why)

    def _treated(self, passage: Passage, beside: list[Passage]) -> Iterator[Draft]:
        """A disease and what is said to be done about it."""
        if not self.ours:
            return
        bearer = passage if _predicates(passage) else self._bearer(passage, beside)
        if bearer is None:
            return
        terms = passage.diseases or self._meant(passage, beside)
        for term, place in terms.items():
            grade, why = self._grade(passage, bearer, place)
            yield self._draft(passage, "disease", grade, why, term)

    def _bearer(self, passage: Passage, beside: list[Passage]) -> Passage | None:
        """The clause before, or the introduction of the list, that says what is done about a named disease."""
        if not passage.diseases:
            return None
        before = beside[passage.clause.number - 1] if passage.clause.number else None
        if before and _predicates(before) and not before.diseases:
            return before
        if passage.sentence.lead >= 0:
            leading = self.by_sentence.get(passage.sentence.lead, [])
            return next((lead for lead in leading if _predicates(lead)), None)
        return None

    def _meant(self, passage: Passage, beside: list[Passage]) -> dict[str, int]:
        """The diseases of a clause that names none: those of its sentence, or those named last."""
        own = "own" in passage.parts or bool(passage.products) or "ailment" in passage.parts
        if all(statement.grade == "suggests" for _, _, statement in _predicates(passage)):
            return {}
        named = dict.fromkeys((term for other in beside for term in other.diseases), -1)
        if named:
            return named if own else {}
        if "ailment" in passage.parts:
            return dict.fromkeys(self.lately if 0 < len(self.lately) <= _FEW else [""], -1)
        return {}

    def _grade(self, passage: Passage, bearer: Passage, place: int) -> tuple[Grade, str]:
        """The most that any of the verbs says about a disease at `place`, -1 when it stands elsewhere."""
        said: list[tuple[Grade, str]] = []
        for start, _, statement in _predicates(bearer):
            least: Grade = "asserts" if "own" in bearer.parts else statement.grade
            grade = self.grading.grade(bearer.clause, start, "disease", least)
            if place >= 0:
                grade = self.grading.grade(passage.clause, place, "disease", grade)
            said.append((grade, statement.why))
        return min(said, key=lambda found: STRENGTH.index(found[0]))

    def _offered(self, passage: Passage, beside: list[Passage]) -> Iterator[Draft]:
        """The product and the route that are given."""
        active = any(other.parts.keys() & {"own", "given"} for other in beside)
        if active and passage.products and self.ours:
            grade = self.grading.grade(passage.clause, passage.product_at, "product")
            yield self._draft(passage, "product", grade, "names what is given and where it comes from")
        if passage.routes:
            grade = self.grading.grade(passage.clause, passage.routes[0][0], "route")
            yield self._draft(passage, "route", grade, "says how it gets into the body")

    def _told(self, passage: Passage, beside: list[Passage]) -> Iterator[Draft]:
        """Somebody who was treated, or a share of them, and how they fare."""
        if "outcome" not in passage.parts:
            return
        whose = next((role for role in ("patient", "share") if any(role in other.parts for other in beside)), None)
        if whose:
            grade = self.grading.grade(passage.clause, passage.parts["outcome"], "testimonial")
            yield self._draft(passage, "testimonial", grade, "tells how people fared who were treated")


def _predicates(passage: Passage) -> list[tuple[int, int, Statement]]:
    return [found for found in passage.statements if found[2].category == "disease"]
