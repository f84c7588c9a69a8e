"""Every source against the stand-in for its regulator's site: believed at once, and silent when nothing is new."""

from pathlib import Path

import pytest

from bench.replica import Replica
from bench.watching import Watcher
from scheduler.workers import Workers
from spiders.registry import sources

EVERYTHING = "2026-10-29"
"""The last day of the stand-in's data."""
TRIED = sorted(name for name, source in sources().items() if source.tried)
"""The stand-in has no data for the others: their recorded moments are all that they are checked by."""
UNCHANGED_REQUESTS = 2
"""robots.txt, and the list asked whether it has changed."""


@pytest.fixture
def watcher(replica: Replica, workers: Workers, tmp_path: Path) -> Watcher:
    replica.move(EVERYTHING)
    return Watcher(tmp_path / "data", replica, workers=workers)


@pytest.mark.parametrize("name", TRIED)
def test_a_source_is_believed_and_then_silent(name: str, watcher: Watcher) -> None:
    first = watcher.crawl(name, details=40)
    assert first.verdict == "ok", first.reason
    assert first.baseline == first.seen > 0
    with watcher.house.store() as store:
        conditional = store.known(name).lists
    second = watcher.crawl(name, details=0)
    assert second.verdict == "ok", second.reason
    assert watcher.changes() == []
    assert not conditional or second.requests <= UNCHANGED_REQUESTS
