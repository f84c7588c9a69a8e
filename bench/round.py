"""A round over all sources with nothing new, against bare conditional requests for the same lists.

Each source is crawled by a worker process of its own and its bundle applied. The floor is a process that starts
the same client, sends the same requests for the list, robots.txt apart, with the same validators, and reads
nothing (`bench.conditional`). Ends with 1 when a target is missed.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.crawl import forget
from bench.measure import run_module, tell
from bench.replica import FOLDER, Replica
from bench.together import crawl_together
from bench.watching import Watcher
from scheduler.crawling import Options
from spiders.registry import sources

DAY = "2026-10-29"
"""The last day of the stand-in's data."""
MOST_REQUESTS, AT_MOST = 2, 2.0
FIRST_PAGES = 60


@dataclass(frozen=True)
class Checked:
    """What it took to see that there is nothing new; `conditional`: the site answers conditional requests."""

    source: str
    cpu: float
    floor: float
    requests: int
    conditional: bool

    @property
    def met(self) -> bool:
        return not self.conditional or self.requests <= MOST_REQUESTS


def check(watcher: Watcher, replica: Replica, name: str, folder: Path) -> Checked:
    """One source whose list has not changed, and its floor."""
    forget(replica)
    with watcher.house.store() as store:
        conditional = bool(store.known(name).lists)
        start = process_time()
        done = crawl_together(watcher.house, store, [name], Options(details=0))
        cpu = process_time() - start + done.cpu
    run = done.runs[name]
    if run.verdict != "ok" or run.added or run.edited:
        raise RuntimeError(f"{name} is not as it was: {run}.")
    asked = [entry for entry in replica.get("/_replica/log") if entry["path"] != "/robots.txt"]
    return Checked(name, cpu, bare(replica, asked, folder), run.requests, conditional)


def bare(replica: Replica, asked: list[dict[str, Any]], folder: Path) -> float:
    """Seconds of processor for the same requests and nothing else."""
    requests = folder / "requests.json"
    requests.write_text(json.dumps(asked), encoding="utf-8")
    return run_module("bench.conditional", replica.url, str(requests)).cpu


def together(watcher: Watcher, replica: Replica, names: list[str], folder: Path) -> Checked:
    """All sources in one worker, and all their requests in one bare process."""
    forget(replica)
    with watcher.house.store() as store:
        start = process_time()
        done = crawl_together(watcher.house, store, names, Options(details=0))
        cpu = process_time() - start + done.cpu
    asked = [entry for entry in replica.get("/_replica/log") if entry["path"] != "/robots.txt"]
    requests = sum(run.requests for run in done.runs.values())
    return Checked("all in one worker", cpu, bare(replica, asked, folder), requests, conditional=False)


def show(rows: list[Checked]) -> None:
    printed = Table("source", "ours", "floor", "ratio", "requests", box=None, pad_edge=False)
    for column in printed.columns[1:]:
        column.justify = "right"
    for row in rows:
        ratio = f"{row.cpu / row.floor:.2f}"
        asked = f"{row.requests}{'' if row.met else ' MISSED, at most 2'}{'' if row.conditional else ' *'}"
        printed.add_row(row.source, f"{1000 * row.cpu:,.0f} ms", f"{1000 * row.floor:,.0f} ms", ratio, asked)
    console = Console(width=None if sys.stdout.isatty() else 115)
    console.print(printed)
    console.print("* the site answers no conditional requests: the list is read whole", highlight=False)


def main() -> int:
    if not FOLDER.exists():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    names = sorted(name for name, source in sources().items() if source.tried)
    with TemporaryDirectory() as home, TemporaryDirectory() as scratch, Replica(DAY) as replica:
        watcher = Watcher(Path(home), replica)
        with watcher.house.store() as store:
            crawl_together(watcher.house, store, names, Options(details=FIRST_PAGES))
        rows = []
        for name in names:
            rows.append(check(watcher, replica, name, Path(scratch)))
            tell(f"{name}: {rows[-1].cpu:.2f} s, floor {rows[-1].floor:.2f} s")
        whole = together(watcher, replica, names, Path(scratch))
    cpu, floor = sum(row.cpu for row in rows), sum(row.floor for row in rows)
    requests = sum(row.requests for row in rows)
    every = Checked("all, each in its own", cpu, floor, requests, conditional=False)
    show([*rows, every, whole])
    fast = cpu <= AT_MOST * floor
    print(f"CPU in all: {'met' if fast else 'MISSED'}, at most {AT_MOST:g} times the floor")
    return int(not (fast and all(row.met for row in rows)))


if __name__ == "__main__":
    sys.exit(main())
