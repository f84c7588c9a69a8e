"""Crawling many sources at once in one worker process, as benches over all sources do: one start for all."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage
from shutil import rmtree
from threading import Timer
from time import monotonic

import msgspec

from bench.measure import CHECKOUT, KIB
from scheduler.crawling import Options, new_job
from scheduler.house import House
from scheduler.jobs import apply_one
from spiders.common.job import Job, save_job
from stemwatch.bundle import SUFFIX
from stemwatch.store import Store
from stemwatch.views import RunView

DEADLINE_S = 240.0


@dataclass(frozen=True)
class Together:
    """What one worker made of many sources: each one's run, and none of one whose crawl left no bundle."""

    runs: dict[str, RunView]
    seconds: float
    cpu: float
    peak_mb: float
    words: str
    """The last of what the worker wrote to standard error."""


def crawl_together(house: House, store: Store, names: Iterable[str], options: Options) -> Together:
    """Crawl these sources at once, then apply what they left, one after the other."""
    jobs = [_prepare(house, store, name, options) for name in names]
    log = house.home / "work" / "log"
    started = monotonic()
    usage = _work(jobs, log)
    seconds = monotonic() - started
    bundles = {job.source: Path(job.inbox) / (job.run + SUFFIX) for job in jobs}
    runs = {name: apply_one(house, store, bundle) for name, bundle in bundles.items() if bundle.exists()}
    for job in jobs:
        rmtree(job.folder)
    words = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return Together(runs, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB / 1e6, words)


def _prepare(house: House, store: Store, name: str, options: Options) -> Job:
    job = new_job(house, name, options)
    folder = Path(job.folder)
    folder.mkdir(parents=True)
    Path(job.known).write_bytes(msgspec.json.encode(store.known(name)))
    save_job(job, folder / "job.json")
    return job


def _work(jobs: list[Job], log: Path) -> struct_rusage:
    command = [sys.executable, "-m", "spiders.worker", *(str(Path(job.folder) / "job.json") for job in jobs)]
    with (
        log.open("wb") as words,
        subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words
        ) as process,
    ):
        late = Timer(DEADLINE_S, process.kill)
        late.start()
        _, status, usage = os.wait4(process.pid, 0)
        late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage
