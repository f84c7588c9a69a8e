"""Workers serve one crawl after another, and are replaced before they grow old or large."""

import gzip
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler import crawling
from scheduler import workers as module
from scheduler.crawling import Options
from scheduler.workers import Workers
from stemwatch.bundle import Bundle
from stemwatch.records import Listed
from tests.scheduler.conftest import FIRST_DAY, NAME, SAMPLE, SECOND, SECOND_DAY, Site, crawled, house_of

REPLAY = Options(replay=SAMPLE / FIRST_DAY, details=0)


class Seen(Workers):
    """Workers that remember which process did each crawl."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[int] = []

    def add(self, group: int) -> None:
        self.groups.append(group)
        super().add(group)


@pytest.fixture
def workers() -> Iterator[Seen]:
    with Seen() as pool:
        yield pool


def crawl(home: Path, workers: Workers, times: int = 1) -> list[str]:
    """The verdicts of so many crawls in a row."""
    return [crawled(house_of(home), REPLAY, workers=workers).verdict for _ in range(times)]


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_worker_does_one_crawl_after_another_and_ends_with_its_pool(home: Path) -> None:
    with Seen() as workers:
        assert crawl(home, workers, 3) == ["ok", "ok", "ok"]
        assert len(set(workers.groups)) == 1
        assert alive(workers.groups[0])
    assert not alive(workers.groups[0])


def listed(home: Path, workers: Workers) -> list[Listed]:
    """What the list of the second day says, to a crawl that knows of nothing."""
    with house_of(home, SECOND).store() as store:
        job = Options(replay=SAMPLE / SECOND_DAY, details=0, folder=home / "elsewhere")
        bundle = crawling.crawl(house_of(home, SECOND), NAME, store.known(NAME), job, lambda told: None, workers)
    return [record for record, _ in Bundle(bundle).lines() if isinstance(record, Listed)]


def test_a_worker_that_read_the_list_before_reads_it_as_a_new_one_does(home: Path, workers: Seen) -> None:
    assert crawl(home / "first", workers) == ["ok"]
    again = listed(home, workers)
    with Seen() as fresh:
        assert again == listed(home, fresh)
    assert len(set(workers.groups)) == 1


def test_a_worker_is_replaced_after_a_number_of_crawls(
    home: Path, workers: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CRAWLS", 2)
    assert crawl(home, workers, 3) == ["ok", "ok", "ok"]
    first, second, third = workers.groups
    assert first == second != third
    assert not alive(first)


def test_a_worker_that_holds_too_much_memory_is_replaced(
    home: Path, workers: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_MIB", 1)
    assert crawl(home, workers, 2) == ["ok", "ok"]
    assert len(set(workers.groups)) == 2
    assert not any(map(alive, workers.groups))


def test_what_gzip_bombs_took_is_given_back(home: Path, workers: Seen, site: Site, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(gzip.compress(bytes(200_000_000), 1))
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    for response in site.responses.values():
        if not response["file"].endswith("robots.txt"):
            response.update(file=str(bomb), headers=headers)
    held = []
    for _ in range(3):
        view = crawled(house_of(home, mirror=site.url), Options(), workers=workers)
        assert view.verdict == "layout_changed"
        held += [worker.mib for worker in workers._spare]
    assert all(mib <= module.MOST_MIB for mib in held)


def test_a_worker_that_died_between_two_crawls_is_not_given_one(home: Path, workers: Seen) -> None:
    crawl(home, workers)
    os.killpg(workers.groups[0], signal.SIGKILL)
    workers._spare[0].process.wait()
    assert crawl(home, workers) == ["ok"]
    assert len(set(workers.groups)) == 2


def test_a_worker_that_was_late_is_not_used_again(home: Path, workers: Seen, site: Site) -> None:
    site.behaviour = "hang"
    late = crawled(house_of(home, mirror=site.url, deadline_seconds=0.5), workers=workers)
    assert (late.verdict, late.reason) == ("crashed", "The crawl was ended after 0.5 s.")
    assert crawl(home, workers) == ["ok"]
    assert not alive(workers.groups[0])


def test_a_crawl_that_failed_leaves_nothing_to_the_next(home: Path, workers: Seen, tmp_path: Path) -> None:
    failed = crawled(house_of(home), Options(replay=tmp_path / "no moment"), workers=workers)
    assert failed.verdict == "crashed"
    assert crawl(home, workers) == ["ok"]


def test_a_worker_without_work_is_ended(home: Path, workers: Seen) -> None:
    crawl(home, workers)
    workers.tidy(3600)
    assert alive(workers.groups[0])
    workers.tidy(0)
    assert not alive(workers.groups[0])
    assert crawl(home, workers) == ["ok"]


def test_stopping_ends_spare_workers_too(home: Path, workers: Seen) -> None:
    crawl(home, workers)
    workers.stop()
    assert not alive(workers.groups[0])
