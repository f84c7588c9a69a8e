"""What each clause claims, before the text is weighed as a whole."""

from collections.abc import Iterator

import msgspec

from stemwatch.claims.entries import STRENGTH, Role, Statement
from stemwatch.claims.passages import Passage, Reading
from stemwatch.claims.records import Category, Grade
from stemwatch.claims.stance import Draft
from stemwatch.words import Product, Route

# `Your symptoms` after a long list means none of it in particular.
_FEW = 5
# A story in a text about so few diseases is about one of them, wherever it stands.
_ABOUT = 2


class Drafting:
    """Goes through the clauses once, knowing what was named before."""

    def __init__(self, reading: Reading) -> None:
        self.grading = reading.grading
        self.by_sentence: dict[int, list[Passage]] = {}
        for passage in reading.passages:
            self.by_sentence.setdefault(passage.clause.sentence, []).append(passage)
        self.product: Product | None = None
        self.route: Route | None = None
        self.heading_route: Route | None = None
        self.block = -1
        self.ours = True
        self.named: dict[str, int] = {}
        self.roles: set[Role] = set()
        self.lately: list[str] = []
        self.lately_block = -1

    def drafts(self) -> Iterator[Draft]:
        for passages in self.by_sentence.values():
            self._enter(passages)
            self.named = dict.fromkeys((term for passage in passages for term in passage.diseases), -1)
            self.roles = {role for passage in passages for role in passage.parts}
            for passage in passages:
                self._topic(passage)
                yield from self._stated(passage)
                yield from self._treated(passage, passages)
                yield from self._offered(passage)
                yield from self._told(passage)
            self._remember(passages)

    def _remember(self, passages: list[Passage]) -> None:
        """The diseases named last; a row of questions (`Lupus? Lyme?`) is remembered together."""
        if not self.named:
            return
        sentence = passages[0].sentence
        asks = passages[0].clause.asked and sentence.block == self.lately_block
        self.lately = list(dict.fromkeys([*(self.lately if asks else ()), *self.named]))
        self.lately_block = sentence.block

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
        if routes := [route for passage in passages for route in passage.routes]:
            self.route = routes[0]
        if sentence.kind == "heading":
            self.heading_route = self.route

    def _topic(self, passage: Passage) -> None:
        """Whether it is our kind of treatment that is spoken of."""
        if passage.products or passage.parts.keys() & {"own", "means"}:
            self.ours = True
        elif "other" in passage.parts:
            self.ours = False
        elif passage.sentence.kind == "heading":
            self.ours = True

    def _draft(
        self, passage: Passage, category: Category, grade: Grade, why: str, disease: str = "", own: bool = False
    ) -> Draft:
        product = next((product for product in passage.products if product != "other"), self.product or "")
        route = next(iter(passage.routes), self.route or "")
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
        terms = passage.diseases or self._meant(passage)
        for term, place in terms.items():
            grade, why = self._grade(passage, bearer, place)
            yield self._draft(passage, "disease", grade, why, term)

    def _bearer(self, passage: Passage, beside: list[Passage]) -> Passage | None:
        """The clause before, or the introduction of the list, that says what is done about a named disease."""
        if not passage.diseases:
            return None
        before = beside[passage.clause.number - 1] if passage.clause.number else None
        if before and _predicates(before) and (not before.diseases or _only_named(before)):
            return before
        if passage.sentence.lead >= 0:
            leading = self.by_sentence.get(passage.sentence.lead, [])
            return next((lead for lead in leading if _predicates(lead)), None)
        return None

    def _meant(self, passage: Passage) -> dict[str, int]:
        """The diseases of a clause that names none: those of its sentence, or those named last."""
        if _only_named(passage):
            return {}
        own = bool(passage.products or passage.parts.keys() & {"own", "means"})
        if self.named:
            return self.named if own or passage.parts.keys() & {"ailment", "pronoun"} else {}
        if "ailment" in passage.parts or (own and self.lately_block == passage.sentence.block):
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

    def _offered(self, passage: Passage) -> Iterator[Draft]:
        """The products and the routes that are given."""
        if self.ours and self.roles & {"own", "given"}:
            for product, start in _exact(passage.products).items():
                grade = self.grading.grade(passage.clause, start, "product")
                draft = self._draft(passage, "product", grade, "names what is given and where it comes from")
                yield msgspec.structs.replace(draft, product=product)
        for route, start in passage.routes.items():
            grade = self.grading.grade(passage.clause, start, "route")
            draft = self._draft(passage, "route", grade, "says how it gets into the body")
            yield msgspec.structs.replace(draft, route=route)

    def _told(self, passage: Passage) -> Iterator[Draft]:
        """Somebody who was treated, or a share of them, and how they fare."""
        if "outcome" in passage.parts and self.roles & {"patient", "share"}:
            grade = self.grading.grade(passage.clause, passage.parts["outcome"], "testimonial")
            why = "tells how people fared who were treated"
            yield self._draft(passage, "testimonial", grade, why)
            near = self.lately if self.lately_block == passage.sentence.block or len(self.lately) <= _ABOUT else ()
            for term in list(self.named or near)[:_FEW]:
                yield self._draft(passage, "disease", grade, why, term)


def _exact(products: dict[Product, int]) -> dict[Product, int]:
    """Without `other` where something more exact is named."""
    return {product: start for product, start in products.items() if product != "other"} or products


def _only_named(passage: Passage) -> bool:
    """Whether nothing is said about a disease but that there is a treatment for it."""
    return all(statement.grade == "suggests" for _, _, statement in _predicates(passage))


def _predicates(passage: Passage) -> list[tuple[int, int, Statement]]:
    return [found for found in passage.statements if found[2].category == "disease"]
