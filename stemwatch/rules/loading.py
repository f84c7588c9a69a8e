"""Rules read strictly: what cannot be understood is one sentence that names the rule and the key."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from stemwatch.errors import UsageError
from stemwatch.rules.known import Known, listed
from stemwatch.rules.language import DEEPEST, FREE, LISTS, LONGEST_WORD, MOST_CONDITIONS, MOST_WORDS, Rule
from stemwatch.search import parse
from stemwatch.tokens import tokens

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_GROUPS = ("all", "any", "none")


def read_rule(name: str, table: object, known: Known) -> Rule:
    """The rule that a table of TOML or JSON describes; UsageError with one sentence otherwise."""
    try:
        if not _NAME.fullmatch(name):
            raise UsageError("a name is made of letters, digits, - and _, 80 at most")
        if not isinstance(table, Mapping):
            raise UsageError("it is no table of keys")
        _check_keys(table, "", 1)
        rule = msgspec.convert(table, Rule, strict=True)
        check(rule, known)
    except UsageError as error:
        raise UsageError(f"The rule {name!r} cannot be used: {str(error).rstrip('.')}.") from None
    return rule


def check(rule: Rule, known: Known) -> None:
    """UsageError for the first thing in `rule` that cannot be understood."""
    tables = list(rule.within())
    if len(tables) > MOST_CONDITIONS:
        raise UsageError(f"it has {len(tables):,} tables; {MOST_CONDITIONS} are the most")
    if len(rule.title) > LONGEST_WORD:
        raise UsageError(f"its title is longer than {LONGEST_WORD} characters")
    for path, condition in tables:
        where = f"in {path}, " if path else ""
        for key, words in condition.lists():
            if trouble := _trouble(key, words) or known.unknown(key, words):
                raise UsageError(where + trouble)
        if condition.query is not None:
            try:
                parse(condition.query)
            except UsageError as error:
                raise UsageError(f"{where}query cannot be used. {error}") from None


def _trouble(key: str, words: tuple[str, ...]) -> str:
    if len(words) > MOST_WORDS:
        return f"{key} has {len(words):,} words; {MOST_WORDS} are the most"
    for word in words:
        if len(word) > LONGEST_WORD:
            return f"{key} has a word of more than {LONGEST_WORD} characters"
        if key in FREE and not tokens(word):
            return f"{key} has {word!r}, which holds no letter and no digit"
    return ""


def _check_keys(table: Mapping[Any, Any], path: str, depth: int) -> None:
    """UsageError for the first key that no table knows or whose value is of another kind; for too many levels."""
    where = f"in {path}, " if path else ""
    if depth > DEEPEST:
        raise UsageError(f"its tables are nested more than {DEEPEST} deep")
    if path and not table:
        raise UsageError(f"{path} has no key, so it would hold for everything")
    known = [*LISTS, "query", *_GROUPS, *([] if path else ["title"])]
    for key, value in table.items():
        if key not in known:
            raise UsageError(f"{where}there is no key {key!r}; known: {listed(str(key), known)}")
        if trouble := _shape(key, value):
            raise UsageError(where + trouble)
    for key in _GROUPS:
        for number, inner in enumerate(table.get(key, ())):
            _check_keys(inner, f"{path}{'.' if path else ''}{key}[{number}]", depth + 1)


def _shape(key: str, value: object) -> str:
    """What is wrong with the form of a value; empty when it has that of its key."""
    if key in ("query", "title"):
        return "" if isinstance(value, str) else f"{key} must be one text in quotation marks"
    kind, told = (Mapping, "tables") if key in _GROUPS else (str, "words in quotation marks")
    if isinstance(value, list | tuple) and all(isinstance(item, kind) for item in value):
        return ""
    return f"{key} must be a list of {told}"
