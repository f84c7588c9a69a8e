"""What the benches share: timing, peak memory of a process, and a figure beside its floor."""

import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

CHECKOUT = Path(__file__).resolve().parent.parent
KIB = 1 << 10


@dataclass(frozen=True)
class Result:
    """One figure beside its floor, and whether it keeps to its target. An empty target is only told."""

    name: str
    ours: str
    floor: str
    ratio: str
    target: str
    met: bool = True


def slower(name: str, ours: list[float], floor: list[float], *, at_most: float | None = None) -> Result:
    """Seconds against seconds, by their medians; without `at_most` it is only told."""
    ratio = median(ours) / median(floor)
    target = f"at most {at_most:g}" if at_most is not None else ""
    met = at_most is None or ratio <= at_most
    return Result(name, milliseconds(ours), milliseconds(floor), f"{ratio:.2f}", target, met)


def faster(name: str, ours: list[float], floor: list[float], *, at_least: float | None = None) -> Result:
    """Pages a second against pages a second, by their medians; without `at_least` it is only told."""
    ratio = median(ours) / median(floor)
    target = f"at least {at_least:g}" if at_least is not None else ""
    met = at_least is None or ratio >= at_least
    return Result(name, f"{median(ours):.0f}/s", f"{median(floor):.0f}/s", f"{ratio:.2f}", target, met)


def memory(name: str, ours: float, floor: float, *, under: float | None = None) -> Result:
    """Peaks in MB; without `under` they are only told."""
    target = f"under {under:g} MB" if under is not None else ""
    met = under is None or ours < under
    return Result(name, f"{ours:.0f} MB", f"{floor:.0f} MB", f"{ours / floor:.2f}", target, met)


def milliseconds(seconds: list[float]) -> str:
    return f"{1000 * median(seconds):,.0f} ms"


def tell(words: str) -> None:
    """Progress, which is no result."""
    print(words, file=sys.stderr, flush=True)


def timed(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    """Seconds of one call; rubbish of earlier calls is taken out first."""
    gc.collect()
    start = perf_counter()
    work(*args, **kwargs)
    return perf_counter() - start


@contextmanager
def as_users_have_it() -> Iterator[None]:
    """Processes started meanwhile find no pandas, which comes with the tests: sqlite-utils and pyarrow import it
    where it is, and take 50 to 80 MB more."""
    absent, before = str(CHECKOUT / "tests" / "absent"), os.environ.get("PYTHONPATH")
    sys.path.insert(0, absent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (absent, before)))
    try:
        yield
    finally:
        sys.path.remove(absent)
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before


def in_child(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """What a call in a fresh process returns, and the peak memory of that process in MB."""
    with as_users_have_it(), ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_with_peak, work, args, kwargs).result()


def _with_peak(work: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> tuple[T, float]:
    return work(*args, **kwargs), peak()


def peak() -> float:
    """Peak memory of this process in MB.

    On Linux, ru_maxrss of a child begins with what its parent had; VmHWM is its own. Both count kibibytes there,
    and ru_maxrss bytes on macOS.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * KIB / 1e6
    maxrss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return maxrss * (1 if sys.platform == "darwin" else KIB) / 1e6


@dataclass(frozen=True)
class Ran:
    """A program that ran to its end: moments of the monotonic clock, seconds of processor."""

    started: float
    ended: float
    cpu: float

    @property
    def seconds(self) -> float:
        return self.ended - self.started


def run_module(module: str, *arguments: str) -> Ran:
    """Run `python -m module` to its end, its standard input held open. RuntimeError when it fails."""
    command = [sys.executable, "-m", module, *arguments]
    started = monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=CHECKOUT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        ended = monotonic()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}.")
    return Ran(started, ended, usage.ru_utime + usage.ru_stime)
