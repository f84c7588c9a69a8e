"""Days of `stemwatch run` with all sources and 200 subscriptions of all kinds, while sites and receivers fail and
any of its processes is killed: was what was owed accepted, once, in its hours?

Run as `python -m bench.week [--days N] [--kills N] [--subscriptions N] [--seed N]`. Each day the service is
started so often as it is to be killed, each time with other faults, and then left to finish without them; after
the last day it works on until every digest's window has ended. A second, undisturbed installation looks at the
same sites each day. Exit 1 when an alert is missing, doubled, early, or in a quiet hour, when a change was missed
or told falsely, a source is left behind, or SIGTERM does not end the service in time.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench import owing
from bench.faults import FAULTS
from bench.receivers import Receivers, receiving
from bench.replica import Replica
from bench.running import memory_of, tree
from bench.subscribing import config_text, sample
from bench.together import crawl_together
from bench.watching import Watcher
from scheduler.crawling import Options
from scheduler.house import House, open_house
from spiders.registry import sources
from stemwatch.store import Store
from stemwatch.words import Verb

FIRST = datetime.fromisoformat("2025-01-27T00:00:00+00:00")
"""A Monday: FDA's letters of the week follow on its second day."""

FINISH_WITHIN_S, STOP_WITHIN_S = 300.0, 30.0
SITES_AT_ONCE, SITE_FAULTS_CHANCE, RECEIVERS_SHARE = 4, 0.4, 0.15
KINDS = tuple(fault for fault in FAULTS if fault.name not in {"hostile", "slow"})
"""Hostile rows are news of their own; a site that says nothing for 30 s outlives most of these services."""

DRAIN = timedelta(days=8)
"""Longer than a weekly digest's window."""


class Sight(NamedTuple):
    """What an installation saw: each notice and verb but edits, which are seen on pages that were read before; and
    each source with its last verdict."""

    news: set[tuple[str, Verb]]
    verdicts: set[tuple[str, str | None]]


class Week:
    """One installation; what went wrong gathers in `findings`, its memory at the end of each day in `mib`."""

    def __init__(self, home: Path, replica: Replica, receivers: Receivers, subscriptions: int, seed: int) -> None:
        self.replica = replica
        self.receivers = receivers
        self.dice = random.Random(seed)
        self.tables = sample(subscriptions, self.dice)
        settings = home / "stemwatch.toml"
        channels = [{**table, "channel": receivers.channel(table["name"])} for table in self.tables]
        settings.write_text(config_text(channels), encoding="utf-8")
        self.data = home / "data"
        self.environ = {
            **os.environ,
            "STEMWATCH_HOME": str(self.data),
            "STEMWATCH_CONFIG": str(settings),
            "STEMWATCH_MIRROR": replica.url,
        }
        self.findings: list[str] = []
        self.mib: list[int] = []

    def start(self, now: datetime) -> "subprocess.Popen[bytes]":
        environ = {**self.environ, "STEMWATCH_NOW": now.isoformat()}
        command = [sys.executable, "-m", "scheduler.cli", "run"]
        return subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)

    def house(self, now: datetime) -> House:
        return open_house({**self.environ, "STEMWATCH_NOW": now.isoformat()})

    def disturb(self, now: datetime) -> None:
        """Let the service live for a while with some sites failing; kill one of its processes, perhaps itself."""
        self.replica.clear_faults()
        for source in self.dice.sample(sorted(sources()), SITES_AT_ONCE):
            fault, host = self.dice.choice(KINDS), urlsplit(sources()[source].url).hostname
            match = f"^{host}/(?!robots\\.txt)"
            self.replica.fault(fault.kind, match, chance=SITE_FAULTS_CHANCE, args=dict(fault.args))
        service = self.start(now)
        time.sleep(self.dice.uniform(1.0, 8.0))
        with suppress(ProcessLookupError):
            os.kill(self.dice.choice(list(tree(service.pid))), signal.SIGKILL)
        time.sleep(self.dice.uniform(0.0, 2.0))
        service.kill()
        service.wait()

    def finish(self, now: datetime) -> None:
        """Let the service do all that is due, then stop it."""
        self.replica.clear_faults()
        service = self.start(now)
        deadline = time.monotonic() + FINISH_WITHIN_S
        while (left := list(self.left(now))) and time.monotonic() < deadline:
            time.sleep(1.0)
        self.findings += [f"{now:%Y-%m-%d}: {one}" for one in left]
        self.mib.append(round(memory_of(service.pid) / 1.048576))
        service.terminate()
        try:
            if code := service.wait(timeout=STOP_WITHIN_S):
                self.findings.append(f"{now:%Y-%m-%d}: SIGTERM ended the service with {code}")
        except subprocess.TimeoutExpired:
            self.findings.append(f"{now:%Y-%m-%d}: SIGTERM did not end the service")
            service.kill()

    def left(self, now: datetime) -> Iterator[str]:
        """What is due at `now` and not done."""
        house = self.house(now)
        with house.store() as store:
            for view in store.source_views(house.every):
                if view.due_at is None or view.due_at <= now:
                    yield f"{view.source} was left behind"
            due = store.next_due()
            if store.unmatched() or (due is not None and due <= now):
                yield "messages were left behind"

    def check(self, first: datetime, last: datetime, calm: Sight) -> Iterator[str]:
        """What was told and seen, against what was owed and what an undisturbed look saw."""
        with closing(sqlite3.connect(self.data / "stemwatch.db")) as database:
            owed = list(owing.debts(owing.watched(database), self.tables))
        messages, faults = self.receivers.accepted, dict(self.receivers.faults)
        print(f"{len(owed)} items owed to {len(self.tables)} subscriptions; {len(messages)} messages accepted,")
        print(f"of them {owing.repeats(messages)} again under their own key; receivers: {faults}")
        if not owed:
            yield "nothing was owed, so nothing was tested"
        yield from owing.compare(owed, messages, self.tables, (), faults=True)
        yield from owing.windows(messages)
        yield from owing.empties(messages, self.tables, first + timedelta(hours=1), last)
        with self.house(last).store() as store:
            yield from store.verify()
            seen = sight(store, self.house(last))
        yield from (f"{verb} {notice} was missed" for notice, verb in calm.news - seen.news)
        yield from (f"{verb} {notice} was told falsely" for notice, verb in seen.news - calm.news)
        yield from (f"{source} is {verdict}" for source, verdict in seen.verdicts - calm.verdicts)


