"""Every source under every fault of the stand-in: `python -m bench.faults [SOURCE...]`, all by default.

All that a source asks for but robots.txt suffers the fault, on a day on which there is news. A cell is right when
the run's verdict is one that the fault may have, nothing is told that is not told without the fault, and the next
day's run, the fault being over, has caught up with all of it. Ends with 1 when a cell is not right.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from time import monotonic
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.measure import tell
from bench.replica import FOLDER, Replica
from bench.together import Together, crawl_together
from bench.watching import Watcher
from scheduler.crawling import Options
from spiders.registry import sources

BEFORE, DAY, AFTER = "2025-07-01", "2025-09-26", "2025-09-27"
"""The day up to which all is known, that of the fault, and the one after it."""
EVERYTHING = r"^[^/]+/(?!robots\.txt)"
DETAILS = 20
AT_ONCE = 2
MEMORY_MIB = 4096
"""What one worker for all sources may take; a worker of a single source has 1024 by default."""
Told = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Fault:
    """One fault of the stand-in: its name in the table, its rule there, and the verdicts that are right."""

    name: str
    kind: str
    right: frozenset[str]
    args: tuple[tuple[str, Any], ...]
    timeout: float


def fault(name: str, kind: str, right: str, timeout: float = 20.0, **args: Any) -> Fault:
    return Fault(name, kind, frozenset(right.split()), tuple(args.items()), timeout)


FAULTS = (
    # `ok` is right where the fault leaves what we read as it was: an unchanged list has no body to drop, half of a
    # window is a window, and one list lies in its page without classes. What it hides must be caught up with.
    fault("403", "status", "blocked", code=403),
    fault("404", "status", "unreachable", code=404),
    fault("429", "status", "blocked", code=429, retry_after=120),
    fault("500", "status", "unreachable", code=500),
    fault("503", "status", "unreachable blocked", code=503),
    fault("akamai", "akamai_block", "blocked unreachable"),
    fault("bot page", "interstitial_200", "blocked"),
    fault("empty", "empty_listing", "empty"),
    fault("short", "short_listing", "ok partial"),
    fault("short sum", "short_listing", "ok partial", keep_total=False),
    fault("cut", "truncated", "unreachable"),
    fault("cut loud", "truncated", "unreachable", content_length="full"),
    fault("garbage", "garbage", "layout_changed"),
    fault("type", "wrong_type", "blocked"),
    fault("renamed", "renamed_columns", "layout_changed ok"),
    fault("layout", "layout_change", "layout_changed ok"),
    fault("slow", "slow", "unreachable", timeout=1.5, delay=30),
    fault("drop", "drop", "unreachable"),
    fault("drop body", "drop", "unreachable ok", when="body"),
    fault("loop", "redirect_loop", "unreachable"),
    fault("huge", "huge_body", "layout_changed", mb=100),
    fault("hostile", "hostile", "ok partial layout_changed"),
)


@dataclass(frozen=True)
class Cell:
    """One source under one fault: the run's verdict, what was told falsely, and whether all was caught up with."""

    verdict: str
    reason: str
    untrue: tuple[tuple[str, str], ...]
    caught_up: bool
    seconds: float

    def right(self, fault: Fault) -> bool:
        return self.verdict in fault.right and not self.untrue and self.caught_up


@dataclass(frozen=True)
class Column:
    """One fault over all sources, and what the worker that suffered it took."""

    cells: Mapping[str, Cell]
    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Expected:
    """Without a fault: what is told and held in the end, and each source's verdict on the day after."""

    told: Told
    held: frozenset[tuple[str, str, str]]
    verdicts: Mapping[str, str]


def crawl(watcher: Watcher, names: Iterable[str], day: str) -> Together:
    watcher.set(day)
    with watcher.house.store() as store:
        return crawl_together(watcher.house, store, names, Options(details=DETAILS))


def told(watcher: Watcher) -> Told:
    return Counter((change.notice, change.verb) for change in watcher.changes() if change.cause == "source")


def held(watcher: Watcher) -> frozenset[tuple[str, str, str]]:
    with watcher.house.store() as store:
        return frozenset((view.notice, view.title, view.status) for view in store.all_notices())


def prepare(home: Path, names: Sequence[str], replica: Replica) -> Expected:
    """Fill `home` with what is known before, and see what comes of the days after it without a fault."""
    replica.move(BEFORE)
    crawl(Watcher(home, replica), names, BEFORE)
    unharmed = home.with_name("unharmed")
    copytree(home, unharmed)
    replica.move(DAY)
    watcher = Watcher(unharmed, replica)
    crawl(watcher, names, DAY)
    runs = crawl(watcher, names, AFTER).runs
    return Expected(told(watcher), held(watcher), {name: run.verdict for name, run in runs.items()})


def suffer(home: Path, names: Sequence[str], expected: Expected, fault: Fault) -> Column:
    """All sources under one fault, and on the day after it, on a stand-in of their own."""
    with Replica(DAY) as replica:
        return suffer_on(replica, home, names, expected, fault)


