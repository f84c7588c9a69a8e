"""What can be asked for, parameter by parameter, and how a question is read: strictly."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any, NamedTuple, NoReturn
from urllib.parse import urlencode

import msgspec

from publish.site.asking import Asked, Trouble
from stemwatch.rules import Condition, Known, Rule, read_rule
from stemwatch.rules.known import listed
from stemwatch.rules.language import LISTS
from stemwatch.rules.loading import check
from stemwatch.words import CAUSES, LABELS, PRODUCTS, ROUTES, STAGES, VERBS

MOST, USUAL = 200, 50
LONGEST_RULE = 4000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAY_HOLD_COMMAS = ("regulators", "clinics", "people", "places")


class Parameter(NamedTuple):
    """One parameter as OpenAPI describes it. `repeated`: it may be given several times."""

    name: str
    about: str
    schema: Mapping[str, Any]
    repeated: bool = False
    place: str = "query"


_TEXT = {"type": "string"}
_SAID = {
    "sources": "From one of these sources (`/api/v1/sources`).",
    "jurisdictions": "Published there: codes of ISO 3166, and `EU`.",
    "regulators": "Published by one of them.",
    "kinds": "Of one of these kinds, such as `warning_letter`.",
    "stages": "Has come that far, such as `settlement`.",
    "verbs": "Had that happen to it, such as `closed_out`.",
    "causes": "Seen for that cause: `source` is the regulator's doing, all others are ours.",
    "relevance": "Judged `relevant`, `possible` or `unrelated`.",
    "products": "About one of these products, such as `exosome`.",
    "routes": "Speaks of one of these routes, such as `intravenous`.",
    "clinics": "Names one of these clinics, by id or by name in near spellings.",
    "people": "Names one of these people, in near spellings.",
    "places": "Has one of these places.",
    "query": 'Found by this search: words, "phrases", AND, OR, NOT, prefix*, `title:`, brackets.',
    "rule": "Meets this rule: a table of the rule language as JSON, which may have `all`, `any` and `none`.",
}
_WORDS: Mapping[str, Sequence[str]] = {
    "stages": STAGES,
    "verbs": VERBS,
    "causes": CAUSES,
    "relevance": LABELS,
    "products": PRODUCTS,
    "routes": ROUTES,
}


def _schema(name: str) -> Mapping[str, Any]:
    return {**_TEXT, "enum": _WORDS[name]} if name in _WORDS else _TEXT


RULE = tuple(Parameter(name, about, _schema(name), name in LISTS) for name, about in _SAID.items())
LIMIT = Parameter(
    "limit", f"So many at most; {USUAL} if not said.", {"type": "integer", "minimum": 1, "maximum": MOST}
)
CURSOR = Parameter("cursor", "Go on from here: taken from the address in `next`.", _TEXT)
DAYS = (
    Parameter("since", "Posted on this day or later.", {"type": "string", "format": "date"}),
    Parameter("until", "Posted on this day or earlier.", {"type": "string", "format": "date"}),
)


class Question:
    """The parameters of one request, of which only `known` ones may be given. Trouble for anything else."""

    def __init__(self, asked: Asked, known: Collection[Parameter]) -> None:
        self._asked = asked
        names = {parameter.name: parameter for parameter in known if parameter.place == "query"}
        self._given: dict[str, list[str]] = {}
        for name, value in asked.pairs:
            if name not in names:
                _refuse(f"There is no parameter {name[:80]!r} here; known: {listed(name, list(names))}.")
            self._given.setdefault(name, []).append(value)
        for name, values in self._given.items():
            if len(values) > 1 and not names[name].repeated:
                _refuse(f"{name} is given {len(values)} times: give it once.")

    def one(self, name: str) -> str | None:
        """The value of a parameter that is given at most once."""
        return self._given.get(name, [None])[0]

    def limit(self) -> int:
        """How many are asked for."""
        value = self.one("limit")
        if value is None:
            return USUAL
        if not re.fullmatch(r"[0-9]{1,9}", value) or not 1 <= int(value) <= MOST:
            _refuse(f"limit is a number from 1 to {MOST}.")
        return int(value)

    def day(self, name: str) -> date | None:
        """A day, if one is given."""
        value = self.one(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value if _DAY.fullmatch(value) else "")
        except ValueError:
            _refuse(f"{name} is a day such as 2025-01-28.")

    def table(self) -> Condition:
        """What is asked for in the rule language; every parameter must be met. UsageError for an unknown word."""
        sources = self._asked.site.sources
        known = self._asked.store.once("known words", lambda: Known(sources))
        lists: dict[str, Any] = {key: _words(key, self._given[key]) for key in LISTS if key in self._given}
        table = Rule(**lists, query=self.one("query"))
        check(table, known)
        rule = self.one("rule")
        if rule is None:
            return table
        return msgspec.structs.replace(table, all=(read_rule("rule", _decoded(rule), known),))

    def following(self, path: str, **other: str) -> str:
        """The address of the same question with other parameters."""
        pairs = [(name, value) for name, value in self._asked.pairs if name not in other]
        return f"{self._asked.site.address(path)}?{urlencode([*pairs, *other.items()])}"


def _words(key: str, values: Sequence[str]) -> tuple[str, ...]:
    """The words of a list: repeated, or with commas between where no word can hold one."""
    if key in _MAY_HOLD_COMMAS:
        return tuple(values)
    return tuple(word.strip() for value in values for word in value.split(","))


def _decoded(rule: str) -> object:
    if len(rule) > LONGEST_RULE:
        _refuse(f"rule is longer than {LONGEST_RULE:,} characters: shorten it.")
    try:
        return msgspec.json.decode(rule)
    except (msgspec.DecodeError, RecursionError):
        _refuse("rule is no JSON.")


def _refuse(sentence: str) -> NoReturn:
    raise Trouble(HTTPStatus.BAD_REQUEST, sentence)
