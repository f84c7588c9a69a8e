"""A service of its own process, as an operator starts it, and what it and its children take of the machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from bench.measure import CHECKOUT, as_users_have_it
from bench.replica import Replica

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLE_S = 0.05


def tree(pid: int) -> Iterator[int]:
    """A process and those that it started, as far as they live."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from tree(int(child))


def cpu_of(pid: int) -> float:
    """Seconds of processor that a process, its children, and those that it has seen end have taken."""
    return sum(map(_own_cpu, tree(pid)))


def _own_cpu(pid: int) -> float:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0  # it ended between two looks: its parent counts it now
    return sum(map(int, stat.rpartition(")")[2].split()[11:15])) / TICK


def memory_of(pid: int) -> float:
    """MB that a process and its children hold; what they share is counted for each of them."""
    pages = 0
    for each in tree(pid):
        with suppress(OSError):
            pages += int(Path(f"/proc/{each}/statm").read_text(encoding="ascii").split()[1])
    return pages * PAGE / 1e6


class Peak:
    """The most that a process and its children held together since it was last asked, by twenty looks a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0.0
        self._ending = Event()
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._ending.wait(SAMPLE_S):
            self._most = max(self._most, memory_of(self._pid))

    def take(self) -> float:
        """The peak in MB; a new one begins."""
        most, self._most = max(self._most, memory_of(self._pid)), 0.0
        return most

    def end(self) -> None:
        self._ending.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


class Service:
    """`stemwatch run` on a data folder below `home`, against the stand-in."""

    def __init__(
        self, home: Path, config: str, replica: Replica, python: Path = Path(sys.executable), **environ: str
    ) -> None:
        (home / "stemwatch.toml").write_text(config, encoding="utf-8")
        with as_users_have_it():
            own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        around: Mapping[str, str] = {
            **own,
            "STEMWATCH_HOME": str(home / "data"),
            "STEMWATCH_CONFIG": str(home / "stemwatch.toml"),
            "STEMWATCH_MIRROR": replica.url,
            **environ,
        }
        self.database = home / "data" / "stemwatch.db"
        self.log = home / "service.log"
        with self.log.open("wb") as log:
            command = [str(python), "-m", "scheduler.cli", "run"]
            self._process = subprocess.Popen(command, env=around, stderr=log, cwd=CHECKOUT)
        self.pid = self._process.pid
        self.peak = Peak(self.pid)

    def cpu(self) -> float:
        return cpu_of(self.pid)

    def memory(self) -> float:
        return memory_of(self.pid)

    def wait_for(self, words: str, times: int = 1, within: float = 300.0) -> None:
        """Wait until its log has said `words` so often. RuntimeError when it does not in time."""
        end = time.monotonic() + within
        while self.log.read_text(encoding="utf-8").count(words) < times:
            self.check()
            if time.monotonic() > end:
                raise RuntimeError(f"The service did not say {words!r} in {within:g} s.")
            time.sleep(0.05)

    def check(self) -> None:
        """RuntimeError with its last words when it has ended."""
        if self._process.poll() is not None:
            raise RuntimeError(f"The service ended: {self.log.read_text(encoding='utf-8')[-2000:]}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.peak.end()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=60)
