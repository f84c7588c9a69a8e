"""Judging 100,000 stored letters anew, in several processes: python -m bench.rejudge_speed [LETTERS]

The floor is the same work on the same texts in this process alone, without a database, for a sample. Ends with 1
when the store's process or any of its helpers grows over 300 MB.
"""

import os
import sqlite3
import sys
import threading
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from bench.apply import write_bundle
from bench.listing import FIRST_RUN, letters
from bench.measure import in_child, tell
from bench.relevance_speed import ABOUT, PLAIN, SIZE
from spiders.registry import sources
from stemwatch.assessing import Document, assess
from stemwatch.bundle import Bundle
from stemwatch.store import Store
from stemwatch.store.rejudge import rejudge_all
from stemwatch.store.store import DATABASE

LETTERS, UNDER_MB, SAMPLE = 100_000, 300, 2_000
# One letter in thirty is about stem cells, as on FDA's list of recent years; ten texts each.
KINDS = 30
TEXTS = [
    (f"{number} " + (ABOUT if number % KINDS == 0 else "") + 300 * PLAIN)[:SIZE] for number in range(10 * KINDS)
]


def fill(folder: Path, count: int) -> Path:
    """A data folder with so many letters, each with a text."""
    home = folder / "home"
    with Store(home, sources()) as store:
        store.apply(Bundle(write_bundle(folder, letters(count), FIRST_RUN)), FIRST_RUN)
    with closing(sqlite3.connect(home / DATABASE)) as db:
        ids = [number for (number,) in db.execute("SELECT id FROM notices")]
        at = "2026-01-01T00:00:00Z"
        db.executemany(
            "INSERT INTO pages (id, notice, role, url, read_at, looked_at) VALUES (?, ?, 'notice', '', ?, ?)",
            ((number, number, at, at) for number in ids),
        )
        db.executemany("INSERT INTO texts VALUES (?, ?)", zip(ids, cycle(TEXTS), strict=False))
        db.execute("UPDATE instance SET lexicon = ''")
        db.commit()
    return home


def again(home: Path) -> tuple[float, float]:
    """Seconds, and the greatest memory in MB of any process that took part."""
    peak = _Watching()
    with Store(home, sources()) as store, peak:
        started = monotonic()
        rejudge_all(store.db, counted)
        return monotonic() - started, peak.greatest


def counted(done: int, total: int) -> None:
    if done % 10_000 == 0:
        tell(f"{done:,} of {total:,}")


class _Watching(threading.Thread):
    """Looks at this process and its children while it runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.greatest = 0.0
        self._over = threading.Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
        while not self._over.wait(0.2):
            for process in [str(os.getpid()), *children.read_text().split()]:
                self.greatest = max(self.greatest, _resident(process))


def _resident(process: str) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def alone() -> float:
    """Seconds for a sample in one process, nothing read or written."""
    texts = list(islice(cycle(TEXTS), SAMPLE))
    assess(Document(fields={"title": "Harbor LLC", "text": TEXTS[0]}, kind="warning_letter"))
    started = monotonic()
    for text in texts:
        assess(Document(fields={"title": "Harbor LLC", "text": text}, kind="warning_letter"))
    return monotonic() - started


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else LETTERS
    with TemporaryDirectory() as name:
        tell(f"Storing {count:,} letters of {SIZE:,} characters")
        home = fill(Path(name), count)
        (seconds, greatest), _ = in_child(again, home)
    each, floor = seconds / count * 1000, alone() / SAMPLE * 1000
    print(f"Judging {count:,} letters anew    {seconds:8.1f} s   {each:.2f} ms each, {os.cpu_count()} processors")
    print(f"In one process, no database    {floor:22.2f} ms each, {floor / each:.2f} times as long")
    print(f"Greatest process               {greatest:8.0f} MB")
    met = greatest < UNDER_MB
    print(f"{'met' if met else 'MISSED'}: every process under {UNDER_MB} MB")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