def sight(store: Store, house: House) -> Sight:
    changes = [change for change in store.changes() if change.cause == "source"]
    news = {(change.notice, change.verb) for change in changes if change.verb not in {"baseline", "edited"}}
    return Sight(news, {(view.source, view.verdict) for view in store.source_views(house.every)})


def look_calmly(calm: Watcher, day: datetime) -> None:
    calm.set(f"{day:%Y-%m-%d}")
    with calm.house.store() as store:
        crawl_together(calm.house, store, sorted(calm.house.every), Options())


def live(week: Week, calm: Watcher, day: datetime, kills: int) -> None:
    """One day, with so many kills before noon."""
    begun = time.monotonic()
    week.replica.move(f"{day:%Y-%m-%d}")
    look_calmly(calm, day)
    for disturbance in range(kills):
        week.disturb(day + timedelta(hours=12) * disturbance / kills)
    week.finish(day + timedelta(hours=23))
    print(f"{day:%Y-%m-%d}: {kills} kills, {week.mib[-1]} MiB, {time.monotonic() - begun:.0f} s", file=sys.stderr)


def go_through(week: Week, calm: Watcher, days: int, kills: int) -> list[str]:
    """The days and what follows them; returns what was not as it should be."""
    before, last = FIRST - timedelta(days=1), FIRST + timedelta(days=days - 1)
    look_calmly(calm, before)
    week.finish(before)
    owing.watch(week.data / "stemwatch.db")
    for number in range(days):
        live(week, calm, FIRST + timedelta(days=number), kills * (number + 1) // days - kills * number // days)
    week.receivers.share = 0.0
    end = last + timedelta(hours=23)
    while end < last + DRAIN:
        end += timedelta(hours=12)
        week.finish(end)
    with calm.house.store() as store:
        return [*week.findings, *week.check(before, last, sight(store, calm.house))]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.week", description=__doc__)
    for name, default in (("days", 7), ("kills", 200), ("subscriptions", 200), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(arguments)
    receivers = Receivers(random.Random(options.seed), RECEIVERS_SHARE)
    with (
        tempfile.TemporaryDirectory() as folder,
        Replica(f"{FIRST - timedelta(days=1):%Y-%m-%d}") as replica,
        receiving(receivers),
    ):
        week = Week(Path(folder), replica, receivers, options.subscriptions, options.seed)
        calm = Watcher(Path(folder) / "calm", replica, memory_mib=4096)
        findings = go_through(week, calm, options.days, options.kills)
    print(f"Memory of the service and its children at the end of each day, MiB: {week.mib}")
    print("\n".join(findings[:50]) or "Nothing was lost, doubled, told falsely, or left behind.")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
