"""Many rules held against many changes, by an index of what each rule needs. Pure.

A rule is filed under keys of which a change must have one to meet it: those that the fewest of the changes seen so
far had. Only rules filed under something that a change has are looked at. The index is made again whenever twice
as many changes have been seen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from stemwatch.rules.evaluating import prepared
from stemwatch.rules.language import Rule
from stemwatch.rules.names import Spellings
from stemwatch.rules.needs import Key, keys, narrowest
from stemwatch.rules.reading import Reading
from stemwatch.rules.subject import Subject
from stemwatch.rules.wording import sentence

_BATCH, _CHARACTERS = 32, 2_000_000
"""So many changes are read at a time, fewer when their texts are longer: their words are in memory."""
_REMEMBERED = 200_000
"""Words whose keys are remembered."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A change that meets a rule. `reasons` follow the word "it": "is new", "counts as relevant"."""

    change: int
    rule: str
    reasons: tuple[str, ...]
    title: str = ""

    @property
    def why(self) -> str:
        """The reasons as a sentence, after the rule's title if it has one."""
        return sentence(self.reasons, self.title)


class RuleSet:
    """Rules by name. `reads_texts`: whether one of them looks at more than the fixed words of a change."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.reads_texts = any(table.reads_texts for rule in rules.values() for _, table in rule.within())
        self._titles = {name: rule.title for name, rule in rules.items()}
        self._tables = {name: prepared(rule) for name, rule in rules.items()}
        self._needs = {name: table.need() for name, table in self._tables.items()}
        self._keys = _Keys({key for need in self._needs.values() for key in keys(need)})
        self._counts: Counter[Key] = Counter()
        self._seen = 0
        self._due = 1
        self._filed: dict[Key, list[str]] = {}
        self._always: list[str] = []

    def matches(self, subjects: Iterable[Subject]) -> Iterator[Match]:
        """For each change, in the given order, the rules that it meets, in theirs."""
        places = {name: place for place, name in enumerate(self._tables)}
        told = (subject for subject in subjects if subject.verb != "baseline")
        for batch in _batches(told):
            had = [self._keys.of(reading) for reading in batch]
            self._learn(had)
            for reading, has in zip(batch, had, strict=True):
                found = {name for key in has for name in self._filed.get(key, ())}
                for name in sorted(found.union(self._always), key=places.__getitem__):
                    if (reasons := self._tables[name].met(reading)) is not None:
                        yield self._match(reading, name, reasons)

    def _match(self, reading: Reading, rule: str, reasons: list[str]) -> Match:
        title = self._titles[rule]
        return Match(change=reading.subject.change, rule=rule, reasons=tuple(reasons), title=title)

    def _learn(self, had: list[set[Key]]) -> None:
        self._seen += len(had)
        for has in had:
            self._counts.update(has)
        if self._seen < self._due:
            return
        self._due = 2 * self._seen
        filed: defaultdict[Key, list[str]] = defaultdict(list)
        self._always = []
        for name, need in self._needs.items():
            if (chosen := narrowest(need, self._counts.__getitem__)) is None:
                self._always.append(name)
            else:
                for key in chosen[1]:
                    filed[key].append(name)
        self._filed = filed


def _batches(subjects: Iterable[Subject]) -> Iterator[list[Reading]]:
    batch: list[Reading] = []
    length = 0
    for subject in subjects:
        batch.append(Reading(subject))
        length += sum(map(len, subject.texts.values()))
        if len(batch) == _BATCH or length > _CHARACTERS:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


class _Keys:
    """Which of the keys that some rule needs a change has."""

    def __init__(self, needed: set[Key]) -> None:
        self._fixed: defaultdict[str, set[str]] = defaultdict(set)
        for kind, word in needed:
            self._fixed[kind].add(word)
        self._words = self._fixed.pop("word", set())
        self._prefixes = self._fixed.pop("prefix", set())
        self._lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._pairs = self._fixed.pop("pair", set())
        self._near = Spellings(self._fixed.pop("near", set()))
        self._remembered: dict[str, tuple[Key, ...]] = {}
        self._reads = bool(self._words or self._prefixes or self._pairs or self._near.words)

    def of(self, reading: Reading) -> set[Key]:
        found = {(kind, word) for kind, words in self._fixed.items() for word in words & reading.values[kind]}
        if self._reads:
            for word in reading.vocabulary:
                found.update(self._of_word(word))
        if self._pairs:
            found.update(("pair", word) for word in self._pairs & reading.pairs)
        return found

    def _of_word(self, word: str) -> tuple[Key, ...]:
        keys = self._remembered.get(word)
        if keys is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            keys = self._remembered[word] = tuple(self._keys(word))
        return keys

    def _keys(self, word: str) -> Iterator[Key]:
        if word in self._words:
            yield "word", word
        for length in self._lengths:
            if word[:length] in self._prefixes and len(word) >= length:
                yield "prefix", word[:length]
        for name in self._near.of(word):
            yield "near", name
