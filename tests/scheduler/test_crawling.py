"""A crawl is a process with limits: however it ends, there is a run that says so, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from scheduler.crawling import Options, Stopping
from scheduler.workers import Workers
from spiders.common.job import Job, load_job, save_job
from spiders.common.settings import settings
from spiders.registry import sources
from stemwatch import __version__
from stemwatch.errors import StemwatchError, UsageError
from tests.scheduler.conftest import FIRST, FIRST_DAY, NAME, ROOT, SAMPLE, Site, crawled, house_of, process

REPLAY = Options(replay=SAMPLE / FIRST_DAY)


class Seen(Workers):
    """Remembers the workers that were started."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[int] = []

    def add(self, group: int) -> None:
        self.groups.append(group)
        super().add(group)


def left_behind(home: Path) -> list[str]:
    """What lies in the folders that a finished crawl leaves empty."""
    return [path.name for name in ("work", "inbox") for path in (home / name).iterdir()]


def test_a_worker_past_its_deadline_is_killed_and_the_run_says_so(home: Path, site: Site) -> None:
    site.behaviour = "hang"
    house, workers = house_of(home, mirror=site.url, deadline_seconds=1.5), Seen()
    view = crawled(house, workers=workers)
    assert (view.verdict, view.reason) == ("crashed", "The crawl was ended after 1.5 s.")
    (group,) = workers.groups
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)
    assert left_behind(home) == []
    with house.store() as store:
        shown = {view.source: view for view in store.source_views(house.every)}[NAME]
        assert (shown.verdict, shown.notices) == ("crashed", 0)


def test_a_worker_that_is_killed_leaves_a_run_that_says_so(home: Path, site: Site) -> None:
    site.behaviour = "hang"
    workers = Seen()
    site.on_request = lambda: os.kill(workers.groups[0], signal.SIGKILL)
    view = crawled(house_of(home, mirror=site.url, deadline_seconds=20), workers=workers)
    assert (view.verdict, view.reason) == ("crashed", "The worker ended with -9 and left no bundle.")
    assert left_behind(home) == []


def test_a_worker_that_needs_too_much_memory_crashes_and_says_why(home: Path, site: Site) -> None:
    view = crawled(house_of(home, mirror=site.url, deadline_seconds=20, memory_mib=64), workers=None)
    assert view.verdict == "crashed"
    assert "memory" in view.reason.lower()
    assert left_behind(home) == []


