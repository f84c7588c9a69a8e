"""All sources, week by week: is everything found that was labelled, once, and nothing told that did not happen?

Run as `python -m bench.weekly [FROM] [TO] [DAYS]`: 2024-01-01 to 2025-09-30, every 7 days, unless said otherwise.
What was published before FROM is found by the first run, as far as the source reaches back. Exit 1 when a labelled
notice is missed or doubled, when its day or regulator is wrong, or when something is told that was not done.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

from rich.console import Console

from bench.measure import tell
from bench.replica import FOLDER, Replica
from bench.together import crawl_together
from bench.watching import Watcher
from bench.weekly_truth import Held, compare, held, labelled, show
from scheduler.crawling import Options
from spiders.registry import sources
from stemwatch.views import ChangeView

FIRST, LAST = "2024-01-01", "2025-09-30"
DETAILS = 5000
WRONG_VERBS = ("edited", "delisted", "relisted", "reissued")


def days_from(first: str, last: str, step: int) -> Iterator[str]:
    """Every `step`-th day from `first` on, and `last`."""
    day = date.fromisoformat(first)
    while day < date.fromisoformat(last):
        yield str(day)
        day += timedelta(days=step)
    yield last


def watch(watcher: Watcher, replica: Replica, days: Iterable[str]) -> Iterator[str]:
    """Go through the days; yields each run that was not `ok`."""
    names = sorted(name for name, source in sources().items() if source.tried)
    for day in days:
        replica.move(day)
        watcher.set(day)
        with watcher.house.store() as store:
            done = crawl_together(watcher.house, store, names, Options(details=DETAILS))
        tell(f"{day}  {sum(run.added for run in done.runs.values())} added, {done.seconds:.1f} s")
        for name in names:
            run = done.runs.get(name)
            if run is None:
                yield f"{day} {name}: no bundle. {done.words}"
            elif run.verdict != "ok":
                yield f"{day} {name}: {run.verdict}. {run.reason}"


def untrue(changes: list[ChangeView]) -> list[str]:
    """Changes that nobody made: the stand-in's notices are published and closed out, nothing else."""
    return [
        f"{c.detected_at:%Y-%m-%d} {c.verb} ({c.cause}) {c.notice}: {[edit.field for edit in c.edited]}"
        for c in changes
        if c.verb in WRONG_VERBS and c.cause == "source"
    ]


def main(first: str = FIRST, last: str = LAST, step: str = "7") -> int:
    if not (FOLDER / "truth-dev.csv").is_file():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    started = monotonic()
    with tempfile.TemporaryDirectory() as home, Replica(first) as replica:
        watcher = Watcher(Path(home), replica)
        doubts = list(watch(watcher, replica, days_from(first, last, int(step))))
        changes = watcher.changes()
        with watcher.house.store() as store:
            found: dict[str, list[Held]] = held(store)
    wrong = untrue(changes)
    outcome = compare(labelled(FOLDER, last), found, first)
    console = Console(width=None if sys.stdout.isatty() else 150)
    show(console, outcome, sources())
    sections = {
        "Missed or doubled": outcome.missed,
        "Passed over: beyond the reach of the source, or of no relevance and not asked for": outcome.out_of_reach,
        "Another day or regulator": outcome.differing,
        "Parties not found": outcome.parties,
        "Relevance": outcome.relevance,
        "Told and not done": wrong,
        "Runs that were not ok": summed(doubts),
    }
    for head, lines in sections.items():
        console.print(f"\n{head}: {len(lines)}", highlight=False)
        for line in lines:
            console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"\n{first} to {last}, every {step} days, in {monotonic() - started:.0f} s", highlight=False)
    return bool(outcome.missed or outcome.differing or wrong)


def summed(doubts: list[str]) -> list[str]:
    """Doubts of the same source and words once, with how often and since when."""
    times: dict[str, list[str]] = {}
    for doubt in doubts:
        day, _, words = doubt.partition(" ")
        times.setdefault(words, []).append(day)
    return [f"{days[0]}, {len(days)} times: {words}" for words, days in times.items()]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
