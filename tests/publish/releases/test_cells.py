"""CSV cells: none that a spreadsheet runs is left, and every text comes back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publish.releases.cells import executable, neutralise, restore


@given(st.text())
@example("'")
@example("'=1")
def test_a_neutralised_cell_comes_back_as_it_was(text: str) -> None:
    assert restore(neutralise(text)) == text


@given(st.text(" \t\r\n\u00a0\u200b\ufeff\u202e\x01", max_size=4), st.sampled_from("=+-@＝＋－＠"), st.text())
def test_no_cell_that_a_spreadsheet_runs_is_left(blanks: str, sign: str, rest: str) -> None:
    assert executable(blanks + sign + rest)
    assert neutralise(blanks + sign + rest).startswith("'")


@given(st.text())
def test_a_neutralised_cell_is_not_executable(text: str) -> None:
    assert not executable(neutralise(text))


@pytest.mark.parametrize("text", ["", "Firm, Inc.", "3-2=1", "(b)(6)", "é=1", "[]", "<b>", '"=1'])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert neutralise(text) == text
