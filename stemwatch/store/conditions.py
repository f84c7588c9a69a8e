"""A table of the rule language as a condition of SQL over notices `n` and their changes `c`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from stemwatch.matching import Document
from stemwatch.records import Source
from stemwatch.rules.evaluating import SHORTEST_PLACE
from stemwatch.rules.language import Condition
from stemwatch.rules.names import Name, near
from stemwatch.rules.places import codes_of
from stemwatch.search import expression
from stemwatch.store.views import forgotten
from stemwatch.text import without_controls

_OF_A_SOURCE: Mapping[str, Callable[[Source], str]] = {
    "sources": lambda source: source.name,
    "jurisdictions": lambda source: source.jurisdiction,
    "regulators": lambda source: source.regulator,
}
_COLUMNS = {
    "kinds": "n.kind",
    "stages": "CASE WHEN n.closed_out_on IS NOT NULL OR n.closed_by IS NOT NULL THEN 'closed' ELSE n.stage END",
    "verbs": "c.verb",
    "causes": "c.cause",
    "relevance": "n.label",
}
_ASKED = "(SELECT value FROM json_each(?))"
_LISTED = f"n.{{0}} <> '[]' AND EXISTS (SELECT 1 FROM json_each(n.{{0}}) WHERE value IN {_ASKED})"
_FOUND = "n.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
_NAMED = "n.id IN (SELECT notice FROM actors WHERE (slot = '' OR tie <> 'named') AND clinic IN {})"
_KNOWN_AS = _NAMED.format(f"(SELECT clinic FROM clinic_names WHERE name IN {_ASKED})")
_HAVING = "n.id IN (SELECT notice FROM notice_names WHERE name IN {})"
_PLACED = _HAVING.format(f"""(
    SELECT w.id FROM name_search s JOIN names w ON w.id = s.rowid
    WHERE name_search MATCH ? AND w.kind IN ('city', 'region', 'country')
    UNION SELECT id FROM names WHERE kind IN ('country', 'subdivision') AND name IN {_ASKED}
)""")
_SPELT = """SELECT w.id, w.kind, w.name FROM name_search s JOIN names w ON w.id = s.rowid
            WHERE name_search MATCH ? AND w.kind IN ('firm', 'person')"""
_SPELLINGS = "SELECT term FROM temp.{}_words WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
_LAST = "\U0010ffff"
"""Stands behind every other character."""


class Where(NamedTuple):
    """A condition of SQL with its values. `exact`: it finds what the table means; else that, and more."""

    sql: str
    values: tuple[object, ...] = ()
    exact: bool = True


NOTHING, EVERYTHING = Where("0"), Where("1")


class Conditions:
    """Writes conditions over one database."""

    def __init__(self, db: Database, sources: Mapping[str, Source]) -> None:
        self._db = db
        stored = [name for (name,) in db.execute("SELECT name FROM sources")]
        self._sources = [sources.get(name) or forgotten(name) for name in stored]

    def of(self, table: Condition) -> Where:
        """What a table of rules means. UsageError for a search that cannot be understood."""
        parts = [self._listed(key, words) for key, words in table.lists()]
        if table.query is not None:
            parts.append(Where(_FOUND, (expression(table.query),)))
        parts += [self.of(inner) for inner in table.all]
        if table.any is not None:
            parts.append(_either(self.of(inner) for inner in table.any))
        parts += [_without(self.of(inner)) for inner in table.none]
        return _every(parts)

    def _listed(self, key: str, words: tuple[str, ...]) -> Where:
        if of := _OF_A_SOURCE.get(key):
            return _from([source.name for source in self._sources if of(source) in words])
        if column := _COLUMNS.get(key):
            return _among(column, words)
        if key in ("products", "routes"):
            return Where(f"({_LISTED.format(key)})", (_json(words),))
        if key == "places":
            return _placed(words)
        names = list(map(Name, words))
        # Whether a text really has a name, its words in a row, only the rule itself can tell.
        texts = _found(self._ways(names, "search"))._replace(exact=False)
        of_kind = self._clinics(words, names) if key == "clinics" else self._people(names)
        return _either([*of_kind, texts])

    def _clinics(self, ids: Iterable[str], names: list[Name]) -> Iterator[Where]:
        """By id, or by a name that is known here or elsewhere; a person may be a clinic, too."""
        spelt = list(self._spelt(names))
        yield named(ids)
        yield Where(_KNOWN_AS, (_json(name for _, _, name in spelt),))
        yield _having(number for number, kind, _ in spelt if kind == "firm")

    def _people(self, names: list[Name]) -> Iterator[Where]:
        yield _having(number for number, kind, _ in self._spelt(names) if kind == "person")

    def _spelt(self, names: list[Name]) -> Iterator[tuple[int, str, str]]:
        """The stored names of firms and people that are near spellings of a name: number, kind, and as printed."""
        asked = " OR ".join(self._ways(names, "name_search"))
        for number, kind, printed in self._db.execute(_SPELT, [asked]) if asked else ():
            document = Document({"name": printed})
            if any(name.spelling(document) is not None for name in names):
                yield number, kind, printed

    def _ways(self, names: Iterable[Name], index: str) -> Iterator[str]:
        """Searches of which one finds each text that has one of the names."""
        for name in names:
            yield from self._ways_of(name, index)

    def _ways_of(self, name: Name, index: str) -> Iterator[str]:
        for form in name.forms:
            spellings = [self._spellings(word, index) for word in form]
            if all(spellings):
                yield "(" + " AND ".join(f"({' OR '.join(words)})" for words in spellings) + ")"
        for place in range(1, len(name.parted)):
            yield f'"{name.parted[:place]} {name.parted[place:]}"'

    def _spellings(self, word: str, index: str) -> list[str]:
        """The words of an index, quoted, that are near spellings of a word."""
        first = word[0]
        asked = [first, first + _LAST, len(word) - 2, len(word) + 2]
        terms = {term for (term,) in self._db.execute(_SPELLINGS.format(index), asked)}
        return [f'"{found}"' for found in sorted(near(word, terms))]


def named(clinics: Iterable[str]) -> Where:
    """What names one of the clinics of these ids."""
    return Where(_NAMED.format(_ASKED), (_json(clinics),))


def _from(sources: list[str]) -> Where:
    # One source has its notices by their days. Of several, the plus keeps SQLite from sorting all where it can
    # walk along the days.
    return _among("n.source" if len(sources) == 1 else "+n.source", sources)


def _having(names: Iterable[int]) -> Where:
    """What has one of the stored names of these numbers."""
    return Where(_HAVING.format(_ASKED), (_json(names),))


def _placed(places: Iterable[str]) -> Where:
    """What has an address in one of the places, or says the name of one that can be no other word."""
    phrases = {place: f'"{_unquoted(place)}"' for place in places}
    if not phrases:
        return NOTHING
    said = _found(phrase for place, phrase in phrases.items() if len(place) >= SHORTEST_PLACE)
    codes = dict.fromkeys(code for place in phrases for code in codes_of(place))
    return _either([said, Where(_PLACED, (" OR ".join(phrases.values()), _json(codes)))])


def _among(column: str, words: Iterable[str]) -> Where:
    asked = tuple(dict.fromkeys(words))
    if not asked:
        return NOTHING
    if len(asked) == 1:
        return Where(f"{column} = ?", asked)
    return Where(f"{column} IN {_ASKED}", (_json(asked),))


def _found(phrases: Iterable[str]) -> Where:
    """What one of these searches finds."""
    asked = " OR ".join(phrases)
    return Where(_FOUND, (asked,)) if asked else NOTHING


def _unquoted(place: str) -> str:
    return without_controls(place.replace('"', " "), " ")


def _json(words: Iterable[object]) -> str:
    return msgspec.json.encode(list(words)).decode()


def _every(parts: Iterable[Where]) -> Where:
    return _joined(" AND ", list(parts)) or EVERYTHING


def _either(parts: Iterable[Where]) -> Where:
    return _joined(" OR ", list(parts)) or NOTHING


def _joined(word: str, parts: list[Where]) -> Where | None:
    if not parts:
        return None
    values = tuple(value for part in parts for value in part.values)
    return Where(f"({word.join(part.sql for part in parts)})", values, all(part.exact for part in parts))


def _without(part: Where) -> Where:
    """What more than a table means says nothing of what it does not mean."""
    return Where(f"NOT {part.sql}", part.values) if part.exact else EVERYTHING._replace(exact=False)
