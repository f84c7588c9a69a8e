"""The language of rules: plain tables, the same in `stemwatch.toml`, on the site and in the API.

A table with several keys means all of them, a list within a key any of its words. `docs/rules.md` tells it to
people.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from stemwatch.words import VERBS

LISTS = (
    *("sources", "jurisdictions", "regulators", "kinds", "stages", "verbs", "causes", "relevance"),
    *("products", "routes", "clinics", "people", "places"),
)
"""The keys that hold a list of words."""

FREE = ("clinics", "people", "places")
"""Those whose words are free."""

DEFAULTS: dict[str, tuple[str, ...]] = {
    "verbs": tuple(verb for verb in VERBS if verb != "baseline"),
    "causes": ("source",),
    "relevance": ("relevant",),
}
"""What a rule asks for when its own table does not name the key."""

DEEPEST = 8
MOST_CONDITIONS = 200
MOST_WORDS = 500
LONGEST_WORD = 200
"""Limits of one rule: tables within tables, tables in all, words of one list, characters of a word."""


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One table. None stands for a key that is not there; an empty list is met by nothing."""

    sources: tuple[str, ...] | None = None
    jurisdictions: tuple[str, ...] | None = None
    regulators: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    stages: tuple[str, ...] | None = None
    verbs: tuple[str, ...] | None = None
    causes: tuple[str, ...] | None = None
    relevance: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None
    routes: tuple[str, ...] | None = None
    clinics: tuple[str, ...] | None = None
    people: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    query: str | None = None
    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] | None = None
    none: tuple["Condition", ...] = ()

    def lists(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The keys with a list that are there."""
        for key in LISTS:
            if (words := getattr(self, key)) is not None:
                yield key, words

    @property
    def reads_texts(self) -> bool:
        """Whether it looks at what the notice says, not only at how it is filed."""
        return self.query is not None or any(getattr(self, key) is not None for key in FREE)

    def within(self, path: str = "") -> Iterator[tuple[str, "Condition"]]:
        """This table and all tables in it, each with its path, such as `any[1].none[0]`."""
        yield path, self
        for key in ("all", "any", "none"):
            for number, inner in enumerate(getattr(self, key) or ()):
                yield from inner.within(f"{path}{'.' if path else ''}{key}[{number}]")


class Rule(Condition, frozen=True):
    """A table with a title of its own."""

    title: str = ""

    def whole(self) -> "Rule":
        """The rule with the defaults in the place of keys that its own table does not name."""
        values: dict[str, Any] = {key: words for key, words in DEFAULTS.items() if getattr(self, key) is None}
        return msgspec.structs.replace(self, **values)
