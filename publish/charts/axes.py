"""Axes: round numbers up the side, names along the bottom, years along a stretch of time."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import ceil, floor, log10
from typing import NamedTuple

from publish.charts.svg import Element, element

LETTER = 7.5
"""Width of a letter or digit of an axis, a little more than the widest common fonts have."""
TOP, BOTTOM, RIGHT = 12.0, 26.0, 8.0
_STEPS = (1, 2, 5, 10)
_MONTHS = (1, 3, 6)


class Plot(NamedTuple):
    """The area in which figures are drawn: `most` is the figure at its top."""

    left: float
    right: float
    top: float
    bottom: float
    most: float

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most

    def slots(self, count: int) -> float:
        """The width that each of so many things beside each other has."""
        return (self.right - self.left) / max(count, 1)


def round_ticks(most: float, count: int = 4) -> list[float]:
    """Figures from 0 to at least `most` in steps of 1, 2 or 5 times a power of ten, about `count` of them."""
    rough = max(most, 1) / count
    power = 10 ** floor(log10(rough))
    step = max(next(step * power for step in _STEPS if step * power >= rough), 1)
    return [number * step for number in range(ceil(max(most, 1) / step) + 1)]


def plot_for(width: float, height: float, most: float) -> tuple[Plot, list[float]]:
    """The area of a picture with an axis up to at least `most`, and its ticks."""
    ticks = round_ticks(most)
    left = LETTER * max(len(f"{tick:,.0f}") for tick in ticks) + 10
    return Plot(left, width - RIGHT, TOP, height - BOTTOM, ticks[-1]), ticks


def upright(plot: Plot, ticks: Sequence[float]) -> Iterator[Element]:
    """A line across at each tick, its figure to the left."""
    for tick in ticks:
        y = plot.y(tick)
        kind = "grid" if tick else "axis"
        yield element("line", class_=kind, x1=plot.left, x2=plot.right, y1=y, y2=y)
        yield element("text", f"{tick:,.0f}", x=plot.left - 6, y=y + 4, text_anchor="end")


def along(plot: Plot, names: Sequence[str]) -> Iterator[Element]:
    """Names below the middle of each place that has one; those that would run into the one before are left out."""
    free = 0.0
    for number, name in enumerate(names):
        if not name:
            continue
        middle = plot.left + plot.slots(len(names)) * (number + 0.5)
        half = LETTER * len(name) / 2
        yield element("line", class_="axis", x1=middle, x2=middle, y1=plot.bottom, y2=plot.bottom + 4)
        if middle - half >= free and middle + half <= plot.right + RIGHT:
            yield element("text", name, x=middle, y=plot.bottom + 19, text_anchor="middle")
            free = middle + half + LETTER


def day_ticks(first: date, last: date, most: int) -> list[tuple[date, str]]:
    """First days of round years, or of months when there are few, from `first` to `last`; at most `most`."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    for step in _MONTHS:
        if months / step <= most:
            return _months(first, last, step)
    years = last.year - first.year + 1
    power = 1
    while not (fit := [step * power for step in _STEPS if years / (step * power) <= most]):
        power *= 10
    found = (date(year, 1, 1) for year in range(first.year, last.year + 1) if year % fit[0] == 0)
    return [(day, f"{day.year}") for day in found if first <= day]


def _months(first: date, last: date, step: int) -> list[tuple[date, str]]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    found = (date(month // 12, month % 12 + 1, 1) for month in months if month % 12 % step == 0)
    return [(day, f"{day:%Y-%m}") for day in found if first <= day]
