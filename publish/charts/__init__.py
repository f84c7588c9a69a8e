"""Plots as inline SVG: pure functions from figures to a text that stands in a page.

Colours and type come from the page's style sheet by class (`s1` to `s6` are series, `axis`, `grid`), so that a
plot follows light and dark. Each is one picture to a screen reader, with a title and a description; its figures
stand in a table beside it. Words are escaped by the XML writer.
"""

from publish.charts.bars import Series, bars, meter
from publish.charts.lines import Band, band
from publish.charts.svg import Caption
from publish.charts.timeline import Lane, Mark, Span, days, timeline

__all__ = ["Band", "Caption", "Lane", "Mark", "Series", "Span", "band", "bars", "days", "meter", "timeline"]