def suffer_on(replica: Replica, home: Path, names: Sequence[str], expected: Expected, fault: Fault) -> Column:
    """The same on a stand-in that runs."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        copytree(home, copy)
        replica.move(DAY)
        replica.fault(fault.kind, EVERYTHING, args=dict(fault.args))
        during = crawl(Watcher(copy, replica, timeout_seconds=fault.timeout, memory_mib=MEMORY_MIB), names, DAY)
        replica.clear_faults()
        watcher = Watcher(copy, replica)
        after = crawl(watcher, names, AFTER)
        happened, there = told(watcher), held(watcher)
    cells = {name: cell(name, expected, during, after, happened, there) for name in names}
    return Column(cells, during.seconds, during.peak_mb)


def cell(
    name: str,
    expected: Expected,
    during: Together,
    after: Together,
    happened: Told,
    there: frozenset[tuple[str, str, str]],
) -> Cell:
    """One source's share of what happened."""
    run, later = during.runs.get(name), after.runs.get(name)
    mine = f"{name}/"
    untrue = tuple(change for change in (happened - expected.told) if change[0].startswith(mine))
    missing = any(change[0].startswith(mine) for change in (expected.told - happened))
    other = any(notice.startswith(mine) for notice, _, _ in there ^ expected.held)
    believed = later is not None and later.verdict == expected.verdicts[name]
    return Cell(
        verdict=run.verdict if run else "no bundle",
        reason=run.reason if run else during.words,
        untrue=untrue,
        caught_up=believed and not missing and not other,
        seconds=run.seconds if run else during.seconds,
    )


SIGNS = {
    "ok": "ok",
    "partial": "part",
    "empty": "empt",
    "blocked": "blok",
    "layout_changed": "layo",
    "unreachable": "unre",
    "crashed": "CRSH",
    "no bundle": "NONE",
}


def show(console: Console, names: Sequence[str], columns: Mapping[Fault, Column]) -> None:
    """A line for each source, a column for each fault, and below them what the worker took."""
    printed = Table("source", *(fault.name for fault in columns), box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in names:
        printed.add_row(name, *(shown(column.cells[name], fault) for fault, column in columns.items()))
    printed.add_row("worker, s", *(f"{column.seconds:.0f}" for column in columns.values()))
    printed.add_row("worker, MB", *(f"{column.peak_mb:.0f}" for column in columns.values()))
    console.print(printed)
    verdicts = ", ".join(f"{sign} {verdict}" for verdict, sign in SIGNS.items())
    console.print(
        f"\n{verdicts}; F3: three false changes, L: not caught up a day later, !: another verdict than is right. "
        f"One worker crawls all {len(names)} sources at once; its seconds and memory are of them together.",
        highlight=False,
    )


def shown(cell: Cell, fault: Fault) -> str:
    signs = SIGNS[cell.verdict]
    signs += "" if cell.verdict in fault.right else "!"
    signs += f"F{len(cell.untrue)}" if cell.untrue else ""
    return signs + ("" if cell.caught_up else "L")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description="Sources under faults.")
    parser.add_argument("names", nargs="*", metavar="SOURCE", help="all by default")
    options = parser.parse_args(arguments)
    known = {name for name, source in sources().items() if source.tried}
    if unknown := set(options.names) - known:
        parser.error(f"the stand-in does not serve a source {min(unknown)!r}")
    if not FOLDER.exists():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    names, started = sorted(options.names or known), monotonic()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with Replica(BEFORE) as replica:
            expected = prepare(home, names, replica)
        tell(f"{sum(expected.told.values())} changes to catch up with, {monotonic() - started:.0f} s")
        columns = matrix(home, names, expected)
    console = Console(width=None if sys.stdout.isatty() else 220)
    show(console, names, columns)
    wrong = [
        f"{name}, {fault.name}: {cell.verdict}. {cell.reason[:300]} {list(cell.untrue[:3]) or ''}"
        for fault, column in columns.items()
        for name, cell in column.cells.items()
        if not cell.right(fault)
    ]
    console.print(f"\nNot as they should be: {len(wrong)} of {len(names) * len(columns)}", highlight=False)
    for line in wrong:
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"{monotonic() - started:.0f} s", highlight=False)
    return bool(wrong)


def matrix(home: Path, names: Sequence[str], expected: Expected) -> dict[Fault, Column]:
    """Every fault, two at a time."""
    with ProcessPoolExecutor(AT_ONCE, mp_context=get_context("spawn")) as pool:
        found = pool.map(partial(suffer, home, names, expected), FAULTS)
        columns = {}
        for fault, column in zip(FAULTS, found, strict=True):
            columns[fault] = column
            tell(f"{fault.name}: {column.seconds:.1f} s, {column.peak_mb:.0f} MB")
    return columns


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
