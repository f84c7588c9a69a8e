"""One rule held against one change: whether it is met, and why. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from stemwatch.parties.people import without_titles
from stemwatch.rules.language import LISTS, Condition, Rule
from stemwatch.rules.names import Name, as_printed
from stemwatch.rules.needs import AllOf, Need, OneOf, of_search
from stemwatch.rules.reading import Reading
from stemwatch.rules.wording import reason
from stemwatch.search import Node, Phrase, parse
from stemwatch.tokens import tokens

_NAMES = ("clinics", "people")
_FIRST = ("verbs", "causes", "relevance")
_FIXED = (*_FIRST, *(key for key in LISTS if key not in (*_FIRST, *_NAMES, "places")))

SHORTEST_PLACE = 4
"""Shorter places (FL, US, IN) are looked for among addresses only, for in a text they may be words."""


class Clause(Protocol):
    """One key of a table. `met`: why, in words, or None. `need`: what such a change has."""

    def met(self, reading: Reading) -> list[str] | None: ...

    def need(self) -> Need: ...


@dataclass(frozen=True)
class Fixed:
    key: str
    words: tuple[str, ...]

    def met(self, reading: Reading) -> list[str] | None:
        values = reading.values[self.key]
        found = [word for word in self.words if word in values]
        return [reason(self.key, found)] if found else None

    def need(self) -> Need:
        return OneOf(tuple((self.key, word) for word in self.words))


@dataclass(frozen=True)
class Query:
    text: str
    node: Node

    def met(self, reading: Reading) -> list[str] | None:
        return [reason("query", [self.text])] if reading.document.finds(self.node) else None

    def need(self) -> Need:
        return of_search(self.node)


@dataclass(frozen=True)
class Named:
    """Clinics by id or name, people by name."""

    key: str
    names: tuple[Name, ...]

    def met(self, reading: Reading) -> list[str] | None:
        found = [told for name in self.names if (told := self._told(name, reading))]
        return [reason(self.key, found)] if found else None

    def _told(self, name: Name, reading: Reading) -> str:
        if name.printed in reading.values.get(self.key, ()):
            return name.printed
        for document in (reading.offered[self.key], reading.document):
            if spelling := name.spelling(document):
                if spelling == " ".join(name.forms[0]):
                    return name.printed
                printed = as_printed(spelling, reading.printed(self.key))
                return f"{name.printed} (spelt “{printed}” in the notice)"
        return self._told_elsewhere(name, reading) if self.key == "clinics" else ""

    def _told_elsewhere(self, name: Name, reading: Reading) -> str:
        """For a clinic that the notice calls by another name."""
        spelling = name.spelling(reading.offered["other_names"])
        if not spelling:
            return ""
        if spelling == " ".join(name.forms[0]):
            return f"{name.printed} (by another name)"
        return f"{name.printed} (by another name of “{as_printed(spelling, reading.subject.other_names)}”)"

    def need(self) -> Need:
        return OneOf(tuple(way for name in self.names for way in self._ways(name)))

    def _ways(self, name: Name) -> Iterator[Need]:
        yield from (AllOf(tuple(("near", word) for word in form)) for form in name.forms)
        if name.parted:
            yield "pair", name.parted
        if self.key == "clinics":
            yield self.key, name.printed


@dataclass(frozen=True)
class Places:
    places: tuple[tuple[str, Phrase], ...]

    def met(self, reading: Reading) -> list[str] | None:
        offered, text = reading.offered["places"], reading.document
        found = [
            place
            for place, phrase in self.places
            if offered.finds(phrase) or (len(place) >= SHORTEST_PLACE and text.finds(phrase))
        ]
        return [reason("places", found)] if found else None

    def need(self) -> Need:
        return OneOf(tuple(of_search(phrase) for _, phrase in self.places))


@dataclass(frozen=True)
class Table:
    """One table made ready: every clause holds, all of `all`, one of `any`, none of `none`."""

    clauses: tuple[Clause, ...] = ()
    all: tuple["Table", ...] = ()
    any: tuple["Table", ...] | None = None
    none: tuple["Table", ...] = ()

    def met(self, reading: Reading) -> list[str] | None:
        """The reasons, each once, or None."""
        reasons: list[str] = []
        for clause in (*self.clauses, *self.all):
            if (found := clause.met(reading)) is None:
                return None
            reasons += found
        if self.any is not None:
            ways = [found for table in self.any if (found := table.met(reading)) is not None]
            if not ways:
                return None
            reasons += [told for found in ways for told in found]
        if any(table.met(reading) is not None for table in self.none):
            return None
        return [told for told in dict.fromkeys(reasons) if told]

    def need(self) -> Need:
        parts = [clause.need() for clause in (*self.clauses, *self.all)]
        if self.any is not None:
            parts.append(OneOf(tuple(table.need() for table in self.any)))
        return AllOf(tuple(parts))


def prepared(rule: Rule) -> Table:
    """A rule, with its defaults, made ready to be asked."""
    return prepared_table(rule.whole())


def prepared_table(condition: Condition) -> Table:
    """One table as it stands, without any defaults."""
    return Table(
        clauses=tuple(_clauses(condition)),
        all=tuple(map(prepared_table, condition.all)),
        any=None if condition.any is None else tuple(map(prepared_table, condition.any)),
        none=tuple(map(prepared_table, condition.none)),
    )


def _clauses(condition: Condition) -> Iterator[Clause]:
    """The keys of one table: what is told first comes first, and what costs most comes last."""
    lists = dict(condition.lists())
    for key in _FIXED:
        if key in lists:
            yield Fixed(key, lists[key])
    if "places" in lists:
        yield Places(tuple((place, Phrase(place, tuple(tokens(place)))) for place in lists["places"]))
    if condition.query is not None:
        yield Query(condition.query, parse(condition.query))
    for key in _NAMES:
        if key in lists:
            yield Named(key, tuple(Name(name, _called(key, name)) for name in lists[key]))


def _called(key: str, name: str) -> str:
    """What is looked for: of people what notices are said to name, without titles and degrees."""
    return without_titles(name) if key == "people" else name
