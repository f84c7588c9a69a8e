"""What happened when, in lanes below each other over one axis of time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from publish.charts.axes import LETTER, day_ticks
from publish.charts.svg import Caption, Element, element, picture

LANE = 44.0
EDGE, BOTTOM = 10.0, 26.0


class Mark(NamedTuple):
    """Something on one day; `ends` when what it began was over."""

    on: date
    ends: date | None = None


class Span(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date


class Lane(NamedTuple):
    """One line of the picture with its name above it."""

    name: str
    spans: Sequence[Span] = ()
    marks: Sequence[Mark] = ()


class Scale(NamedTuple):
    """Where a day is drawn: days since `start` along the width, with equal edges."""

    start: date
    days: int
    width: float

    def x(self, day: date) -> float:
        return EDGE + (self.width - 2 * EDGE) * (day - self.start).days / self.days


def timeline(caption: Caption, lanes: Sequence[Lane], *, width: float) -> str:
    """The lanes over the time they take up: bars for spans, dots for marks, rings where a mark's matter ended.

    ValueError when no lane has a day.
    """
    shown = sorted(day for lane in lanes for day in days(lane))
    if not shown:
        raise ValueError("there is no day to draw")
    spare = timedelta(days=max((shown[-1] - shown[0]).days // 50, 15))
    start, end = _no_earlier(shown[0], spare), _no_later(shown[-1], spare)
    scale = Scale(start, (end - start).days, width)
    height = LANE * len(lanes) + BOTTOM
    drawn = [*_axis(scale, end, height)]
    for number, lane in enumerate(lanes):
        drawn.extend(_lane(scale, lane, LANE * number))
    return picture(caption, width, height, drawn)


def _no_earlier(day: date, spare: timedelta) -> date:
    return day - spare if day - date.min > spare else date.min


def _no_later(day: date, spare: timedelta) -> date:
    return day + spare if date.max - day > spare else date.max


def days(lane: Lane) -> Iterator[date]:
    """Every day that a lane shows."""
    for span in lane.spans:
        yield from span
    for mark in lane.marks:
        yield from filter(None, mark)


def _axis(scale: Scale, end: date, height: float) -> Iterator[Element]:
    low = height - BOTTOM
    most = int(scale.width / (LETTER * 9))
    for day, name in day_ticks(scale.start, end, most):
        x, half = scale.x(day), LETTER * len(name) / 2
        yield element("line", class_="grid", x1=x, x2=x, y1=0, y2=low)
        if half <= x <= scale.width - half:
            yield element("text", name, x=x, y=low + 18, text_anchor="middle")
    yield element("line", class_="axis", x1=0, x2=scale.width, y1=low, y2=low)


def _lane(scale: Scale, lane: Lane, top: float) -> Iterator[Element]:
    middle = top + 30
    yield element("text", _cut(lane.name, scale.width), x=EDGE, y=top + 16)
    for span in lane.spans:
        long = max(scale.x(span.last) - scale.x(span.first), 3)
        yield element("rect", class_="s2", x=scale.x(span.first), y=middle - 4, width=long, height=8, rx=3)
    for mark in lane.marks:
        if mark.ends:
            ends = scale.x(mark.ends)
            yield element("line", class_="line thin", x1=scale.x(mark.on), x2=ends, y1=middle, y2=middle)
            yield element("circle", class_="ring", cx=ends, cy=middle, r=5)
    for mark in lane.marks:
        yield element("circle", class_="s1", cx=scale.x(mark.on), cy=middle, r=5.5)


def _cut(name: str, width: float) -> str:
    most = int((width - 2 * EDGE) / LETTER)
    return name if len(name) <= most else name[: most - 1] + "…"
