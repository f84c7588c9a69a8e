"""Is a notice about stem cell, exosome or birth-tissue treatments? A label, a score, and the reasons."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
)
from stemwatch.text import comparable
from stemwatch.words import PRODUCTS, ROUTES, Label, Product, Route

# Grows whenever the same phrases come to be weighed in another way.
REVISION = 2


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Which phrase counted, in which field, and why it does.

    The phrase is in its normalised wording; characters `start` to `end` of the field's stored value are the
    wording as the regulator printed it, where it stands first. Both are 0 when a reason was made before places
    were kept.
    """

    phrase: str
    field: str
    why: str
    start: int = 0
    end: int = 0


class Relevance(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one notice: `score` is between 0 and 1."""

    label: Label
    score: float
    reasons: tuple[Reason, ...] = ()
    products: tuple[Product, ...] = ()
    routes: tuple[Route, ...] = ()


class _Found:
    """What was found in a notice, counted: evidence by kind and field, each entry once."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.hits = hits
        self.times = Counter([(hit.entry, hit.field) for hit in hits])
        self.entries = list(dict.fromkeys(entry for entry, _ in self.times))
        self.kinds: Counter[tuple[str, FieldName]] = Counter()
        for (entry, field), times in self.times.items():
            if isinstance(entry, Evidence):
                self.kinds[entry.kind, field] += times

    def places(self, kind: str, fields: Iterable[FieldName] = FIELDS) -> int:
        """How often a kind of evidence is found in some fields."""
        return sum(self.kinds[kind, field] for field in fields)


def judge(fields: Mapping[str, str], words: Lexicon | None = None) -> Relevance:
    """Judges by title, office, subject, products and text; other fields are ignored.

    Without a text only the header is weighed. Products and routes are named when the notice is not unrelated.
    `words` is another lexicon than the project's own.
    """
    words = words or lexicon()
    values = _values(fields)
    found = _find(values, words)
    score = round(_share(words, _sum(words, len(values.get("text", "")), found)), 4)
    label = _label(words, score)
    told = label != "unrelated"
    return Relevance(
        label=label,
        score=score,
        reasons=_reasons(found, values),
        products=_products(words, found) if told else (),
        routes=_routes(found) if told else (),
    )


def log_odds(fields: Mapping[str, str], words: Lexicon | None = None) -> float:
    """The sum of all points before it is calibrated: what a calibration is fitted to."""
    words, values = words or lexicon(), _values(fields)
    return _sum(words, len(values.get("text", "")), _find(values, words))


def lexicon_digest() -> str:
    """Short hash of everything a judgement depends on: judgements made under another one are stale."""
    return f"{REVISION}-{lexicon().digest}"


def _values(fields: Mapping[str, str]) -> dict[FieldName, str]:
    return {name: fields[name] for name in FIELDS if fields.get(name)}


def _find(values: Mapping[FieldName, str], words: Lexicon) -> _Found:
    return _Found([hit for hit in words.find(values) if not isinstance(hit.entry, Neutral)])


def _share(words: Lexicon, points: float) -> float:
    scale = words.scale
    return 1 / (1 + exp(-max(-30.0, min(30.0, scale.slope * points + scale.shift))))


def _label(words: Lexicon, score: float) -> Label:
    if score >= words.scale.relevant:
        return "relevant"
    return "possible" if score >= words.scale.possible else "unrelated"


def _sum(words: Lexicon, length: int, found: _Found) -> float:
    """Log-odds: each entry counts once, each kind at most its limit. `length` is that of the text."""
    scale = words.scale
    kinds = dict.fromkeys(scale.most, 0.0)
    against = 0.0
    for entry in found.entries:
        if isinstance(entry, Evidence):
            kinds[entry.kind] = min(scale.most[entry.kind], kinds[entry.kind] + entry.points)
        elif isinstance(entry, Excluding) and not (entry.unless and all(map(found.places, entry.unless))):
            against += entry.points
    together = sum(rule.points for rule in words.rules if _holds(rule, found))
    doubted = sum(doubt.points for doubt in words.doubts if _doubtful(doubt, length, found))
    return scale.base + sum(kinds.values()) + together - doubted - min(scale.most_against, against)


def _holds(rule: Rule, found: _Found) -> bool:
    return all(found.places(kind, rule.fields) >= rule.times for kind in rule.needs)


def _doubtful(doubt: Doubt, length: int, found: _Found) -> bool:
    return length > doubt.longer_than and found.places(doubt.kind) < doubt.fewer_than


def _reasons(found: _Found, values: Mapping[FieldName, str]) -> tuple[Reason, ...]:
    """Each phrase once per field, where it stands first; what weighs most first."""
    first: dict[tuple[str, FieldName, str], Hit] = {}
    for hit in found.hits:
        first.setdefault((hit.folded, hit.field, hit.entry.why), hit)
    weighed = sorted(first.values(), key=_weight)
    return tuple(
        Reason(
            phrase=comparable(values[hit.field][hit.start : hit.end]).casefold(),
            field=hit.field,
            why=hit.entry.why,
            start=hit.start,
            end=hit.end,
        )
        for hit in weighed
    )


def _weight(hit: Hit) -> float:
    return -hit.entry.points if isinstance(hit.entry, Evidence | Excluding) else 0


def _products(words: Lexicon, found: _Found) -> tuple[Product, ...]:
    """In the order of the project's list; `other` only when nothing more exact is named.

    A text that names one product again and again and another in passing is about the first.
    """
    times: Counter[Product] = Counter()
    always: set[Product] = set()
    for (entry, field), count in found.times.items():
        for product in entry.products if isinstance(entry, Evidence) else ():
            times[product] += count
            if field != "text":
                always.add(product)
    most = max((times[product] for product in times if product != "other"), default=0)
    named = {product for product in times if product in always or times[product] >= words.scale.passing * most}
    exact = tuple(product for product in PRODUCTS if product in named - {"other"})
    return exact or (("other",) if "other" in named else ())


def _routes(found: _Found) -> tuple[Route, ...]:
    """In the order of the project's list."""
    named = {route for entry in found.entries if isinstance(entry, Evidence) for route in entry.routes}
    return tuple(route for route in ROUTES if route in named)
