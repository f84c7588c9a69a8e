"""What tests of the store share."""

from pathlib import Path

import pytest

from tests.store.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "home")
