"""Bars beside each other, each stacked of several series; and one bar in a line of a table."""

from collections.abc import Sequence
from typing import NamedTuple

from publish.charts.axes import Plot, along, plot_for, upright
from publish.charts.svg import Caption, Element, element, picture, written

GAP = 0.2
"""The share of its place that a bar leaves free."""


class Series(NamedTuple):
    """The figures of one colour, one for each bar."""

    name: str
    values: Sequence[float]


def bars(caption: Caption, names: Sequence[str], series: Sequence[Series], *, width: float, height: float) -> str:
    """A bar for each name, the first series at its foot. A bar whose name is empty has none below it.

    ValueError when a series has more or fewer figures than there are names.
    """
    totals = [sum(values) for values in zip(*(each.values for each in series), strict=True)]
    if series and len(totals) != len(names):
        raise ValueError(f"{len(totals)} figures for {len(names)} names")
    plot, ticks = plot_for(width, height, max(totals, default=0))
    below = [0.0] * len(names)
    drawn = [*upright(plot, ticks), *along(plot, names)]
    for number, each in enumerate(series, 1):
        drawn.append(_stacked(plot, number, each.values, below))
        below = [foot + value for foot, value in zip(below, each.values, strict=True)]
    return picture(caption, width, height, drawn)


def _stacked(plot: Plot, number: int, values: Sequence[float], below: Sequence[float]) -> Element:
    """All bars of one series as one path: a page with hundreds of them stays short."""
    slot = plot.slots(len(values))
    parts = []
    for place, (value, foot) in enumerate(zip(values, below, strict=True)):
        if value:
            left, low, high = plot.left + slot * (place + GAP / 2), plot.y(foot), plot.y(foot + value)
            parts.append(f"M{left:.1f} {low:.1f}V{high:.1f}h{slot * (1 - GAP):.1f}V{low:.1f}z")
    return element("path", class_=f"s{number}", d="".join(parts) or "M0 0")


def meter(share: float) -> str:
    """A bar as long as the share (0 to 1) of its line; it repeats a figure beside it, so it says nothing aloud."""
    bar = element("rect", class_="s1", width=100 * min(max(share, 0.0), 1.0), height=8)
    root = element("svg", class_="meter", viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")
    root.append(bar)
    return written(root)
