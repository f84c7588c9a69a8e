"""A sample of the matrix that `python -m bench.faults` prints whole."""

from pathlib import Path

import pytest

from bench.faults import FAULTS, Expected, Fault, prepare, suffer_on
from bench.replica import Replica

NAMES = ("us_fda_import_alert_57_22", "us_ny_attorney_general", "us_doj_press_releases")
SAMPLE = ("429", "cut", "renamed", "huge", "hostile")


@pytest.fixture(scope="module")
def known(running: Replica, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    home = tmp_path_factory.mktemp("matrix") / "home"
    running.reset()
    return home, prepare(home, NAMES, running)


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.name in SAMPLE], ids=lambda fault: fault.name
)
def test_a_fault_gets_its_verdict_tells_nothing_false_and_is_caught_up_with(
    fault: Fault, known: tuple[Path, Expected], replica: Replica
) -> None:
    home, expected = known
    assert expected.told
    column = suffer_on(replica, home, NAMES, expected, fault)
    assert {name: cell for name, cell in column.cells.items() if not cell.right(fault)} == {}
