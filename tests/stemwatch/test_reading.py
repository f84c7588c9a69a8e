"""When a page is due again."""

from datetime import timedelta

import pytest

from stemwatch.reading import KnownPage, Reading, due
from stemwatch.words import Label
from tests.store.builders import START

URL = "https://www.fda.gov/x"


def known(**values: object) -> KnownPage:
    return KnownPage(url=URL, **{"read_at": START, "looked_at": START, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(("label", "days"), [("relevant", 7), ("possible", 45), ("unrelated", 180)])
def test_a_page_is_due_again_by_its_relevance(label: Label, days: int) -> None:
    assert not due(known(), label, START + timedelta(days=days, seconds=-1))
    assert due(known(), label, START + timedelta(days=days))


@pytest.mark.parametrize(("failures", "days"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 32), (7, 32), (500, 32)])
@pytest.mark.parametrize("read_at", [None, START])
def test_failures_back_off_by_doubling_up_to_a_month(failures: int, days: int, read_at: object) -> None:
    page = known(read_at=read_at, failures=failures)
    assert not due(page, "relevant", START + timedelta(days=days, seconds=-1))
    assert due(page, "relevant", START + timedelta(days=days))


def test_a_page_never_looked_at_is_due() -> None:
    assert due(KnownPage(url=URL), "unrelated", START)


def test_a_page_looked_at_but_never_read_is_due() -> None:
    assert due(known(read_at=None), "unrelated", START)


def test_readings_go_by_rank_then_newest_first_then_key() -> None:
    shapes = [(1, "2025-01-01", "b"), (1, "2025-01-01", "a"), (1, "2025-02-01", "z"), (0, "", "y")]
    readings = [Reading(rank=rank, newest=day, key=key, role="notice", url=URL) for rank, day, key in shapes]
    found = [reading.key for reading in sorted(readings, key=lambda reading: reading.order)]
    assert found == ["y", "z", "a", "b"]


def test_what_has_no_date_is_read_after_what_has_one() -> None:
    dated, undated = (Reading(rank=6, newest=day, key="k", role="notice", url=URL) for day in ("2021-01-05", ""))
    assert sorted([undated, dated], key=lambda reading: reading.order) == [dated, undated]