def test_a_worker_whose_parent_is_killed_ends_by_itself(
    home: Path, site: Site, environ: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.behaviour = "hang"
    monkeypatch.setenv("STEMWATCH_MIRROR", site.url)
    with process("crawl", NAME) as parent:
        assert site.asked.wait(10)
        parent.kill()
        assert site.hung_up.wait(5), "The worker is still connected."


def test_a_worker_whose_standard_input_closes_ends_by_itself(tmp_path: Path, site: Site) -> None:
    site.behaviour = "hang"
    command = [sys.executable, "-m", "spiders.worker", str(job_file(tmp_path, mirror=site.url))]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
        assert site.asked.wait(10)
        assert worker.poll() is None
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(timeout=5) == 1
    assert not (tmp_path / "inbox").exists()


def test_after_a_crash_the_next_crawl_catches_up_and_clears_away_what_was_left(home: Path) -> None:
    assert crawled(house_of(home, deadline_seconds=0.05)).verdict == "crashed"
    theirs = home / "work" / "20250101T000000Z-us_fda_untitled_letters-abcdef"
    for leftover in (home / "work" / f"20250101T000000Z-{NAME}-abcdef", theirs):
        leftover.mkdir(parents=True)
        (leftover / "captures.warc.gz").write_bytes(b"half")
    view = crawled(house_of(home), REPLAY)
    assert (view.verdict, view.baseline, view.details_left) == ("ok", 59, 0)
    assert left_behind(home) == [theirs.name]


def test_two_crawls_of_one_source_at_once_are_refused(home: Path, site: Site) -> None:
    site.behaviour = "hang"
    house, workers = house_of(home, mirror=site.url, deadline_seconds=20), Seen()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(crawled, house, workers=workers)
        try:
            assert site.asked.wait(10)
            with pytest.raises(StemwatchError) as refused:
                crawled(house)
        finally:
            workers.stop()
        with pytest.raises(Stopping):
            first.result(10)
    assert str(refused.value) == f"Another crawl of {NAME} is under way: wait for it, or stop it."


def test_a_crawl_that_failed_does_not_stand_in_the_way_of_the_next(home: Path) -> None:
    house = house_of(home)
    with pytest.raises(UsageError, match="has no way 'pigeon'") as refused:
        crawled(house, Options(way="pigeon"))
    assert refused.tb  # whoever keeps the error must not keep the lock
    house.lock(NAME, busy="Still taken.").release()


def test_a_crawl_that_begins_while_the_service_stops_is_ended_at_once(home: Path, site: Site) -> None:
    site.behaviour = "hang"
    workers, begun = Workers(), monotonic()
    workers.stop()
    with pytest.raises(Stopping, match="because the service stops"):
        crawled(house_of(home, mirror=site.url, deadline_seconds=8), workers=workers)
    assert monotonic() - begun < 7, "It was the deadline that ended it."


# ---- how we present ourselves


def test_every_request_names_us_and_whom_to_reach(home: Path, site: Site) -> None:
    crawled(house_of(home, mirror=site.url), Options(details=1))
    agents = {headers["User-Agent"] for _, _, headers in site.requests}
    contact = house_of(home).config.contact
    assert agents == {f"Mozilla/5.0 (compatible; Stemwatch/{__version__}; +{contact})"}
    assert [path.rsplit("/", 1)[1].partition("?")[0] for _, path, _ in site.requests][:3] == [
        *("robots.txt", "warning-letters", "ajax")
    ]


@pytest.mark.parametrize(("polite", "delay"), [("1", 30.0), ("0", 0.0)])
def test_a_loopback_mirror_is_hurried_unless_politeness_is_asked_for(
    home: Path, site: Site, polite: str, delay: float
) -> None:
    site.behaviour = "refuse"
    house, jobs = house_of(home, mirror=site.url), list[Job]()
    house.environ["STEMWATCH_POLITE"] = polite  # type: ignore[index]
    site.on_request = lambda: jobs.append(load_job(next(home.glob("work/*/job.json"))))
    crawled(house)
    (job,) = jobs
    assert settings(job, house.source(NAME))["DOWNLOAD_DELAY"] == delay


@pytest.mark.parametrize(
    "mirror",
    [
        *("", "http://192.0.2.1:8000", "http://mirror.example/127.0.0.1", "http://127.0.0.1@mirror.example"),
        *("http://127.0.0.1.example", "http://localhost.example"),
    ],
)
def test_the_pause_is_kept_wherever_the_site_is_not_on_this_machine(tmp_path: Path, mirror: str) -> None:
    job = load_job(job_file(tmp_path, mirror=mirror))
    assert settings(job, sources()[NAME])["DOWNLOAD_DELAY"] == 30.0


def test_the_pause_that_robots_txt_asks_for_is_kept(tmp_path: Path, site: Site) -> None:
    pause = 0.6
    site.robots = f"User-agent: *\nCrawl-delay: {pause}\n".encode()
    job = job_file(tmp_path, mirror=site.url, polite=True, details=0)
    script = (
        "import sys; from pathlib import Path; import msgspec\n"
        "from spiders import registry, worker\n"
        f"spider = registry.spider_classes()[{NAME!r}]\n"
        "spider.source = msgspec.structs.replace(spider.source, delay_seconds=0.0)\n"
        "worker.main(Path(sys.argv[1]))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(job)], cwd=ROOT, stdin=subprocess.PIPE) as worker:
        assert worker.wait(timeout=20) == 0
    moments = [moment for moment, _, _ in site.requests]
    assert len(moments) >= 3
    # A busy site may be late to see a request, and so see the next one sooner after it.
    assert all(later - sooner >= pause / 2 for sooner, later in pairwise(moments))


def job_file(folder: Path, **other: Any) -> Path:
    """A job for a worker that nobody looks after."""
    (folder / "known.json").write_text(json.dumps({"source": NAME}), encoding="utf-8")
    values: dict[str, Any] = {
        "run": "alone",
        "source": NAME,
        "started_at": house_of(folder, FIRST).clock.now(),
        "known": str(folder / "known.json"),
        "folder": str(folder / "work"),
        "inbox": str(folder / "inbox"),
        "user_agent": "Mozilla/5.0 (compatible; Stemwatch/test)",
    }
    save_job(Job(**{**values, **other}), folder / "job.json")
    return folder / "job.json"
