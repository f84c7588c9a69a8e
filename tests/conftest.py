"""What the tests of several parts share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.store.builders import World

# How long an example takes says how busy the machine is, not what the code does.
settings.register_profile("stemwatch", deadline=None)
settings.load_profile("stemwatch")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty data folder with one source, whose runs a test makes up."""
    with World(tmp_path / "home") as made:
        yield made
