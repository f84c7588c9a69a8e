"""Crawling many sources at once in one worker process, as benches over all sources do: one start for all."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from time import monotonic, sleep

import msgspec

from bench.measure import CHECKOUT, KIB
from scheduler.crawling import Options, new_job
from scheduler.house import House
from scheduler.jobs import apply_one
from spiders.common.job import Job, save_job
from stemwatch.bundle import SUFFIX
from stemwatch.store import Store
from stemwatch.views import RunView

DEADLINE_S, LOOK_EVERY_S = 240.0, 0.01


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
    cpu, peak = _work(jobs, log)
    seconds = monotonic() - started
    bundles = {job.source: Path(job.inbox) / (job.run + SUFFIX) for job in jobs}
    runs = {name: apply_one(house, store, bundle) for name, bundle in bundles.items() if bundle.exists()}
    for job in jobs:
        rmtree(job.folder)
    words = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    return Together(runs, seconds, cpu, peak, words)


def _prepare(house: House, store: Store, name: str, options: Options) -> Job:
    job = new_job(house, name, options)
    folder = Path(job.folder)
    folder.mkdir(parents=True)
    Path(job.known).write_bytes(msgspec.json.encode(store.known(name)))
    save_job(job, folder / "job.json")
    return job


def _work(jobs: list[Job], log: Path) -> tuple[float, float]:
    """Run one worker on these jobs; returns its seconds of processor and its peak memory in MB."""
    command = [sys.executable, "-m", "spiders.worker", *(str(Path(job.folder) / "job.json") for job in jobs)]
    with (
        log.open("wb") as words,
        subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words
        ) as process,
    ):
        late, peak, ended = monotonic() + DEADLINE_S, 0.0, 0
        while not ended:
            peak = max(peak, _peak(process.pid))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if monotonic() > late:
                process.kill()
            sleep(LOOK_EVERY_S)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, peak


def _peak(pid: int) -> float:
    """Peak memory of another process in MB so far, as Linux tells it: that of wait4 begins with its parent's."""
    status = Path(f"/proc/{pid}/status")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
    return int(lines["VmHWM"].split()[0]) * KIB / 1e6 if "VmHWM" in lines else 0.0
