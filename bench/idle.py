"""What the service takes when all sources are due at once, and when nothing is: python -m bench.idle [--minutes N]

The service runs as an operator starts it, with its site, on the stand-in. It crawls every source from nothing,
which is its peak, then nothing is due for N minutes. Figures are those of the service and all its children, from
/proc; memory that they share counts for each of them. `--python` names the interpreter of an environment made from
requirements.lock alone, which is what an operator has. Ends with 1 when a target is missed.
"""

import argparse
import os
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli_w
from rich.console import Console

from bench.__main__ import table
from bench.measure import Result, tell
from bench.replica import FOLDER, Replica
from bench.running import Service
from scheduler.workers import SPARE_S
from spiders.registry import sources
from stemwatch.store import Store
from stemwatch.store.keys import Keyring
from stemwatch.subscriptions import Subscription

DAY = "2025-09-30"
NOW = datetime(2025, 9, 30, 12, 0, tzinfo=UTC)
IDLE_MB, PEAK_MB = 150.0, 512.0
IDLE_CPU_S = 1.0
"""Seconds of processor in an idle minute: one part in sixty of one core."""


@dataclass(frozen=True)
class Taken:
    """Seconds of processor and peaks in MB, first while all sources were crawled, then while nothing was due."""

    sources: int
    busy_s: float
    busy_cpu: float
    busy_mb: float
    idle_s: float
    idle_cpu: float
    idle_mb: float


def crawled(database: Path) -> int:
    """How many sources have a run."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(DISTINCT source) FROM runs").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # it is not there yet


CONFIG: dict[str, dict[str, Any]] = {
    "site": {"listen": "127.0.0.1:0"},
    "sources": {name: {"every_minutes": 1440} for name, source in sources().items() if source.tried},
}


def subscribe(home: Path, channel: str, number: int) -> None:
    """Fill the database of a data folder with so many subscriptions."""
    environ = {"STEMWATCH_HOME": str(home)}
    everybody = [Subscription(name=f"s{place:05}", channel=channel) for place in range(number)]
    with Store(home, sources()) as store:
        store.keep(everybody, Keyring(home, environ), NOW)


def measure(minutes: float, subscriptions: int, python: Path) -> Taken:
    tried = len(CONFIG["sources"])
    with TemporaryDirectory() as name, Replica(DAY) as replica:
        home = Path(name)
        subscribe(home / "data", replica.sink_url("everybody"), subscriptions)
        began = time.monotonic()
        clock = {"STEMWATCH_NOW": NOW.isoformat()}
        with Service(home, tomli_w.dumps(CONFIG), replica, python, **clock) as service:
            while crawled(service.database) < tried:
                service.check()
                time.sleep(0.2)
            busy_s, busy_cpu, busy_mb = time.monotonic() - began, service.cpu(), service.peak.take()
            tell(f"all {tried} sources crawled in {busy_s:.0f} s; now {minutes:g} minutes of nothing")
            time.sleep(SPARE_S + 5)
            service.peak.take()
            cpu, idle_from = service.cpu(), time.monotonic()
            time.sleep(60 * minutes)
            idle_s, idle_cpu = time.monotonic() - idle_from, service.cpu() - cpu
            return Taken(tried, busy_s, busy_cpu, busy_mb, idle_s, idle_cpu, service.peak.take())


def results(taken: Taken) -> list[Result]:
    a_minute = 60 * taken.idle_cpu / taken.idle_s
    return [
        Result(
            f"{taken.sources} sources from nothing in {taken.busy_s:.0f} s", f"{taken.busy_cpu:.1f} s CPU", *BLANK
        ),
        under("the same, peak of all processes", taken.busy_mb, PEAK_MB),
        Result(
            f"idle for {taken.idle_s / 60:.1f} minutes, CPU in a minute",
            f"{a_minute:.2f} s",
            "",
            "",
            f"under {IDLE_CPU_S:g} s",
            a_minute < IDLE_CPU_S,
        ),
        under("the same, most of all processes", taken.idle_mb, IDLE_MB),
    ]


BLANK = "", "", ""


def under(name: str, ours: float, bound: float) -> Result:
    return Result(name, f"{ours:.0f} MB", "", "", f"under {bound:g} MB", ours < bound)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.idle", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--subscriptions", type=int, default=10_000)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    options = parser.parse_args(arguments)
    if not FOLDER.exists():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    found = results(measure(options.minutes, options.subscriptions, options.python))
    print(f"{options.subscriptions:,} subscriptions, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    Console(width=None if sys.stdout.isatty() else 115).print(table(found))
    return int(not all(result.met for result in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
