"""Every test of the contract is asked of every implementation."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from stemwatch.records import Source
from tests.store.builders import CHARA, KIMERA, SOURCE, SURGENEX
from tests.store.contract.places import KINDS, Place

Make = Callable[[Source], Place]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes empty places of one implementation."""
    with ExitStack() as stack:
        folders = (tmp_path / f"home {number}" for number in range(100))
        yield lambda source: stack.enter_context(closing(Place(request.param, next(folders), source)))


@pytest.fixture
def place(make: Make) -> Place:
    return make(SOURCE)


@pytest.fixture
def pair(place: Place) -> tuple[int, int]:
    """Two changes that no rule has seen: KIMERA and SURGENEX are new."""
    one, two = place.two_changes(KIMERA, SURGENEX, beside=CHARA)
    return one, two
