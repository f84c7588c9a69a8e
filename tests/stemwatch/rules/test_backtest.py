"""A backtest tells how often a rule would have fired, by month, with the newest examples."""

from collections.abc import Iterator
from datetime import date, timedelta

from stemwatch.rules.backtest import Happening, backtest
from tests.stemwatch.rules.samples import changed, rule


def happening(change: int, day: date, body: str = "knee", *, first_look: bool = False) -> Happening:
    return Happening(
        subject=changed(change=change, texts={"body": body}),
        day=day,
        first_look=first_look,
        notice=f"us_fda_warning_letters/{change}",
        title="Harbour Cells, LLC",
        url="https://www.fda.gov/harbour",
    )


KNEES = {"knees": rule(query="knee")}
HISTORY = [
    happening(1, date(2024, 11, 5), first_look=True),
    happening(2, date(2024, 11, 9)),
    happening(3, date(2025, 1, 2), "hip"),
    happening(4, date(2024, 11, 30), first_look=True),
]


def test_hits_are_counted_by_month_and_those_of_a_first_look_by_themselves() -> None:
    found = backtest("knees", KNEES, HISTORY)
    told = [(month.month, month.changes, month.first_look) for month in found.months]
    assert told == [("2024-11", 1, 2), ("2024-12", 0, 0), ("2025-01", 0, 0)]
    assert (found.happened, found.hits, found.per_month) == (4, 3, 1.0)
    assert (found.first_day, found.last_day) == (date(2024, 11, 5), date(2025, 1, 2))


def test_the_newest_examples_are_shown_with_their_reasons() -> None:
    found = backtest("knees", KNEES, HISTORY, examples=2)
    assert [(hit.change, hit.first_look) for hit in found.examples] == [(4, True), (2, False)]
    assert found.examples[0].why == ("It is new, counts as relevant, and fits the search knee.",)


def test_what_meets_several_rules_is_one_hit_with_as_many_reasons() -> None:
    found = backtest("both", {**KNEES, "fda": rule(regulators=["FDA"])}, HISTORY[:1])
    assert (found.hits, len(found.examples[0].why)) == (1, 2)


def test_nothing_stored_is_no_month() -> None:
    found = backtest("knees", KNEES, [])
    assert (found.happened, found.months, found.per_month, found.examples) == (0, (), 0.0, ())


def test_history_is_read_as_it_comes_and_not_kept() -> None:
    read, told = 0, []

    def history() -> Iterator[Happening]:
        nonlocal read
        for number in range(1_000):
            read = number
            yield happening(number, date(2024, 1, 1) + timedelta(days=number % 300))

    backtest("knees", KNEES, history(), progress=lambda done: told.append((done, read)))
    assert told == [(done, done - 1) for done in range(100, 1_001, 100)]
