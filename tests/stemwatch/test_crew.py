"""Work spread over processes comes back as if it had been done here."""

from collections.abc import Iterator

import pytest

from stemwatch import crew
from stemwatch.crew import here, spread


def doubled(numbers: list[int]) -> list[int]:
    return [2 * number for number in numbers]


@pytest.mark.parametrize("count", [0, 1, crew.BATCH, crew.WORTH - 1, crew.WORTH + crew.BATCH + 1])
def test_results_are_complete_and_in_order(count: int) -> None:
    found = [number for batch in spread(doubled, range(count)) for number in batch]
    assert found == [2 * number for number in range(count)]


def test_things_are_taken_no_further_than_a_few_batches_ahead() -> None:
    taken: list[int] = []

    def counting() -> Iterator[int]:
        for number in range(100_000):
            taken.append(number)
            yield number

    things = counting()
    next(here(doubled, things))
    assert len(taken) == crew.BATCH
    next(spread(doubled, things))
    assert len(taken) <= crew.BATCH + crew.WORTH + (crew.AHEAD * crew.MOST_PROCESSES + 2) * crew.BATCH
