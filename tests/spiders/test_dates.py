"""Days as regulators print them: each form exactly, and nothing else."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.common import dates

Form = Callable[[str], date]
NEW_YEAR_1990, REIWA = date(1990, 1, 1), date(2019, 5, 1)


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        (dates.iso, "2025-01-28", date(2025, 1, 28)),
        (dates.iso, "2025-01-28T23:30:00-05:00", date(2025, 1, 28)),
        (dates.english, "January 28, 2025", date(2025, 1, 28)),
        (dates.english, "Tuesday, January 28, 2025", date(2025, 1, 28)),
        (dates.english, "Jan. 28, 2025", date(2025, 1, 28)),
        (dates.english, "Sept. 3rd 2025", date(2025, 9, 3)),
        (dates.english, "28 January 2025", date(2025, 1, 28)),
        (dates.english, "May 1,\n 2025", date(2025, 5, 1)),
        (dates.french, "28 janvier 2025", date(2025, 1, 28)),
        (dates.french, "1er août 2025", date(2025, 8, 1)),
        (dates.french, "mardi 28 févr. 2025", date(2025, 2, 28)),
        (dates.japanese, "平成29年2月20日", date(2017, 2, 20)),
        (dates.japanese, "令和元年5月1日", date(2019, 5, 1)),
        (dates.japanese, "令和７年８月２９日（金）", date(2025, 8, 29)),
        (dates.japanese, "2025年8月29日", date(2025, 8, 29)),
        (dates.korean, "2025-01-28", date(2025, 1, 28)),
        (dates.korean, "2025.1.28.", date(2025, 1, 28)),
        (dates.korean, "2025년 1월 28일", date(2025, 1, 28)),
        (dates.day_month_year, "03/04/2025", date(2025, 4, 3)),
        (dates.month_day_year, "03/04/2025", date(2025, 3, 4)),
    ],
)
def test_a_printed_day_is_read(form: Form, text: str, day: date) -> None:
    assert form(text) == day


@pytest.mark.parametrize("form", [dates.iso, dates.english, dates.french, dates.japanese, dates.korean])
@pytest.mark.parametrize(
    "text", ["", "yesterday", "13/13/2025", "Ju 1, 2025", "令和99999年1月1日", "1 2 3", "32 May 2025"]
)
def test_anything_else_is_no_day(form: Form, text: str) -> None:
    with pytest.raises(ValueError):
        form(text)


@pytest.mark.parametrize("form", [dates.day_month_year, dates.month_day_year])
def test_the_order_of_day_and_month_is_never_guessed(form: Form) -> None:
    read = {form(text) for text in ("03/04/2025", "3.4.2025")}
    assert len(read) == 1
    with pytest.raises(ValueError):
        form("31/31/2025")


@given(st.dates(NEW_YEAR_1990, date(2100, 1, 1)))
def test_every_day_of_an_era_comes_back(day: date) -> None:
    era, before = ("令和", 2018) if day >= REIWA else ("平成", 1988)
    assert dates.japanese(f"{era}{day.year - before}年{day.month}月{day.day}日") == day


@given(st.integers(0, 200_000_000_000))
def test_one_instant_is_one_day_however_a_feed_writes_it(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    forms = (moment.isoformat(), moment.isoformat().replace("+00:00", "Z"), format_datetime(moment))
    assert len({dates.day_in(text, "Asia/Tokyo") for text in forms}) == 1
    assert dates.epoch(str(int(moment.timestamp())), "Asia/Tokyo") == dates.day_in(forms[0], "Asia/Tokyo")


@given(st.text(max_size=40))
def test_no_text_makes_a_form_fail_otherwise_than_by_saying_so(text: str) -> None:
    for form in (dates.iso, dates.english, dates.french, dates.japanese, dates.korean, dates.day_month_year):
        try:
            form(text)
        except ValueError:
            continue
    for zoned in (dates.day_in, dates.epoch):
        try:
            zoned(text, "Europe/Paris")
        except ValueError:
            continue
