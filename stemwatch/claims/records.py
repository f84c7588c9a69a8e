"""What a claim is: a marketing statement of a kind that regulators have acted on."""

from typing import Literal, get_args

import msgspec

from stemwatch.words import Product, Route

Category = Literal[
    "disease",
    "safety",
    "superiority",
    "testimonial",
    "regulatory_status",
    "research",
    "mechanism",
    "product",
    "route",
    "offer",
]
"""`disease`: treats or cures one; `offer`: price or urgency."""

Grade = Literal["asserts", "suggests", "negates", "quotes", "warns"]
"""How it is said: outright, as a hint, denied, as the words of others, as a danger."""

CATEGORIES: tuple[Category, ...] = get_args(Category)
GRADES: tuple[Grade, ...] = get_args(Grade)


class Precedent(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that acted on the like: `quote` is what stands at `start` to `end` of its stored text."""

    notice: str
    quote: str
    start: int
    end: int


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One statement: `quote` is what stands at `start` to `end` of the text. `disease` is a term like MeSH's."""

    category: Category
    grade: Grade
    quote: str
    start: int
    end: int
    disease: str = ""
    product: Product | Literal[""] = ""
    route: Route | Literal[""] = ""
    why: str = ""
