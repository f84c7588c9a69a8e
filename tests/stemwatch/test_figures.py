"""Quartiles of days that come as counts are those of the days themselves."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.figures import delay


@given(st.lists(st.integers(min_value=0, max_value=5000), min_size=2, max_size=60))
def test_quartiles_are_those_of_the_standard_library(days: list[int]) -> None:
    found = delay(Counter(days).items())
    assert found
    expected = statistics.quantiles(days, n=4, method="inclusive")
    assert [found.lower, found.median, found.upper] == pytest.approx(expected)
    assert found.notices == len(days)


def test_one_notice_is_its_own_median_and_none_has_no_delay() -> None:
    one = delay([(12, 1)])
    assert one
    assert (one.lower, one.median, one.upper) == (12, 12, 12)
    assert delay([]) is None
