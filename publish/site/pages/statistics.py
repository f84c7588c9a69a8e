"""Statistics: what regulators did over time, and about what; how soon it was posted; what is held."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from publish.charts import Band, Caption, band, bars, meter
from publish.site.asking import Answer, Asked
from publish.site.coverage import sources_of
from publish.site.plots import Picture, picture
from publish.site.stacking import Stack, last_months, stacked, years
from publish.site.templating import page
from publish.site.texts import SHARED, Texts, texts
from stemwatch.figures import Delay, Statistics
from stemwatch.wording import PRODUCTS, plain

MONTHS = 36
YEARS = 40
"""No list that is read goes further back; a day before that is a slip."""
HEIGHT = 260.0


class Plot(NamedTuple):
    """A stack as a picture; `name` is that of its words."""

    name: str
    stack: Stack
    picture: Picture


class Share(NamedTuple):
    """One line of a table with a bar as long as its part of the greatest."""

    name: str
    notices: int
    bar: Markup


def statistics(asked: Asked) -> Answer:
    """The figures as stored now, each as a plot or bar and as a table."""
    figures = asked.store.once("statistics", asked.store.statistics)
    words, frame = texts(asked.site.language, "statistics"), texts(asked.site.language, SHARED)
    checked = [view.last_ok_at for view in sources_of(asked) if view.last_ok_at]
    lists = {name: f"{source.regulator}: {source.title}" for name, source in asked.site.sources.items()}
    plots = _plots(asked, figures, max(checked).date()) if checked and figures.actions else []
    total = sum(action.notices for action in figures.actions)
    return page(
        asked,
        "statistics",
        here="statistics",
        figures=figures,
        total=total,
        undrawn=total - plots[-1].stack.total if plots else 0,
        plots=plots,
        products=_shares({PRODUCTS[product]: number for product, number in figures.products.items()}),
        stages=_shares({_stage(words, frame, stage): number for stage, number in figures.stages.items()}),
        delays=_delays(words, figures.delays_by_year),
        lists=lists,
    )


def _plots(asked: Asked, figures: Statistics, end: date) -> list[Plot]:
    words, frame = texts(asked.site.language, "statistics"), texts(asked.site.language, SHARED)
    regulators = {name: plain(source.regulator) for name, source in asked.site.sources.items()}
    regulated = [(each.month, regulators.get(each.source, each.source), each.notices) for each in figures.actions]
    kinds = [(each.month, _kind(frame, each.kind), each.notices) for each in figures.actions]
    by_year = [(month[:4], name, number) for month, name, number in regulated]
    months, every_year = last_months(end, MONTHS), years(figures.actions, end, YEARS)
    januaries = [month[:4] if month.endswith("-01") else "" for month in months]
    return [
        _plot(words, "regulators", stacked(regulated, months, words["others"]), januaries),
        _plot(words, "kinds", stacked(kinds, months, words["others"]), januaries),
        _plot(words, "years", stacked(by_year, every_year, words["others"]), every_year),
    ]


def _plot(words: Texts, name: str, stack: Stack, names: Sequence[str]) -> Plot:
    def draw(caption: Caption, width: float) -> str:
        return bars(caption, names, stack.series, width=width, height=HEIGHT)

    caption = Caption(name, words[f"{name}.title"], words[f"{name}.about"])
    return Plot(name, stack, picture(caption, draw))


def _delays(words: Texts, delays: Mapping[int, Delay]) -> Picture | None:
    """The median by year of issue, with the quartiles; None when no notice has both days."""
    if not delays:
        return None
    shown = range(max(min(delays), max(delays) - YEARS + 1), max(delays) + 1)
    values = [_band(delays[year]) if year in delays else None for year in shown]

    def draw(caption: Caption, width: float) -> str:
        return band(caption, [f"{year}" for year in shown], values, width=width, height=HEIGHT)

    return picture(Caption("delays", words["delays.title"], words["delays.about"]), draw)


def _shares(counts: Mapping[str, int]) -> list[Share]:
    most = max(counts.values(), default=1)
    return [Share(name, number, Markup(meter(number / most))) for name, number in counts.items()]  # noqa: S704


def _kind(frame: Texts, kind: str) -> str:
    return frame.get(f"kinds.{kind}", plain(kind.replace("_", " ")).capitalize())


def _stage(words: Texts, frame: Texts, stage: str) -> str:
    return frame[f"stages.{stage}"] if stage else words["no_stage"]


def _band(delay: Delay) -> Band:
    return Band(delay.lower, delay.median, delay.upper)
