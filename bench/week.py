"""Days of `stemwatch run` with all sources, while any of its processes is killed: lost, doubled, left behind?

Run as `python -m bench.week [--days N] [--kills N] [--subscriptions N] [--seed N]`. Each day the service is
started so often as it is to be killed, and then left to finish. Exit 1 when an alert is missing or comes under two
keys, a source is left behind, or SIGTERM does not end the service in time.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bench.kills import repeats
from bench.replica import Replica
from scheduler.house import House, open_house

FIRST = datetime.fromisoformat("2025-01-27T00:00:00+00:00")
"""A Monday: FDA's letters of the week follow on its second day."""

FINISH_WITHIN_S, STOP_WITHIN_S = 300.0, 30.0
CONFIG = """
[[subscriptions]]
name = "{name}"
channel = "{channel}"
relevance = ["relevant", "possible", "unrelated"]
"""


class Week:
    """One installation; what went wrong gathers in `findings`, its memory at the end of each day in `mib`."""

    def __init__(self, home: Path, replica: Replica, subscriptions: int, seed: int) -> None:
        self.replica = replica
        self.dice = random.Random(seed)
        self.names = [f"s{number:03}" for number in range(subscriptions)]
        tables = (CONFIG.format(name=name, channel=replica.sink_url(name)) for name in self.names)
        settings = home / "stemwatch.toml"
        settings.write_text("".join(tables), encoding="utf-8")
        self.environ = {
            **os.environ,
            "STEMWATCH_HOME": str(home / "data"),
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
        """Let the service live for a while, and kill one of its processes, perhaps itself."""
        service = self.start(now)
        time.sleep(self.dice.uniform(1.0, 8.0))
        with suppress(ProcessLookupError):
            os.kill(self.dice.choice([service.pid, *children(service.pid)]), signal.SIGKILL)
        time.sleep(self.dice.uniform(0.0, 2.0))
        service.kill()
        service.wait()

    def finish(self, now: datetime) -> None:
        """Let the service do all that is due, then stop it."""
        service = self.start(now)
        deadline = time.monotonic() + FINISH_WITHIN_S
        while (left := list(self.left(now))) and time.monotonic() < deadline:
            time.sleep(1.0)
        self.findings += [f"{now:%Y-%m-%d}: {one}" for one in left]
        self.mib.append(resident_mib(service.pid))
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
            if store.unmatched() or any(view.status == "waiting" for view in store.deliveries()):
                yield "messages were left behind"

    def check(self, now: datetime) -> Iterator[str]:
        """What was told, against what was seen."""
        with self.house(now).store() as store:
            changes = [change for change in store.changes() if change.verb != "baseline"]
            owed = {change.url for change in changes if change.cause == "source"}
            yield from store.verify()
        if not owed:
            yield "nothing was owed, so nothing was tested"
        for name in self.names:
            texts = [message["json"]["message"] for message in self.replica.sink(name) if message["accepted"]]
            same_key, doubled = repeats(self.replica, name)
            print(f"{name}: {len(owed)} notices owed, {len(texts)} messages, {same_key} again under their own key")
            yield from (f"{name}: doubled under another key: {title}" for title in doubled)
            yield from (f"{name}: missing: {url}" for url in owed if not any(url in text for text in texts))


def children(pid: int) -> list[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in told.stdout.split()]


def resident_mib(pid: int) -> int:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(told.stdout or 0) // 1024


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.week", description=__doc__)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--subscriptions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as home, Replica(f"{FIRST:%Y-%m-%d}") as replica:
        week = Week(Path(home), replica, options.subscriptions, options.seed)
        for number in range(options.days):
            day = FIRST + timedelta(days=number)
            replica.move(f"{day:%Y-%m-%d}")
            kills = options.kills // options.days
            for disturbance in range(kills):
                week.disturb(day + timedelta(hours=12) * disturbance / kills)
            week.finish(day + timedelta(hours=23))
            print(f"{day:%Y-%m-%d}: {week.mib[-1]} MiB, {time.monotonic() - begun:.0f} s", file=sys.stderr)
        findings = [*week.findings, *week.check(day + timedelta(hours=23, minutes=30))]
    print(f"Memory of the service at the end of each day, MiB: {week.mib}")
    print("\n".join(findings) or "Nothing was lost, doubled under another key, or left behind.")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
