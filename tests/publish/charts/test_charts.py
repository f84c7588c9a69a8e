"""Plots: pictures with a name and a description, axes with round figures, and nothing that could be markup."""

import re
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.charts import Band, Caption, Lane, Mark, Series, Span, band, bars, meter, timeline
from publish.charts.axes import day_ticks, round_ticks

CAPTION = Caption("shown", "Actions <per> month & year", "Bars, stacked.")
NAMES = ["2024", "", "2025"]
TWO = [Series("FDA", [3, 0, 6]), Series("FTC", [1, 2, 0])]
LANES = [
    Lane("FDA", marks=[Mark(date(2021, 5, 1), date(2023, 5, 1)), Mark(date(2024, 1, 9))]),
    Lane("Talvex <b>Labs</b>", spans=[Span(date(2020, 1, 1), date(2024, 1, 9))]),
]
PICTURES = {
    "bars": lambda width: bars(CAPTION, NAMES, TWO, width=width, height=200),
    "band": lambda width: band(CAPTION, NAMES, [Band(1, 2, 3), None, Band(2, 2, 9)], width=width, height=200),
    "timeline": lambda width: timeline(CAPTION, LANES, width=width),
}


def parts(picture: str, name: str, kind: str = "") -> list[ElementTree.Element]:
    return [part for part in ElementTree.fromstring(picture).iter(name) if kind in (part.get("class") or "")]


def numbers(picture: str) -> list[float]:
    """Every horizontal place in the picture."""
    places = [
        float(part.get(name, "0")) for part in ElementTree.fromstring(picture).iter() for name in ("x", "x1", "cx")
    ]
    return places + [float(x) for x in re.findall(r"M([\d.]+) ", picture)]


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_a_role_a_name_and_a_description(name: str) -> None:
    root = ElementTree.fromstring(PICTURES[name](330))
    assert root.get("role") == "img"
    named = {part.get("id"): part.text for part in root if part.get("id")}
    assert [named[key] for key in root.get("aria-labelledby", "").split()] == [CAPTION.title, CAPTION.about]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("width", [330, 880])
def test_nothing_is_drawn_outside_of_a_picture(name: str, width: int) -> None:
    assert all(0 <= place <= width for place in numbers(PICTURES[name](width)))


@pytest.mark.parametrize("name", PICTURES)
def test_words_are_escaped_and_colours_come_from_the_style_sheet(name: str) -> None:
    picture = PICTURES[name](330)
    assert "<b>" not in picture
    assert "<per>" not in picture
    assert "style=" not in picture
    assert "fill=" not in picture


def test_bars_stand_on_each_other_and_an_empty_one_is_not_drawn() -> None:
    first, second = (part.get("d") or "" for part in parts(PICTURES["bars"](330), "path"))
    assert first.count("M") == 2
    assert second.count("M") == 2
    foot = float(re.findall(r"M[\d.]+ ([\d.]+)V", second)[0])
    head = float(re.findall(r"V([\d.]+)h", first)[0])
    assert foot == head


def test_series_of_another_length_than_the_names_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer|figures"):
        bars(CAPTION, NAMES, [Series("FDA", [1, 2])], width=330, height=200)
    with pytest.raises(ValueError, match=r"shorter|longer"):
        bars(CAPTION, NAMES, [*TWO, Series("DOJ", [1])], width=330, height=200)


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    picture = PICTURES["band"](330)
    assert len(parts(picture, "polyline")) == 2
    assert len(parts(picture, "circle")) == 2


def test_names_that_would_run_into_each_other_are_left_out() -> None:
    names = [f"{year}" for year in range(1990, 2026)]
    values = [Series("FDA", [1] * len(names))]
    shown = [part.text for part in parts(bars(CAPTION, names, values, width=330, height=200), "text")]
    assert 3 < len([name for name in shown if name in names]) < 12


def test_a_close_out_is_a_ring_where_it_happened() -> None:
    picture = PICTURES["timeline"](880)
    ring = parts(picture, "circle", "ring")
    dots = parts(picture, "circle", "s1")
    assert len(ring) == 1
    assert len(dots) == 2
    assert float(dots[0].get("cx", "")) < float(ring[0].get("cx", "")) < float(dots[1].get("cx", ""))


def test_a_long_name_is_cut_with_a_sign() -> None:
    lane = Lane("x" * 500, marks=[Mark(date(2024, 1, 1))])
    texts = [part.text or "" for part in parts(timeline(CAPTION, [lane], width=330), "text")]
    assert max(map(len, texts)) < 50
    assert any(text.endswith("x…") for text in texts)


@pytest.mark.parametrize(("first", "last"), [(date.min, date.max), (date.max, date.max), (date.min, date.min)])
def test_the_ends_of_the_calendar_can_be_drawn(first: date, last: date) -> None:
    assert parts(timeline(CAPTION, [Lane("FDA", spans=[Span(first, last)])], width=330), "rect")


def test_a_timeline_without_a_day_is_an_error() -> None:
    with pytest.raises(ValueError, match="no day"):
        timeline(CAPTION, [Lane("FDA")], width=330)


@pytest.mark.parametrize("draw", [lambda: bars(CAPTION, [], [], width=330, height=200), lambda: meter(0)])
def test_nothing_can_be_drawn_of_nothing(draw: Callable[[], str]) -> None:
    assert ElementTree.fromstring(draw()).tag == "svg"


@given(st.floats(min_value=0, max_value=1e9))
def test_an_axis_has_few_round_figures_and_reaches_over_the_greatest(most: float) -> None:
    ticks = round_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert len(ticks) <= 6
    step = ticks[1]
    assert f"{step:.0f}".rstrip("0") in ("1", "2", "5")


@given(st.dates(), st.dates(), st.integers(min_value=2, max_value=30))
def test_marks_of_time_are_few_rising_and_first_days(one: date, other: date, most: int) -> None:
    first, last = sorted((one, other))
    days = [day for day, _ in day_ticks(first, last, most)]
    assert days == sorted(set(days))
    assert len(days) <= most
    assert all(day.day == 1 and first <= day for day in days)


@given(st.floats(min_value=-5, max_value=5))
def test_a_meter_stays_within_its_line(share: float) -> None:
    bar = parts(meter(share), "rect")[0]
    assert 0 <= float(bar.get("width", "")) <= 100
