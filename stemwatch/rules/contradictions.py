"""Rules, and branches of rules, that nothing can meet: their owners are told. Pure."""

from collections.abc import Callable

import msgspec

from stemwatch.records import Source
from stemwatch.rules.known import Known
from stemwatch.rules.language import Condition, Rule

Domain = dict[str, frozenset[str]]
"""What a change may still be, by key, for the keys of which each change has one word."""


class Contradiction(Exception):
    """Why nothing can meet a table, as the end of a sentence."""


_SINGLE = ("sources", "jurisdictions", "regulators", "kinds", "stages", "verbs", "causes", "relevance")
_OF_A_SOURCE: dict[str, Callable[[Source], str]] = {
    "jurisdictions": lambda source: source.jurisdiction,
    "regulators": lambda source: source.regulator,
}


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """The sources that a rule can match, and what its owner should know of it: one sentence each."""

    sources: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def examined(rule: Rule, known: Known) -> Examined:
    """What can be said of a rule without looking at any notice."""
    finder = _Finder(known)
    rule = rule.whole()
    domain = {key: frozenset(known.words[key]) for key in _SINGLE}
    try:
        domain = finder.narrowed(rule, domain, [rule], "")
    except Contradiction as reason:
        return Examined(warnings=(f"It can never match: {reason}.",))
    return Examined(sources=tuple(sorted(domain["sources"])), warnings=tuple(finder.found))


class _Finder:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.found: list[str] = []

    def narrowed(self, table: Condition, domain: Domain, held: list[Condition], path: str) -> Domain:
        """What a change may be that meets `table`, too. `held` are the tables that it meets already.

        Contradiction when there is no such change.
        """
        domain = dict(domain)
        for key, words in table.lists():
            self._narrow(domain, key, words)
        self._check_sources(domain)
        for number, inner in enumerate(table.all):
            held = [*held, inner]
            domain = self.narrowed(inner, domain, held, f"{path}all[{number}].")
        if table.any is not None:
            self._check_any(table.any, domain, held, path)
        for number, inner in enumerate(table.none):
            if _covers(inner, domain, held):
                raise Contradiction(f"{path}none[{number}] leaves out everything that the rest asks for")
        return domain

    def _narrow(self, domain: Domain, key: str, words: tuple[str, ...]) -> None:
        if not words:
            raise Contradiction(f"its list of {key} is empty")
        if key == "verbs" and "baseline" in words:
            if set(words) == {"baseline"}:
                raise Contradiction("a baseline is always silent")
            self._tell("The verb baseline is always silent and can be left out.")
        if key in domain:
            left = domain[key] & set(words)
            if not left:
                asked = _told(sorted(domain[key]))
                raise Contradiction(f"{key} {_told(words)} is none of those that it asks for otherwise ({asked})")
            domain[key] = left

    def _check_sources(self, domain: Domain) -> None:
        """The sources that are left by what is said of their jurisdictions and regulators."""
        sources = [self.known.sources[name] for name in sorted(domain["sources"])]
        for key, of in _OF_A_SOURCE.items():
            left = [source for source in sources if of(source) in domain[key]]
            if sources and not left:
                raise Contradiction(f"no source that it may come from has the {key} {_told(sorted(domain[key]))}")
            sources = left
        domain["sources"] = frozenset(source.name for source in sources)

    def _check_any(self, tables: tuple[Condition, ...], domain: Domain, held: list[Condition], path: str) -> None:
        if not tables:
            raise Contradiction(f"its list {path}any is empty")
        reasons = []
        for number, inner in enumerate(tables):
            try:
                self.narrowed(inner, domain, [*held, inner], f"{path}any[{number}].")
            except Contradiction as contradiction:
                reasons.append((f"{path}any[{number}]", str(contradiction)))
        if len(reasons) == len(tables):
            raise Contradiction("; ".join(f"in {where}, {reason}" for where, reason in reasons))
        for where, reason in reasons:
            self._tell(f"Its part {where} can never match: {reason}.")

    def _tell(self, warning: str) -> None:
        if warning not in self.found:
            self.found.append(warning)


def _told(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(words) if len(words) <= 8 else f"{', '.join(words[:7])} and {len(words) - 7} more"


def _covers(table: Condition, domain: Domain, held: list[Condition]) -> bool:
    """Whether every change that is left meets `table`. False, too, when that cannot be said."""
    return (
        all(_implied(key, words, domain, held) for key, words in table.lists())
        and (table.query is None or any(table.query == other.query for other in held))
        and all(_covers(inner, domain, held) for inner in table.all)
        and (table.any is None or any(_covers(inner, domain, held) for inner in table.any))
        and not table.none
    )


def _implied(key: str, words: tuple[str, ...], domain: Domain, held: list[Condition]) -> bool:
    if key in domain:
        return domain[key] <= set(words)
    return any(
        set(other) <= set(words) for table in held for name, other in table.lists() if name == key and other
    )
