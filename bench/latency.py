"""From a letter's appearance on the list to its alert at the receiver: python -m bench.latency [--letters N]

The service runs as an operator starts it and asks the stand-in's FDA list, with its whole history known, every 60
seconds. Letters appear on it at random moments. The wait for the next look is told apart: it ends when the source
is due, which the tables and the cadence say to the second. What is beyond it (worker, list, letter page, storing,
matching, sending) must stay within 2 s for each. Ends with 1 when it does not, or when an alert is missing.
"""

import argparse
import csv
import os
import random
import sqlite3
import sys
import time
from bisect import bisect_left
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import tomli_w
from rich.console import Console

from bench.__main__ import table
from bench.measure import Result, tell
from bench.replica import FOLDER, Replica
from bench.running import Service
from bench.watching import SOURCE
from spiders.registry import sources
from stemwatch.cadence import Cadence, Standing

DAY = "2025-09-30"
EVERY_S, MOST_BEYOND_S = 60.0, 2.0
A_LOOK = 10
"""So many letters appear between two looks."""

PATIENCE_S = 180.0
RUNS = "SELECT id, started_at FROM runs WHERE source = ? ORDER BY started_at"


@dataclass(frozen=True)
class Told:
    """One letter, by moments of the monotonic clock: when it appeared, when the source was due next, when the
    receiver accepted the alert."""

    appeared: float
    due: float
    accepted: float

    @property
    def whole(self) -> float:
        return self.accepted - self.appeared

    @property
    def beyond(self) -> float:
        """Without the wait for the next look."""
        return self.accepted - max(self.due, self.appeared)


def appearing(number: int, dice: random.Random) -> list[str]:
    """The newest letters of the last day, in any order: older ones would be told as found late."""
    with (FOLDER / "data-dev" / "fda_listing.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["posted"], row["slug"]) for row in csv.DictReader(file) if row["listed"] != "0"]
    return dice.sample([slug for _, slug in sorted(rows, reverse=True)[:number]], number)


def settings(channel: str) -> str:
    every = {name: {"enabled": False} for name, source in sources().items() if source.tried}
    watched = {SOURCE: {"every_minutes": int(EVERY_S / 60), "details_per_run": A_LOOK}}
    labels = ["relevant", "possible", "unrelated"]
    subscription = {"name": "everything", "channel": channel, "relevance": labels}
    return tomli_w.dumps(
        {"site": {"listen": "127.0.0.1:0"}, "sources": {**every, **watched}, "subscriptions": [subscription]}
    )


def due_moments(database: Path) -> list[float]:
    """When each look was due that followed another, by the monotonic clock."""
    cadence = Cadence(timedelta(seconds=EVERY_S))
    shift = time.time() - time.monotonic()
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute(RUNS, [SOURCE]).fetchall()
    standings = [
        Standing(source=SOURCE, last_run=run, last_started_at=datetime.fromisoformat(started))
        for run, started in rows
    ]
    due = [cadence.due_at(standing) for standing in standings]
    return [moment.timestamp() - shift for moment in due if moment]


def accepted(replica: Replica, channel: str) -> dict[str, float]:
    """The moment of the first message that named each letter, by the end of its address."""
    told: dict[str, float] = {}
    for message in replica.sink(channel):
        for word in message["json"]["message"].split():
            if message["accepted"] and "/warning-letters/" in word:
                told.setdefault(word.rstrip(">).,").rsplit("/", 1)[1], message["t"])
    return told


def appear(replica: Replica, service: Service, letters: list[str], dice: random.Random) -> dict[str, float]:
    """Put each letter on the list, a few between two looks, at random; returns when."""
    moments = {}
    for slug in letters:
        time.sleep(dice.uniform(0, 2 * EVERY_S / A_LOOK))
        service.check()
        replica.edit("restore", slug)
        moments[slug] = time.monotonic()
    return moments


def measure(number: int, seed: int) -> list[Told]:
    """What became of each letter; RuntimeError when an alert does not come."""
    dice = random.Random(seed)
    letters = appearing(number, dice)
    with TemporaryDirectory() as home, Replica(DAY) as replica:
        for slug in letters:
            replica.edit("remove", slug)
        with Service(Path(home), settings(replica.sink_url("alerts")), replica) as service:
            service.wait_for(f"{SOURCE}: ")
            tell(f"{replica.listed()} letters are known; {number} more appear")
            moments = appear(replica, service, letters, dice)
            end = time.monotonic() + PATIENCE_S
            while len(told := accepted(replica, "alerts")) < number and time.monotonic() < end:
                time.sleep(1.0)
            due = due_moments(service.database)
    if missing := set(letters) - set(told):
        raise RuntimeError(f"{len(missing)} alerts did not come: {sorted(missing)[:3]}")
    return [Told(moments[slug], due[bisect_left(due, moments[slug])], told[slug]) for slug in letters]


def results(told: list[Told]) -> list[Result]:
    whole = [one.whole for one in told]
    beyond = [one.beyond for one in told]
    met = max(beyond) <= MOST_BEYOND_S
    return [
        Result("from appearance to acceptance, median", f"{median(whole):.1f} s", "", "", ""),
        Result("the same, worst", f"{max(whole):.1f} s", "", "", ""),
        Result("beyond the wait for the next look, median", f"{median(beyond):.2f} s", "", "", ""),
        Result("the same, worst", f"{max(beyond):.2f} s", "", "", "at most 2 s", met),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.latency", description=__doc__)
    parser.add_argument("--letters", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if not FOLDER.exists():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    found = results(measure(options.letters, options.seed))
    print(f"{options.letters} letters, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    Console(width=None if sys.stdout.isatty() else 115).print(table(found))
    return int(not all(result.met for result in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
