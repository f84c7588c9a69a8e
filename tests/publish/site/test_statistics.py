"""Statistics: each plot with its figures as a table, and what they do not say."""

from datetime import date
from pathlib import Path

import pytest

from publish.charts import Series
from publish.site.stacking import MOST_SERIES, last_months, stacked, years
from stemwatch.figures import Counted
from tests.publish.site.conftest import Client, answering, site_over


def test_each_plot_is_followed_by_its_figures_as_a_table(client: Client) -> None:
    words = client.get("/statistics").data.decode()
    assert words.count('<figure class="plot">') == words.count("<summary>The figures as a table</summary>") == 4
    assert words.count('role="img"') == 8
    ids = [part.partition('"')[0] for part in words.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    assert len(words) < 100_000


def test_the_figures_are_those_of_what_is_stored(client: Client) -> None:
    words = client.get("/statistics").data.decode()
    assert "Counted are the 3 notices that are judged relevant" in words
    assert '<th scope="row">2025</th><td class="num">1</td><td class="num">1</td>' in words
    assert '<th scope="row">Exosomes</th>' in words
    assert "A warning is not a judgment" in words


def test_without_data_the_page_says_so(tmp_path: Path) -> None:
    with answering(site_over(tmp_path)) as client:
        assert b"No relevant notice is stored yet." in client.get("/statistics").data


def test_the_greatest_series_keep_their_names_and_the_rest_is_one() -> None:
    counts = [("2024", f"r{number}", number) for number in range(1, 10)]
    stack = stacked([*counts, ("2024", "r9", 5), ("2023", "r1", 99)], ["2024", "2025"], "Others")
    assert [series.name for series in stack.series] == ["r1", "r9", "r8", "r7", "r6", "Others"]
    assert len(stack.series) == MOST_SERIES
    assert stack.series[1] == Series("r9", [14, 0])
    assert stack.total == 50
    assert next(iter(stack.rows())) == ("2025", (0,) * MOST_SERIES)


def test_as_many_series_as_there_are_colours_need_no_others() -> None:
    stack = stacked([("2024", f"r{number}", 1) for number in range(MOST_SERIES)], ["2024"], "Others")
    assert "Others" not in [series.name for series in stack.series]


def test_months_go_back_over_new_year() -> None:
    assert last_months(date(2025, 2, 28), 4) == ["2024-11", "2024-12", "2025-01", "2025-02"]


@pytest.mark.parametrize(
    ("months", "shown"),
    [
        (["2023-05", "2025-01"], ["2023", "2024", "2025"]),
        (["", "2099-01"], ["2025"]),
        (["0206-01"], ["2023", "2024", "2025"]),
        ([], ["2025"]),
    ],
)
def test_years_are_those_that_can_be_right(months: list[str], shown: list[str]) -> None:
    actions = [Counted(month=month, source="s", kind="k", notices=1) for month in months]
    assert years(actions, date(2025, 6, 1), 3) == shown
