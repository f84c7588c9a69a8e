"""The stand-in for FDA's site: one process for all tests of a worker, put back to its start for each of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.replica import FOLDER, Replica
from bench.watching import Watcher
from scheduler.workers import Workers
from tests.sources.replay import WORKERS

START = "2021-03-02"
"""A day with a list of a hundred letters: believable, and quick to read."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.replica)
            if not FOLDER.exists():
                item.add_marker(
                    pytest.mark.skip(reason=f"needs the stand-in for the regulators' sites at {FOLDER}")
                )


@pytest.fixture(scope="session")
def running() -> Iterator[Replica]:
    with Replica(START) as replica:
        yield replica


@pytest.fixture(scope="session")
def workers() -> Workers:
    return WORKERS


@pytest.fixture(scope="session")
def baseline(running: Replica, workers: Workers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first run, in which every page has been read."""
    home = tmp_path_factory.mktemp("baseline")
    running.reset()
    run = Watcher(home, running, workers=workers).crawl(details=1000)
    assert (run.verdict, run.seen) == ("ok", running.listed())
    assert run.details_left == 0
    return home


@pytest.fixture
def replica(running: Replica) -> Replica:
    running.reset()
    return running


@pytest.fixture
def watcher(replica: Replica, workers: Workers, baseline: Path, tmp_path: Path) -> Watcher:
    home = tmp_path / "data"
    shutil.copytree(baseline, home)
    return Watcher(home, replica, timeout_seconds=1, workers=workers)
