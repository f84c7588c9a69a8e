"""Is a notice about stem cell, exosome or birth-tissue treatments? A label, a score, and the reasons."""

from collections.abc import Mapping, Sequence
from math import exp

import msgspec

from stemwatch.phrases import (
    FIELDS,
    Doubt,
    Evidence,
    Excluding,
    FieldName,
    Hit,
    Lexicon,
    Neutral,
    Rule,
    lexicon,
    normal,
)
from stemwatch.words import PRODUCTS, Label, Product

# Grows whenever the same phrases come to be weighed in another way.
REVISION = 1


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Which phrase counted, in which field, and why it does. The phrase is in its normalised wording."""

    phrase: str
    field: str
    why: str


class Relevance(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one notice: `score` is between 0 and 1."""

    label: Label
    score: float
    reasons: tuple[Reason, ...] = ()
    products: tuple[Product, ...] = ()


def judge(fields: Mapping[str, str], words: Lexicon | None = None) -> Relevance:
    """Judges by title, office, subject, products and text; other fields are ignored.

    Without a text only the header is weighed. Products are named when the notice is not unrelated. `words` is
    another lexicon than the project's own.
    """
    words = words or lexicon()
    texts: dict[FieldName, str] = {name: normal(fields[name]) for name in FIELDS if fields.get(name)}
    hits = [hit for hit in words.find(texts) if not isinstance(hit.entry, Neutral)]
    score = round(_share(_sum(words, texts, hits)), 4)
    label = _label(words, score)
    return Relevance(
        label=label,
        score=score,
        reasons=_reasons(hits),
        products=() if label == "unrelated" else _products(hits),
    )


def lexicon_digest() -> str:
    """Short hash of everything a judgement depends on: judgements made under another one are stale."""
    return f"{REVISION}-{lexicon().digest}"


def _share(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))


def _label(words: Lexicon, score: float) -> Label:
    if score >= words.scale.relevant:
        return "relevant"
    return "possible" if score >= words.scale.possible else "unrelated"


def _sum(words: Lexicon, texts: Mapping[FieldName, str], hits: Sequence[Hit]) -> float:
    """Log-odds: each entry counts once, each kind at most its limit."""
    scale = words.scale
    found = list(dict.fromkeys(hit.entry for hit in hits))
    kinds = dict.fromkeys(scale.most, 0.0)
    for entry in found:
        if isinstance(entry, Evidence):
            kinds[entry.kind] = min(scale.most[entry.kind], kinds[entry.kind] + entry.points)
    against = sum(entry.points for entry in found if isinstance(entry, Excluding))
    together = sum(rule.points for rule in words.rules if _holds(rule, hits))
    doubted = sum(doubt.points for doubt in words.doubts if _doubtful(doubt, texts.get("text", ""), hits))
    return scale.base + sum(kinds.values()) + together - doubted - min(scale.most_against, against)


def _places(hits: Sequence[Hit], kind: str, fields: Sequence[FieldName] = FIELDS) -> int:
    """How often a kind of evidence is found in some fields."""
    return sum(isinstance(hit.entry, Evidence) and hit.entry.kind == kind and hit.field in fields for hit in hits)


def _holds(rule: Rule, hits: Sequence[Hit]) -> bool:
    return all(_places(hits, kind, rule.fields) >= rule.times for kind in rule.needs)


def _doubtful(doubt: Doubt, text: str, hits: Sequence[Hit]) -> bool:
    return len(text) > doubt.longer_than and _places(hits, doubt.kind) < doubt.fewer_than


def _reasons(hits: Sequence[Hit]) -> tuple[Reason, ...]:
    """Each phrase once per field, what weighs most first."""
    weighed = sorted(hits, key=lambda hit: -hit.entry.points if isinstance(hit.entry, Evidence | Excluding) else 0)
    return tuple(dict.fromkeys(Reason(phrase=hit.phrase, field=hit.field, why=hit.entry.why) for hit in weighed))


def _products(hits: Sequence[Hit]) -> tuple[Product, ...]:
    """In the order of the project's list; `other` only when nothing more exact is named."""
    named = {product for hit in hits if isinstance(hit.entry, Evidence) for product in hit.entry.products}
    exact = tuple(product for product in PRODUCTS if product in named - {"other"})
    return exact or (("other",) if "other" in named else ())
