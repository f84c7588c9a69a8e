"""The words that a rule may use, and the sentence for one that it may not."""

from collections.abc import Collection, Iterable, Mapping
from functools import cache

import pycountry
from rapidfuzz import process

from stemwatch.records import Source
from stemwatch.words import CAUSES, LABELS, PRODUCTS, ROUTES, STAGES, VERBS

_CLOSE = 60
"""From this likeness on (0 to 100) a known word is named first."""
_SHOWN = 20
"""So many known words are named; there are 250 countries."""
# What the pages of a source say that they are when it is not what their list is about.
_KINDS_OF_PAGES = ("closeout_letter",)


class Known:
    """The vocabularies of one installation, by key. Free words (clinics, people, places) are in none."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources
        watched = _sorted(source.jurisdiction for source in sources.values())
        self.words: dict[str, tuple[str, ...]] = {
            "sources": tuple(sorted(sources)),
            "jurisdictions": tuple(dict.fromkeys([*watched, *_countries()])),
            "regulators": _sorted(source.regulator for source in sources.values()),
            "kinds": _sorted([*_KINDS_OF_PAGES, *(source.kind for source in sources.values())]),
            "stages": STAGES,
            "verbs": VERBS,
            "causes": CAUSES,
            "relevance": LABELS,
            "products": PRODUCTS,
            "routes": ROUTES,
        }

    def unknown(self, key: str, words: Iterable[str]) -> str:
        """What is wrong with the first word that `key` does not know; empty when it knows all."""
        known = self.words.get(key)
        for word in words:
            if known is not None and word not in known:
                code = _code(word) if key == "jurisdictions" else ""
                return f"{key} has the unknown word {word!r}; known: {listed(code or word, known)}"
        return ""


def listed(word: str, known: Collection[str]) -> str:
    """The known words in one line, those that are spelt like `word` first."""
    near = [
        match for match, _, _ in process.extract(word, known, processor=str.casefold, score_cutoff=_CLOSE, limit=5)
    ]
    told = [*near, *(other for other in known if other not in near)]
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return ", ".join(told[:_SHOWN]) + more


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))


@cache
def _countries() -> tuple[str, ...]:
    """ISO 3166-1 alpha-2, and EU, which ISO reserves for the Union."""
    return (*(country.alpha_2 for country in pycountry.countries), "EU")


def _code(country: str) -> str:
    """The code of a country given by its name; empty when there is none of it."""
    try:
        return str(pycountry.countries.lookup(country).alpha_2)
    except LookupError:
        return ""
