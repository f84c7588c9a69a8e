"""One rule held against one change: whether it is met, and why. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from stemwatch.rules.language import LISTS, Condition, Rule
from stemwatch.rules.names import Name, as_printed
from stemwatch.rules.reading import Reading
from stemwatch.rules.wording import reason
from stemwatch.search import Either, Every, Node, Phrase, Without, parse
from stemwatch.tokens import tokens

Key = tuple[str, str]
"""Something that a change has or has not, such as ("relevance", "relevant") or ("word", "knee")."""
Keys = frozenset[Key]

_NAMES = ("clinics", "people")
_FIRST = ("verbs", "causes", "relevance")
_FIXED = (*_FIRST, *(key for key in LISTS if key not in (*_FIRST, *_NAMES, "places")))

_SHORTEST_PLACE = 4
"""Shorter places (FL, US, IN) are looked for among addresses only, for in a text they may be words."""


class Clause(Protocol):
    """One key of a table. `met`: why, in words, or None. `needs`: sets of keys of which a change must have one."""

    def met(self, reading: Reading) -> list[str] | None: ...

    def needs(self) -> list[Keys]: ...


@dataclass(frozen=True)
class OneOf:
    key: str
    words: tuple[str, ...]

    def met(self, reading: Reading) -> list[str] | None:
        values = reading.values[self.key]
        found = [word for word in self.words if word in values]
        return [reason(self.key, found)] if found else None

    def needs(self) -> list[Keys]:
        return [frozenset((self.key, word) for word in self.words)]


@dataclass(frozen=True)
class Query:
    text: str
    node: Node

    def met(self, reading: Reading) -> list[str] | None:
        return [reason("query", [self.text])] if reading.document.finds(self.node) else None

    def needs(self) -> list[Keys]:
        return _needs_of_search(self.node)


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
        return ""

    def needs(self) -> list[Keys]:
        keys = {("near", max(form, key=len)) for name in self.names for form in name.forms}
        keys |= {("pair", name.parted) for name in self.names if name.parted}
        keys |= {(self.key, name.printed) for name in self.names if self.key == "clinics"}
        return [frozenset(keys)]


@dataclass(frozen=True)
class Places:
    places: tuple[tuple[str, Phrase], ...]

    def met(self, reading: Reading) -> list[str] | None:
        offered, text = reading.offered["places"], reading.document
        found = [
            place
            for place, phrase in self.places
            if offered.finds(phrase) or (len(place) >= _SHORTEST_PLACE and text.finds(phrase))
        ]
        return [reason("places", found)] if found else None

    def needs(self) -> list[Keys]:
        return [frozenset(("word", max(phrase.words, key=len)) for _, phrase in self.places)]


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

    def needs(self) -> list[Keys]:
        """Sets of keys: a change that has no key of one of them cannot meet this table."""
        found = [keys for clause in (*self.clauses, *self.all) for keys in clause.needs()]
        if self.any is not None:
            found += _one_of(table.needs() for table in self.any)
        return found


def prepared(rule: Rule) -> Table:
    """A rule, with its defaults, made ready to be asked."""
    return _table(rule.whole())


def _table(condition: Condition) -> Table:
    return Table(
        clauses=tuple(_clauses(condition)),
        all=tuple(map(_table, condition.all)),
        any=None if condition.any is None else tuple(map(_table, condition.any)),
        none=tuple(map(_table, condition.none)),
    )


def _clauses(condition: Condition) -> Iterator[Clause]:
    """The keys of one table: what is told first comes first, and what costs most comes last."""
    lists = dict(condition.lists())
    for key in _FIXED:
        if key in lists:
            yield OneOf(key, lists[key])
    if "places" in lists:
        yield Places(tuple((place, Phrase(place, tuple(tokens(place)))) for place in lists["places"]))
    if condition.query is not None:
        yield Query(condition.query, parse(condition.query))
    for key in _NAMES:
        if key in lists:
            yield Named(key, tuple(map(Name, lists[key])))


def _needs_of_search(node: Node) -> list[Keys]:
    match node:
        case Phrase():
            *whole, last = node.words
            found: list[Keys] = [frozenset([("word", word)]) for word in whole]
            return [*found, frozenset([("prefix" if node.prefix else "word", last)])]
        case Every():
            return [keys for part in node.parts for keys in _needs_of_search(part)]
        case Either():
            return _one_of(map(_needs_of_search, node.parts))
        case Without():
            return _needs_of_search(node.wanted)


def _one_of(ways: Iterable[list[Keys]]) -> list[Keys]:
    """What is needed when one of several ways will do: one set of each way, taken together."""
    chosen = []
    for needs in ways:
        if not needs:
            return []
        chosen.append(max(needs, key=_narrowness))
    return [frozenset().union(*chosen)]


_NARROW = {"near": 6, "pair": 6, "clinics": 6, "word": 5, "prefix": 4, "sources": 3, "stages": 2, "products": 2}


def _narrowness(keys: Keys) -> tuple[int, int, int]:
    """How few changes are likely to have one of the keys: by the widest of them, then by how many they are."""
    widest = min((_NARROW.get(key, 1) for key, _ in keys), default=9)
    return widest, -len(keys), min((len(word) for _, word in keys), default=0)
