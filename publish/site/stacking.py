"""Counts arranged for a plot: places along the bottom, the greatest series by name, the rest as one. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from publish.charts import Series
from stemwatch.figures import Counted

MOST_SERIES = 6
"""Colours that can be told apart; what goes beyond is one series."""


class Stack(NamedTuple):
    """`names` are the places in their order; each series has a figure for each of them."""

    names: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def total(self) -> float:
        """The sum of all figures."""
        return sum(sum(each.values) for each in self.series)

    def rows(self) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Each place with its figures, the last place first, as a table has it."""
        for number, name in reversed(tuple(enumerate(self.names))):
            yield name, tuple(each.values[number] for each in self.series)


def stacked(counts: Iterable[tuple[str, str, int]], names: Sequence[str], others: str) -> Stack:
    """Counts that come as (place, series, number), the greatest series first.

    Those of other places are not shown, but decide with which series are the greatest: so several plots of the
    same counts have the same colours.
    """
    totals: Counter[str] = Counter()
    cells: Counter[tuple[str, str]] = Counter()
    for place, name, number in counts:
        totals[name] += number
        cells[place, name] += number
    ordered = sorted(totals, key=lambda name: (-totals[name], name))
    own = ordered if len(ordered) <= MOST_SERIES else ordered[: MOST_SERIES - 1]
    series = [Series(name, [cells[place, name] for place in names]) for name in own]
    if rest := ordered[len(own) :]:
        series.append(Series(others, [sum(cells[place, name] for name in rest) for place in names]))
    return Stack(tuple(names), tuple(series))


def last_months(end: date, count: int) -> list[str]:
    """So many months up to that of `end`, as `2025-01`, the first one first."""
    last = end.year * 12 + end.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(max(last - count + 1, 12), last + 1)]


def years(actions: Iterable[Counted], end: date, most: int) -> list[str]:
    """Every year from that of the first dated action to that of `end`, at most so many."""
    first = min((int(action.month[:4]) for action in actions if action.month), default=end.year)
    return [f"{year:04}" for year in range(max(min(first, end.year), end.year - most + 1), end.year + 1)]
