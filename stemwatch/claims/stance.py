"""What is held of a text as a whole, and how that changes claims that are not told apart by their own words.

A list of what is done and from what (product, route, price) is a claim in a text that promises something, and
information in one that does not. A letter that speaks for a regulator, and the papers of a study, promise nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import msgspec

from stemwatch.claims.records import Category, Grade
from stemwatch.words import Product, Route

PROMISING: frozenset[Category] = frozenset(
    {"disease", "safety", "superiority", "testimonial", "regulatory_status", "research"}
)
DESCRIBING: frozenset[Category] = frozenset({"product", "route", "offer"})
_ENOUGH = 2
_OUTWEIGH = 3


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A claim before the whole text has been read. `own` says that the seller speaks of himself."""

    category: Category
    grade: Grade
    start: int
    end: int
    sentence: int
    own: bool = False
    disease: str = ""
    product: Product | Literal[""] = ""
    route: Route | Literal[""] = ""
    why: str = ""


def settled(drafts: Sequence[Draft], frames: Mapping[Grade, Collection[str]]) -> list[Draft]:
    """Drafts with the grades they have in the whole text. `frames` are the different cues of the reach `text`."""
    promised = _places(drafts, PROMISING, {"asserts"})
    doubted = _places(drafts, PROMISING, {"negates", "warns", "quotes"})
    least = _least(len(promised), len(doubted), frames)
    if least != "asserts":
        promised = set()
    return [_settled(draft, least, bool(promised), bool(doubted)) for draft in drafts]


def _places(drafts: Sequence[Draft], categories: Collection[Category], grades: Collection[Grade]) -> set[int]:
    """The sentences that hold such a draft."""
    return {draft.sentence for draft in drafts if draft.category in categories and draft.grade in grades}


def _least(promised: int, doubted: int, frames: Mapping[Grade, Collection[str]]) -> Grade:
    """The grade to which bare promises of this text are taken back."""
    grade = max(frames, key=lambda name: len(frames[name]), default=None)
    if grade and len(frames[grade]) >= _ENOUGH and _OUTWEIGH * len(frames[grade]) >= promised:
        return grade
    return "suggests" if doubted >= _OUTWEIGH and doubted >= _OUTWEIGH * promised else "asserts"


def _settled(draft: Draft, least: Grade, promises: bool, doubts: bool) -> Draft:
    if draft.grade != "asserts":
        return draft
    if draft.category in DESCRIBING and not (promises or draft.own):
        least = "suggests" if least == "asserts" else least
    if draft.category == "mechanism" and doubts and not promises and least == "asserts":
        least = "suggests"
    return msgspec.structs.replace(draft, grade=least)
