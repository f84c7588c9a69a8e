"""A release with every format, beside a copy of the database by SQLite: python -m bench.release_speed [NOTICES...]

1,000, 10,000 and 100,000 notices unless told otherwise, each with a page of a letter's length. It ends with 1 when
100,000 notices would take more than 60 s, or take more than 400 MB with the process that writes Parquet.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from bench.apply import write_bundle
from bench.listing import FIRST_RUN, letters
from bench.measure import CHECKOUT, as_users_have_it, in_child, tell, timed
from bench.search_speed import COMMON
from scheduler.clock import Clock
from scheduler.house import House
from scheduler.releasing import release
from spiders.registry import sources
from stemwatch.bundle import Bundle
from stemwatch.config import Config
from stemwatch.store import Store
from stemwatch.store.store import DATABASE

SIZES, WORDS_EACH = (1_000, 10_000, 100_000), 1_000
MOST_SECONDS, MOST_MB = 60.0, 400.0
_PAGE = """INSERT INTO pages (id, notice, role, url, read_at, looked_at, capture)
SELECT id, id, 'notice', url, first_seen_at, first_seen_at, capture FROM notices"""

_WRITER = """
from runpy import run_module
from bench.measure import peak
run_module("publish.releases.parquet_writer", run_name="__main__")
print(peak())
"""


def texts(count: int) -> Iterator[tuple[int, str]]:
    random = Random(1)
    for number in range(1, count + 1):
        words = (COMMON[int(random.paretovariate(0.6)) % len(COMMON)] for _ in range(WORDS_EACH))
        yield number, " ".join(words)


def fill(home: Path, count: int) -> None:
    with Store(home, sources()) as store:
        store.apply(Bundle(write_bundle(home, letters(count), FIRST_RUN)), FIRST_RUN)
        store.db.execute("BEGIN")
        store.db.execute(_PAGE)
        store.db.conn.executemany("INSERT INTO texts VALUES (?, ?)", texts(count))
        store.db.execute("COMMIT")


def write(home: Path, later: int) -> float:
    """Seconds of a release `later` days on."""
    house = House(home, Config(), Clock(FIRST_RUN + timedelta(days=later)), {}, sources())
    with house.store() as store:
        return timed(release, house, store, home / "releases", lambda step, rows: None)


def parquet(folder: Path) -> float:
    """Peak in MB of the process that writes Parquet, asked of itself."""
    command = [sys.executable, "-c", _WRITER, str(folder)]
    with as_users_have_it():
        return float(subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout)


def copied(home: Path) -> float:
    """The floor: SQLite writing the whole database anew."""
    with sqlite3.connect(home / DATABASE) as db:
        return timed(db.execute, "VACUUM INTO ?", [str(home / "copy.db")])


def measured(count: int) -> bool:
    tell(f"Storing {count:,} notices")
    with TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, count)
        first, peak = in_child(write, home, 0)
        second, again = in_child(write, home, 1)
        child = parquet(home / "releases" / "latest")
        floor = copied(home)
        size = sum(path.stat().st_size for path in (home / "releases" / "latest").iterdir()) / 1e6
    whole = max(first, second) * SIZES[-1] / count
    most = max(peak, again) + child
    print(
        f"{count:8,} notices: {first:6.1f} s, with a delta {second:6.1f} s ({first / floor:.1f} times a copy), "
        f"{most:4.0f} MB ({child:.0f} of them Parquet's), {size:6.1f} MB written"
    )
    return whole <= MOST_SECONDS and most <= MOST_MB


def main() -> int:
    counts = [int(argument) for argument in sys.argv[1:]] or SIZES
    met = [measured(count) for count in counts][-1]
    print(f"{'met' if met else 'MISSED'}: at most {MOST_SECONDS:.0f} s for {SIZES[-1]:,} and {MOST_MB:.0f} MB")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
