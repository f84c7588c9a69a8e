"""A day of the design capacity in accelerated time: python -m bench.capacity [--share S]

A hundred sources of 500 notices are looked at every four hours; each brings one new notice in the day. Ten
thousand subscriptions of the database follow ten sources each and are told at once: a hundred thousand deliveries.
Six rounds of applying, matching and sending follow each other without the hours between; webhooks go to a receiver
on this machine in another process, and crawling is measured by `bench.round`. `--share 0.1` takes a tenth of the
subscriptions. Ends with 1 when the day does not fit into a quarter of itself, or memory into its bound.
"""

import argparse
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import msgspec
from rich.console import Console

from bench.__main__ import table
from bench.apply import write_bundle
from bench.listing import FIRST_RUN, Letter, letters
from bench.measure import Result, in_child, tell
from bench.receivers import SECRET
from bench.sinks import sinks
from notify.audience import Audience
from notify.dispatch import Dispatcher
from notify.lanes import Lanes
from notify.matching import Matcher
from spiders.us_fda_warning_letters import UsFdaWarningLetters
from stemwatch.bundle import Bundle
from stemwatch.records import Source
from stemwatch.store import Store
from stemwatch.store.keys import Keyring
from stemwatch.subscriptions import Subscription
from stemwatch.words import LABELS

SOURCES, NOTICES, ROUNDS, SUBSCRIPTIONS, FOLLOWED = 100, 500, 6, 10_000, 10
AT_A_TIME = 8
DAY_S, MOST_SHARE, UNDER_MB = 86_400.0, 0.25, 512.0
Clock = Callable[[], datetime]


@dataclass
class Day:
    """What a day took: wall and processor seconds by part, deliveries sent, bytes of the database."""

    wall: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    sent: int = 0
    bytes: int = 0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        wall, cpu = perf_counter(), process_time()
        yield
        self.wall[name] += perf_counter() - wall
        self.cpu[name] += process_time() - cpu


def named() -> dict[str, Source]:
    """Sources that differ in nothing but their names."""
    names = [f"us_bench_{number:03}" for number in range(SOURCES)]
    return {name: msgspec.structs.replace(UsFdaWarningLetters.source, name=name) for name in names}


def subscriptions(number: int, port: int, names: Sequence[str]) -> list[Subscription]:
    """Each follows ten sources that stand side by side, and has a receiver of its own."""
    groups = [names[start : start + FOLLOWED] for start in range(0, len(names), FOLLOWED)]
    return [
        Subscription(
            name=f"s{place:05}",
            channel=f"stemwatch+http://127.0.0.1:{port}/{place}#k={SECRET}",
            sources=tuple(groups[place % len(groups)]),
            relevance=LABELS,
        )
        for place in range(number)
    ]


class World:
    """The data folder of the day, and what the regulators show."""

    def __init__(self, home: Path, number: int, port: int) -> None:
        self.home = home
        self.sources = named()
        self.lists: dict[str, list[Letter]] = {
            name: list(letters(NOTICES + 1, seed)) for seed, name in enumerate(self.sources)
        }
        self.store = Store(home, self.sources)
        self.keyring = Keyring(home, {})
        self.store.keep(subscriptions(number, port, list(self.sources)), self.keyring, FIRST_RUN)

    def bundles(self, at: datetime, shown: int) -> list[Bundle]:
        """One look at each source; the first `shown` of them have their new notice by now."""
        return [
            Bundle(write_bundle(self.home, rows[0 if place < shown else 1 :], at, name))
            for place, (name, rows) in enumerate(self.lists.items())
        ]

    def apply(self, bundles: Sequence[Bundle], at: datetime) -> None:
        for bundle in bundles:
            view = self.store.apply(bundle, at)
            if view.verdict != "ok":
                raise RuntimeError(f"A list was not stored as it should be: {view}.")


def day(home: Path, number: int, port: int) -> Day:
    """The whole day, in this process."""
    world, spent = World(home, number, port), Day()
    world.apply(world.bundles(FIRST_RUN, 0), FIRST_RUN)
    lanes = Lanes(AT_A_TIME)
    for place in range(1, ROUNDS + 1):
        at = FIRST_RUN + timedelta(hours=4 * place)
        bundles = world.bundles(at, SOURCES * place // ROUNDS)
        with spent.part("apply"):
            world.apply(bundles, at)
        with spent.part("match"):
            everybody = world.store.kept(world.keyring)
            owed = Matcher(world.store, Audience(everybody, {}, {}), lambda at=at: at).match()  # type: ignore[misc]
        with spent.part("deliver"):
            spent.sent += deliver(world.store, everybody, at, lanes)
        tell(f"round {place} of {ROUNDS}: {owed:,} owed, {spent.sent:,} sent by now")
    spent.bytes = sum(path.stat().st_size for path in home.glob("stemwatch.db*"))
    world.store.close()
    return spent


def deliver(store: Store, everybody: Sequence[Subscription], at: datetime, lanes: Lanes) -> int:
    dispatcher = Dispatcher(store, everybody, {}, lambda: at, tuple, lanes=lanes, at_a_time=AT_A_TIME)
    return sum(view.outcome == "sent" for view in dispatcher.deliver())


def results(spent: Day, number: int, peak: float) -> list[Result]:
    owed = number * FOLLOWED
    if spent.sent != owed:
        raise RuntimeError(f"{owed:,} deliveries were owed, {spent.sent:,} sent.")
    whole = {"apply": f"{ROUNDS * SOURCES} bundles of {NOTICES} notices", "match": f"{SOURCES} news"}
    whole["deliver"] = f"{owed:,} deliveries"
    rows = [
        Result(f"{part}: {what}", f"{spent.wall[part]:.1f} s", f"{spent.cpu[part]:.1f} s CPU", "", "")
        for part, what in whole.items()
    ]
    share = sum(spent.wall.values()) / DAY_S
    target = f"at most {MOST_SHARE:.0%}"
    return [
        *rows,
        Result("the day's work, share of a day", f"{share:.2%}", "", "", target, share <= MOST_SHARE),
        Result("peak memory", f"{peak:.0f} MB", "", "", f"under {UNDER_MB:g} MB", peak < UNDER_MB),
        Result("database, for each delivery", f"{spent.bytes / owed:.0f} bytes", "", "", ""),
    ]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    number = int(SUBSCRIPTIONS * parser.parse_args(arguments).share)
    with TemporaryDirectory() as home, sinks() as (port, _):
        spent, peak = in_child(day, Path(home), number, port)
    print(f"{number:,} subscriptions, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    found = results(spent, number, peak)
    Console(width=None if sys.stdout.isatty() else 115).print(table(found))
    return int(not all(result.met for result in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
