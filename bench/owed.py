"""Twenty-one months of FDA letters told to 200 subscriptions: was what was owed accepted, once, in its hours?

Run as `python -m bench.owed [FROM] [TO] [--faults] [--kills N] [--seed N]`. The clock is simulated; `--faults`
lets receivers answer 429 and 500, hang, and drop; `--kills` starts the service so often and ends it with SIGKILL.
Exit 1 when anything is missing, doubled under another key, early, late, or in a quiet hour.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bench import owing
from bench.receivers import Receivers, receiving
from bench.replica import FOLDER, Replica
from bench.subscribing import Table, config_text, sample
from bench.watching import SOURCE
from notify.channels import Transport
from scheduler.clock import Clock
from scheduler.crawling import Options
from scheduler.delivering import deliver_due
from scheduler.house import House, open_house
from scheduler.jobs import crawl_and_apply
from scheduler.workers import Workers
from stemwatch.store import Store
from stemwatch.windows import digest_window

FIRST, LAST = "2024-01-01", "2025-09-30"
SUBSCRIPTIONS = 200
PAGES = 30
"""Letter pages that one crawl reads: those that are likely relevant come first."""

SLEEPS = 5
"""So often the machine sleeps for three days."""

WRONG = "wrong"
"""A subscription whose receiver answers 404."""


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")


class Simulation:
    """One installation whose clock goes from one moment with work to the next."""

    def __init__(self, home: Path, replica: Replica, receivers: Receivers, seed: int) -> None:
        self.dice = random.Random(seed)
        self.replica = replica
        self.receivers = receivers
        self.tables = sample(SUBSCRIPTIONS, self.dice)
        self.home = home
        self.environ = {
            **os.environ,
            "STEMWATCH_HOME": str(home / "data"),
            "STEMWATCH_CONFIG": str(self._configure()),
            "STEMWATCH_MIRROR": replica.url,
        }
        self.house: House = open_house({**self.environ, "STEMWATCH_NOW": replica.get("/_replica/state")["as_of"]})
        self.workers = Workers()
        self.transport = Transport(silence=1.0, limit=3.0)
        self.seen: list[owing.Seen] = []
        self.awake: list[datetime] = []

    def _configure(self) -> Path:
        wrong: Table = {"name": WRONG, "relevance": ["relevant", "possible", "unrelated"]}
        tables = [{**table, "channel": self.receivers.channel(table["name"])} for table in [*self.tables, wrong]]
        self.receivers.gone.add(WRONG)
        path = self.home / "stemwatch.toml"
        path.write_text(config_text(tables, SOURCE), encoding="utf-8")
        return path

    def set(self, now: datetime) -> None:
        self.house = replace(self.house, clock=Clock(now))

    def crawl(self, store: Store, day: str) -> None:
        self.replica.move(day)
        self.set(max(noon(day), self.house.clock.now()))
        options = Options(details=PAGES)
        crawl_and_apply(self.house, store, SOURCE, options, lambda told: None, self.workers)
        self.seen += owing.unmatched(store.db.conn, self.house.clock.now())

    def deliver(self, store: Store) -> None:
        self.awake.append(self.house.clock.now())
        store.release_leases()
        for _ in deliver_due(self.house, store, transport=self.transport):
            pass

    def go_on(self, store: Store, until: datetime) -> None:
        """Work at each moment at which something is due, and no later than `until`."""
        while (due := self._next(store)) <= until:
            self.set(max(due, self.house.clock.now()))
            self.deliver(store)

    def _next(self, store: Store) -> datetime:
        now = self.house.clock.now()
        ends = [digest_window(now, one)[1] for one in self.house.config.subscriptions if one.empty]
        due = store.next_due()
        return min([*ends, *([due] if due else [])])

    def kill(self) -> None:
        """Let the service of this moment live for a while."""
        environ = {**self.environ, "STEMWATCH_NOW": self.house.clock.now().isoformat()}
        command = [sys.executable, "-m", "scheduler.cli", "run"]
        with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) as service:
            assert service.stderr is not None
            while b"Started" not in service.stderr.readline():
                pass
            time.sleep(self.dice.uniform(0.0, 1.5))
            service.kill()


def days_with_news(first: str, last: str) -> list[str]:
    """Days on which FDA posted a letter or closed one out, after `first`."""
    with (FOLDER / "data-dev" / "fda_listing.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return sorted({row[key] for row in rows for key in ("posted", "closeout") if first < row[key] <= last})


def run(simulation: Simulation, first: str, last: str, kills: int) -> None:
    days = days_with_news(first, last)
    asleep = set(simulation.dice.sample(days, min(SLEEPS, len(days) // 10)))
    killed = [simulation.dice.choice(days) for _ in range(kills)]
    simulation.set(noon(first))
    with simulation.house.store() as store:
        simulation.crawl(store, first)
        simulation.deliver(store)
        for number, day in enumerate(days, start=1):
            simulation.go_on(store, noon(day))
            simulation.crawl(store, day)
            for _ in range(killed.count(day)):
                simulation.kill()
            simulation.deliver(store)
            if day in asleep:
                simulation.set(simulation.house.clock.now() + timedelta(days=3))
                simulation.deliver(store)
            told = len(simulation.receivers.accepted)
            print(f"{day}: {number} of {len(days)} days, {told} messages accepted", file=sys.stderr)
        simulation.go_on(store, noon(last) + timedelta(days=12))
    simulation.workers.stop()


def findings(simulation: Simulation, first: str, last: str, *, faults: bool) -> Iterator[str]:
    messages, tables = simulation.receivers.accepted, simulation.tables
    owed = list(owing.debts(simulation.seen, tables))
    print(f"{len(owed)} items owed to {len(tables)} subscriptions, {len(messages)} messages accepted, ", end="")
    print(f"of them {owing.repeats(messages)} again under their own key")
    yield from owing.compare(owed, messages, tables, sorted(simulation.awake), faults=faults)
    yield from owing.windows(messages)
    yield from owing.empties(messages, tables, noon(first) + timedelta(minutes=30), noon(last))
    with simulation.house.store() as store:
        for view in store.deliveries():
            if view.subscription == WRONG:
                if view.status == "sent":
                    yield f"delivery {view.delivery} to a wrong address counts as sent"
            elif view.status != "sent" and view.due_at <= noon(last):
                yield f"delivery {view.delivery} to {view.subscription} is {view.status}: {view.error}"
        if WRONG not in store.disabled():
            yield "the channel with the wrong address was not disabled"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.owed", description=__doc__)
    parser.add_argument("first", nargs="?", default=FIRST)
    parser.add_argument("last", nargs="?", default=LAST)
    parser.add_argument("--faults", action="store_true")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    receivers = Receivers(random.Random(options.seed), 0.15 if options.faults else 0.0)
    with (
        tempfile.TemporaryDirectory() as home,
        Replica(options.first) as replica,
        receiving(receivers),
    ):
        simulation = Simulation(Path(home), replica, receivers, options.seed)
        begun = time.monotonic()
        run(simulation, options.first, options.last, options.kills)
        faults = options.faults or options.kills > 0
        found = list(findings(simulation, options.first, options.last, faults=faults))
    print(f"{dict(receivers.faults)}, {time.monotonic() - begun:.0f} s")
    print("\n".join(found[:50]) or "Everything owed was accepted once, in its window and hours; nothing else was.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
