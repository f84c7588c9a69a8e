"""Running a crawl: a worker process with a deadline, which leaves a bundle or a verdict that says why not."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import Event, Lock, Thread, Timer
from typing import Any

import msgspec

from scheduler.house import House, unusable
from spiders.common.job import Job, save_job
from stemwatch.bundle import SUFFIX, Report, seal
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.reading import Known
from stemwatch.records import Source
from stemwatch.store.database import stamp

INBOX, WORK = "inbox", "work"
CLOCK_SLACK = timedelta(minutes=10)
_ERROR = re.compile(r"[\w.]*(?:Error|Exception|Exit|Interrupt)\b")

OnProgress = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Options:
    """What the person or the schedule asks of one crawl; `draft` is looked at instead of a source."""

    recheck: bool = False
    backfill: bool = False
    front_only: bool = False
    details: int | None = None
    way: str | None = None
    replay: Path | None = None
    draft: Source | None = None


class Stopping(StemwatchError):
    """A crawl that we ended ourselves: nothing is held against its source."""


class Workers:
    """The worker processes that are alive, so that a stopping service can end them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._alive: set[int] = set()
        self.stopping = False

    def add(self, group: int) -> None:
        with self._lock:
            self._alive.add(group)
            if self.stopping:
                _kill(group)

    def remove(self, group: int) -> None:
        with self._lock:
            self._alive.discard(group)

    def stop(self) -> None:
        """End every crawl now: what it read is not lost, for the next crawl reads it again."""
        with self._lock:
            self.stopping = True
            for group in self._alive:
                _kill(group)


def crawl(
    house: House,
    source: str,
    known: Known,
    options: Options,
    on_progress: OnProgress,
    workers: Workers | None = None,
) -> Path:
    """Crawl one source now and return its bundle in the inbox. A worker that dies leaves the verdict `crashed`;
    one that was ended by `workers.stop` leaves nothing but Stopping.

    The caller holds the source's lock, so what lies in `work` of this source was left by one that was killed.
    """
    job = new_job(house, source, options)
    folder = Path(job.folder)
    try:
        for leftover in folder.parent.glob(f"*-{source}-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        Path(job.known).write_bytes(msgspec.json.encode(known))
        save_job(job, folder / "job.json")
        workers = workers or Workers()
        trouble = _run(house, folder / "job.json", on_progress, workers)
        target = Path(job.inbox) / (job.run + SUFFIX)
        if not target.exists():
            if workers.stopping:
                raise Stopping(f"The crawl of {source} was ended, because the service stops.")
            target = _crashed(house, job, trouble)
    except OSError as error:
        raise unusable(house.home, error) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return target


def check_clock(now: datetime, last: datetime | None, behind: timedelta = CLOCK_SLACK) -> None:
    """StemwatchError when the clock stands more than `behind` before the newest run, whose changes come first."""
    if last is not None and last - now > behind:
        raise StemwatchError(
            f"The clock says {stamp(now)}, but the newest run began at {stamp(last)}: set the clock right first."
        )


def new_job(house: House, name: str, options: Options) -> Job:
    """One crawl as its worker is told it. UsageError for a way that the source does not have."""
    source, settings = house.source(name), house.config.source(name)
    way = options.way or settings.way
    if way is not None and way not in source.ways:
        raise UsageError(
            f"The source {name} has no way {way!r}. Its ways: {', '.join(source.ways) or 'one only'}."
        )
    now = house.clock.now()
    run = f"{now:%Y%m%dT%H%M%SZ}-{name}-{token_hex(3)}"
    folder = (house.home / WORK / run).resolve()
    return Job(
        run=run,
        source=name,
        started_at=now,
        known=str(folder / "known.json"),
        folder=str(folder),
        inbox=str((house.home / INBOX).resolve()),
        user_agent=house.config.user_agent,
        mirror=house.environ.get("STEMWATCH_MIRROR", ""),
        polite=house.environ.get("STEMWATCH_POLITE") == "1",
        timeout_seconds=house.config.crawl.timeout_seconds,
        deadline_seconds=house.config.crawl.deadline_seconds,
        memory_mib=house.config.crawl.memory_mib,
        details=settings.details_per_run if options.details is None else options.details,
        recheck=options.recheck,
        backfill=options.backfill,
        front_only=options.front_only,
        way=way,
        replay=str(options.replay or ""),
        feed=house.config.own_sources.get(name),
        draft=options.draft,
    )


def _run(house: House, job: Path, on_progress: OnProgress, workers: Workers) -> str:
    """Run the worker to its end or its deadline; returns what went wrong, if it left no bundle."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "spiders.worker", str(job)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        cwd=Path(__file__).resolve().parent.parent,
        start_new_session=True,
    )
    workers.add(worker.pid)
    deadline, late = house.config.crawl.deadline_seconds, Event()
    timer = Timer(deadline, _end_late, (worker.pid, late))
    timer.start()
    try:
        trouble = _listen(worker, on_progress)
    finally:
        timer.cancel()
        _kill(worker.pid)
        worker.wait()
        workers.remove(worker.pid)
    if late.is_set():
        return f"The crawl was ended after {deadline:g} s."
    return trouble or f"The worker ended with {worker.returncode} and left no bundle."


def _end_late(group: int, late: Event) -> None:
    late.set()
    _kill(group)


def _listen(worker: "subprocess.Popen[str]", on_progress: OnProgress) -> str:
    """Pass on the worker's progress; returns the reason it gave for failing, else its last words."""
    assert worker.stdout is not None
    assert worker.stderr is not None
    last_words: deque[str] = deque(maxlen=20)
    reader = Thread(target=lambda: last_words.extend(worker.stderr or ()), daemon=True)
    reader.start()
    reason = ""
    for line in worker.stdout:
        with suppress(ValueError):
            told = json.loads(line)
            reason = told.get("reason", "")
            on_progress(told)
    worker.wait()
    reader.join(timeout=5)
    for line in last_words:
        sys.stderr.write(line)
    return reason or _cause_of_death(last_words)


def _cause_of_death(last_words: Iterable[str]) -> str:
    """The last line that names an error, which is not always the last line; else that."""
    lines = [line.strip() for line in last_words if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    return (errors or lines or [""])[-1]


def _kill(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _crashed(house: House, job: Job, trouble: str) -> Path:
    """A bundle that says how the crawl died: a run without one would be a silence."""
    now = house.clock.now()
    report = Report(
        run=job.run,
        source=job.source,
        revision=house.source(job.source).revision,
        started_at=job.started_at,
        finished_at=now,
        seconds=round((now - job.started_at).total_seconds(), 3),
        stopped="crashed",
        reason=trouble,
    )
    folder = Path(job.folder)
    folder.mkdir(parents=True, exist_ok=True)
    return seal(report, folder, Path(job.inbox))
