"""Figures over what is stored: relevant notices by month, product, stage and delay, all notices by source."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from stemwatch.figures import Statistics
from tests.store.builders import NAME, START, World, changed, letter, page

ABOUT = "Your umbilical cord stem cell product is an unapproved new drug and an unlicensed biological product."
FIRST = letter("first-1", "Talvex Labs, LLC", issued_on=date(2024, 3, 1), posted_on=date(2024, 3, 11))
SECOND = letter("second-2", "Orlin Biologics, Inc.", issued_on=date(2024, 3, 8), posted_on=date(2024, 3, 28))
TURNED = letter("turned-3", "Brinna Cove", issued_on=date(2024, 4, 9), posted_on=date(2024, 4, 1))
UNDATED = letter("undated-4", "Lumora Labs", issued_on=None, posted_on=None)
OTHER = letter("other-5", "Harbour Bakery", subject="Bread/Misbranded", office="Food")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Statistics:
    home = tmp_path_factory.mktemp("figures")
    with World(home) as world:
        closed = changed(FIRST, closed_out_on=date(2024, 9, 1), closed_out_url=FIRST.url + "-closeout")
        rows = [closed, SECOND, TURNED, UNDATED, OTHER]
        world.run(rows, *(page(row, ABOUT) for row in rows[:4]), page(OTHER, ""))
        return world.store.statistics()


def test_relevant_notices_are_counted_by_the_month_of_their_issue(figures: Statistics) -> None:
    counted = {(each.month, each.source, each.kind): each.notices for each in figures.actions}
    assert counted == {
        ("", NAME, "warning_letter"): 1,
        ("2024-03", NAME, "warning_letter"): 2,
        ("2024-04", NAME, "warning_letter"): 1,
    }


def test_products_and_stages_are_counted_over_relevant_notices(figures: Statistics) -> None:
    assert figures.products["umbilical_cord"] == 4
    assert figures.stages == {"warning": 3, "closed": 1}


def test_days_from_issue_to_posting_leave_out_reversed_dates_and_count_them(figures: Statistics) -> None:
    found = figures.delays[NAME]
    assert (found.notices, found.lower, found.median, found.upper) == (2, 12.5, 15, 17.5)
    assert figures.delays_by_year == {2024: found}
    assert figures.reversed_dates == 1


def test_what_is_held_counts_every_notice_and_those_with_text(figures: Statistics) -> None:
    (held,) = figures.held
    assert (held.notices, held.relevant, held.with_text) == (5, 4, 4)
    assert (held.first_on, held.last_on) == (date(2024, 3, 1), date(2025, 1, 28))


def test_an_empty_store_has_no_figures(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        found = world.store.statistics()
    assert found == Statistics(
        actions=(), products={}, stages={}, delays={}, delays_by_year={}, reversed_dates=0, held=()
    )


def test_runs_in_a_row_with_one_verdict_are_one_spell_and_long_times_between_good_ones_gaps(
    tmp_path: Path,
) -> None:
    with World(tmp_path) as world:
        world.run([FIRST])
        world.run([FIRST])
        world.broken([FIRST])
        world.run([FIRST])
        spells = world.store.spells(NAME, 10)
        assert [(spell.verdict, spell.runs) for spell in spells] == [("ok", 1), ("blocked", 1), ("ok", 2)]
        assert "Apology page." in spells[1].reason
        assert spells[2].since == START + timedelta(days=1)
        (gap,) = world.store.gaps(NAME, timedelta(hours=36), 10)
        assert (gap.since, gap.until) == (START + timedelta(days=2), START + timedelta(days=4))
        assert world.store.gaps(NAME, timedelta(hours=48), 10) == []
        assert len(world.store.spells(NAME, 1)) == 1
        assert world.store.spells("nobody", 10) == []
