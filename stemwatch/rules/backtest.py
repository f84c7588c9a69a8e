"""How often a rule would have fired on what is stored, before anybody subscribes. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from heapq import nlargest
from itertools import islice

import msgspec

from stemwatch.rules.language import Rule
from stemwatch.rules.ruleset import RuleSet
from stemwatch.rules.subject import Subject
from stemwatch.views import View
from stemwatch.words import Verb

_BATCH = 100


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened. `first_look`: a notice of a source's first run, taken as new on its posted date."""

    subject: Subject
    day: date
    first_look: bool
    notice: str
    title: str
    url: str


class Hit(View, frozen=True):
    """One of them that a rule would have told; `why` has a sentence for each rule."""

    day: date
    change: int
    verb: Verb
    first_look: bool
    notice: str
    title: str
    url: str
    why: tuple[str, ...]


class Month(View, frozen=True):
    """Hits of one month (`2025-01`): changes that were seen to happen, and notices of a first look."""

    month: str
    changes: int
    first_look: int


class Backtest(View, frozen=True):
    """What a rule would have told of what happened between two days; every month between them is counted.

    Notices are judged by what is known of them now. `examples` are the newest.
    """

    rule: str
    first_day: date | None
    last_day: date | None
    happened: int
    hits: int
    per_month: float
    months: tuple[Month, ...]
    examples: tuple[Hit, ...]


def backtest(
    name: str,
    rules: Mapping[str, Rule],
    history: Iterable[Happening],
    *,
    examples: int = 5,
    progress: Callable[[int], None] = lambda done: None,
) -> Backtest:
    """Holds rules against happened, which are read once; `progress` is told how many were."""
    tried = _Trial(RuleSet(rules), progress)
    newest = nlargest(examples, tried.hits(history), key=lambda hit: (hit.day, hit.change))
    months = tuple(tried.months())
    return Backtest(
        rule=name,
        first_day=tried.first,
        last_day=tried.last,
        happened=tried.happened,
        hits=sum(tried.counts.values()),
        per_month=round(sum(tried.counts.values()) / len(months), 2) if months else 0.0,
        months=months,
        examples=tuple(newest),
    )


class _Trial:
    """What was seen so far."""

    def __init__(self, rules: RuleSet, progress: Callable[[int], None]) -> None:
        self._rules = rules
        self._progress = progress
        self.happened = 0
        self.first: date | None = None
        self.last: date | None = None
        self.counts: Counter[tuple[str, bool]] = Counter()

    def hits(self, history: Iterable[Happening]) -> Iterator[Hit]:
        history = iter(history)
        while batch := {one.subject.change: one for one in islice(history, _BATCH)}:
            self._saw(batch.values())
            why: dict[int, list[str]] = {}
            for match in self._rules.matches(one.subject for one in batch.values()):
                why.setdefault(match.change, []).append(match.why)
            for change, reasons in why.items():
                one = batch[change]
                self.counts[f"{one.day:%Y-%m}", one.first_look] += 1
                yield _hit(one, reasons)

    def _saw(self, happened: Iterable[Happening]) -> None:
        days = [one.day for one in happened]
        self.first = min(days) if self.first is None else min(self.first, *days)
        self.last = max(days) if self.last is None else max(self.last, *days)
        self.happened += len(days)
        self._progress(self.happened)

    def months(self) -> Iterator[Month]:
        """Every month from the first to the last."""
        if self.first is None or self.last is None:
            return
        first, last = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        for number in range(first, last + 1):
            month = f"{number // 12:04}-{number % 12 + 1:02}"
            yield Month(month=month, changes=self.counts[month, False], first_look=self.counts[month, True])


def _hit(one: Happening, why: list[str]) -> Hit:
    return Hit(
        day=one.day,
        change=one.subject.change,
        verb=one.subject.verb,
        first_look=one.first_look,
        notice=one.notice,
        title=one.title,
        url=one.url,
        why=tuple(why),
    )
