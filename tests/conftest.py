"""What the tests of several parts share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.builders import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty data folder with one source, whose runs a test makes up."""
    with World(tmp_path / "home") as made:
        yield made
