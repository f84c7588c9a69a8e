"""A line through figures, with the band in which the middle half of what they sum up lies."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from publish.charts.axes import Plot, along, plot_for, upright
from publish.charts.svg import Caption, Element, element, picture


class Band(NamedTuple):
    """The figure at one place and the two between which most of the rest lies."""

    lower: float
    middle: float
    upper: float


Point = tuple[float, Band]
"""Where it is drawn along the bottom, and what."""


def band(
    caption: Caption, names: Sequence[str], values: Sequence[Band | None], *, width: float, height: float
) -> str:
    """A line from name to name; where a value is missing, the line is broken."""
    plot, ticks = plot_for(width, height, max((value.upper for value in values if value), default=0))
    drawn = [*upright(plot, ticks), *along(plot, names)]
    for run in _runs(plot, values):
        drawn.extend(_run(plot, run))
    return picture(caption, width, height, drawn)


def _runs(plot: Plot, values: Sequence[Band | None]) -> Iterator[list[Point]]:
    slot = plot.slots(len(values))
    points = [(plot.left + slot * (place + 0.5), value) for place, value in enumerate(values)]
    for filled, group in groupby(points, key=lambda point: point[1] is not None):
        if filled:
            yield [(x, value) for x, value in group if value is not None]


def _run(plot: Plot, run: Sequence[Point]) -> Iterator[Element]:
    upper = [_place(x, plot.y(value.upper)) for x, value in run]
    lower = [_place(x, plot.y(value.lower)) for x, value in reversed(run)]
    yield element("polygon", class_="band", points=" ".join(upper + lower))
    yield element("polyline", class_="line", points=" ".join(_place(x, plot.y(value.middle)) for x, value in run))
    for x, value in run:
        yield element("line", class_="line thin", x1=x, x2=x, y1=plot.y(value.lower), y2=plot.y(value.upper))
        yield element("circle", class_="s1", cx=x, cy=plot.y(value.middle), r=4)


def _place(x: float, y: float) -> str:
    return f"{x:.1f},{y:.1f}"
