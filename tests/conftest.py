"""What the tests of several parts share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.store.builders import World

HERE = Path(__file__).parent
ABSENT = HERE / "absent"
"""Modules that the tests bring and users do not have."""
LONG = ("browser", "replica", "scheduler", "spiders")
"""Folders of files that take seconds each. They go first, so that in the end no worker waits for another's."""

# How long an example takes says how busy the machine is, not what the code does.
settings.register_profile("stemwatch", deadline=None)
settings.load_profile("stemwatch")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG)


@pytest.fixture(scope="session", autouse=True)
def _as_installed() -> Iterator[None]:
    """Processes that tests start find the libraries that users have."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(ABSENT), prepend=os.pathsep)
        yield


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty data folder with one source, whose runs a test makes up."""
    with World(tmp_path / "home") as made:
        yield made
