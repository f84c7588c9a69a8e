"""Is a notice about stem cell, exosome or birth-tissue treatments? A label, a score, and the reasons."""

import msgspec

from stemwatch.words import Label, Product


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Which phrase counted, in which field, and why it does."""

    phrase: str
    field: str
    why: str


class Relevance(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one notice: `score` is between 0 and 1."""

    label: Label
    score: float
    reasons: tuple[Reason, ...] = ()
    products: tuple[Product, ...] = ()
