"""Crawl workers: processes that take one crawl after another, and are replaced before they grow old or large."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from time import monotonic
from types import TracebackType
from typing import Any, Self

logger = logging.getLogger("stemwatch")

MOST_CRAWLS = 50
"""A worker is replaced after so many crawls."""

MOST_MIB = 200
"""A worker that holds more memory after a crawl is replaced: what hostile answers took is not given back."""

SPARE_S = 75.0
"""A worker without work is ended after this, so that an idle service holds no memory of it. A source that is asked
every minute finds its worker at hand, which saves a second of time and most of what a look costs."""

_ERROR = re.compile(r"[\w.]*(?:Error|Exception|Exit|Interrupt)\b")

OnProgress = Callable[[dict[str, Any]], None]


class Worker:
    """One process that crawls; nobody but its borrower uses it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "spiders.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=Path(__file__).resolve().parent.parent,
            start_new_session=True,
        )
        self.crawls = 0
        self.mib = 0.0
        self.spare_since = 0.0
        self._last_words: deque[str] = deque(maxlen=20)
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def group(self) -> int:
        return self.process.pid

    @property
    def fit(self) -> bool:
        """Whether another crawl may be given to it."""
        return self.process.poll() is None and self.crawls < MOST_CRAWLS and self.mib <= MOST_MIB

    def crawl(self, job: Path, on_progress: OnProgress, deadline: float) -> str:
        """Do one job to its end or its deadline (seconds); returns what went wrong, if it left no bundle."""
        self.crawls += 1
        self._last_words.clear()
        late = Event()
        timer = Timer(deadline, self._end_late, (late,))
        timer.start()
        try:
            trouble = self._listen(job, on_progress)
        finally:
            timer.cancel()
        if not late.is_set():
            return trouble
        self.crawls = MOST_CRAWLS
        return f"The crawl was ended after {deadline:g} s."

    def _listen(self, job: Path, on_progress: OnProgress) -> str:
        """Pass on its progress; returns the reason it gave for failing, else its last words."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(f"{job}\n")
            self.process.stdin.flush()
        reason = ""
        for line in self.process.stdout:
            with suppress(ValueError):
                told = json.loads(line)
                if told.get("stage") == "ended":
                    self.mib = told["mib"]
                    return reason or _cause_of_death(self._last_words)
                reason = told.get("reason", "")
                on_progress(told)
        self.process.wait()
        self._reader.join(timeout=5)
        ended = f"The worker ended with {self.process.returncode} and left no bundle."
        return reason or _cause_of_death(self._last_words) or ended

    def _read(self) -> None:
        for line in self.process.stderr or ():
            self._last_words.append(line)
            logger.warning("%s", line.rstrip())

    def _end_late(self, late: Event) -> None:
        late.set()
        kill(self.group)

    def end(self) -> None:
        """End it and what it may have started."""
        kill(self.group)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what it was to be told is of no use now
                if stream is not None:
                    stream.close()


class Workers:
    """The workers that are alive, so that they can serve again, and that a stopping service can end them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._alive: set[int] = set()
        self._spare: list[Worker] = []
        self.stopping = False

    def add(self, group: int) -> None:
        """Take a process group into care."""
        with self._lock:
            self._alive.add(group)
            if self.stopping:
                kill(group)

    def remove(self, group: int) -> None:
        with self._lock:
            self._alive.discard(group)

    def crawl(self, job: Path, on_progress: OnProgress, deadline: float) -> str:
        """One crawl by a worker that is spare, or a new one; returns what went wrong, if it left no bundle."""
        worker = self._borrow()
        self.add(worker.group)
        try:
            return worker.crawl(job, on_progress, deadline)
        finally:
            self._give_back(worker)

    def _borrow(self) -> Worker:
        with self._lock:
            while self._spare:
                worker = self._spare.pop()
                if worker.fit:
                    return worker
                worker.end()
        return Worker()

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            self._alive.discard(worker.group)
            if worker.fit and not self.stopping:
                worker.spare_since = monotonic()
                self._spare.append(worker)
                return
        worker.end()

    def tidy(self, spare_for: float = SPARE_S) -> None:
        """End the workers that had nothing to do for so many seconds."""
        with self._lock:
            old = [worker for worker in self._spare if monotonic() - worker.spare_since >= spare_for]
            self._spare = [worker for worker in self._spare if worker not in old]
        for worker in old:
            worker.end()

    def stop(self) -> None:
        """End every crawl now: what it read is not lost, for the next crawl reads it again."""
        with self._lock:
            self.stopping = True
            for group in self._alive:
                kill(group)
        self.tidy(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tidy(0)


def _cause_of_death(last_words: Iterable[str]) -> str:
    """The last line that names an error, which is not always the last line; else that."""
    lines = [line.strip() for line in last_words if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    return (errors or lines or [""])[-1]


def kill(group: int) -> None:
    """End a process group at once, if it is still there."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
