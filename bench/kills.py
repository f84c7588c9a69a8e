"""Killing the service at random moments of a year of FDA letters: is anything lost, is anything doubled?

Run as `python -m bench.kills [KILLS] [SEED]`. On each day with news the service is started, killed with SIGKILL
after a random while, started again, left to finish, and stopped with SIGTERM. Exit 1 when an alert is missing, or
comes twice under different idempotency keys.
"""

import csv
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.daily import FIRST, LAST, compare, expected
from bench.replica import FOLDER, Replica
from bench.watching import SOURCE, Watcher

CONFIG = """
[site]
listen = "127.0.0.1:0"

[release]
folder = ""

[[subscriptions]]
name = "advocates"
channel = "{channel}"
"""
UNDONE = """
SELECT (SELECT count(*) FROM runs WHERE started_at >= :day) = 0
    OR (SELECT count(*) FROM changes WHERE matched_at IS NULL) > 0
    OR (SELECT count(*) FROM deliveries WHERE sent_at IS NULL AND dead_at IS NULL) > 0
"""


class Killed:
    """One data folder whose service does not live long."""

    def __init__(self, home: Path, replica: Replica) -> None:
        self.home = home
        config = home / "stemwatch.toml"
        config.write_text(CONFIG.format(channel=replica.sink_url("advocates")), encoding="utf-8")
        self.environ = {
            **os.environ,
            "STEMWATCH_HOME": str(home / "data"),
            "STEMWATCH_CONFIG": str(config),
            "STEMWATCH_MIRROR": replica.url,
        }

    def start(self, now: str) -> "subprocess.Popen[bytes]":
        environ = {**self.environ, "STEMWATCH_NOW": now}
        command = [sys.executable, "-m", "scheduler.cli", "run"]
        return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE)

    def finish(self, day: str) -> str:
        """Let the service do all that is left of a day, then stop it; returns what went wrong."""
        service = self.start(f"{day}T13:00:00Z")
        assert service.stderr is not None
        while b"Started" not in service.stderr.readline():
            pass
        deadline = time.monotonic() + 120
        while self.undone(day) and time.monotonic() < deadline:
            time.sleep(0.1)
        service.send_signal(signal.SIGTERM)
        code = service.wait(timeout=40)
        late = "the day's work was not done in 120 s" if self.undone(day) else ""
        return late or (f"SIGTERM ended the service with {code}" if code else "")

    def undone(self, day: str) -> bool:
        database = self.home / "data" / "stemwatch.db"
        try:
            with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
                return bool(connection.execute(UNDONE, {"day": day}).fetchone()[0])
        except sqlite3.OperationalError:
            return True


def days_with_news(kills: int, dice: random.Random) -> list[str]:
    """As many posting days as there are kills; each is killed once, so a short year repeats none."""
    with (FOLDER / "data-dev" / "fda_listing.csv").open(encoding="utf-8", newline="") as file:
        days = {row["posted"] for row in csv.DictReader(file) if FIRST < row["posted"] <= LAST}
    return sorted(dice.sample(sorted(days), min(kills, len(days))))


def repeats(replica: Replica, name: str = "advocates") -> tuple[int, list[str]]:
    """Messages accepted more than once under one key, and those that came under different keys."""
    accepted = [message for message in replica.sink(name) if message["accepted"]]
    keys = Counter(message["headers"]["Idempotency-Key"] for message in accepted)
    texts = {(message["json"]["message"], message["headers"]["Idempotency-Key"]) for message in accepted}
    doubled = [text.splitlines()[1] for text, n in Counter(text for text, _ in texts).items() if n > 1]
    return sum(number - 1 for number in keys.values()), doubled


def main(kills: int = 50, seed: int = 1) -> int:
    dice = random.Random(seed)
    findings: list[str] = []
    with tempfile.TemporaryDirectory() as folder, Replica(FIRST) as replica:
        killed = Killed(Path(folder), replica)
        findings += filter(None, [killed.finish(FIRST)])
        replica.fault("slow", "_sink/", args={"delay": 0.3})
        days = days_with_news(kills, dice)
        for number, day in enumerate(days, start=1):
            replica.move(day)
            service = killed.start(f"{day}T12:00:00Z")
            time.sleep(dice.uniform(0.5, 6.0))
            service.kill()
            service.wait()
            findings += [f"{day}: {trouble}" for trouble in [killed.finish(day)] if trouble]
            print(f"kill {number} of {len(days)}, {day}", file=sys.stderr)
        findings += check(killed, replica, days[-1])
    print("\n".join(findings) or "Nothing was lost, nothing was doubled under another key.")
    return bool(findings)


def check(killed: Killed, replica: Replica, last: str) -> list[str]:
    watcher = Watcher(killed.home / "data", replica)
    changes = watcher.changes()
    same_key, doubled = repeats(replica)
    messages = [message["json"]["message"] for message in replica.sink("advocates") if message["accepted"]]
    owed = {change.url for change in changes if change.relevance.label == "relevant"}
    missing = [url for url in owed if not any(url in message for message in messages)]
    posted, _ = expected(FIRST, last)
    print(f"{SOURCE}: {sum(posted.values())} letters, {len(owed)} relevant, {len(messages)} alerts accepted, ")
    print(f"of them {same_key} repeated under their own key")
    findings = [f"missing: {url}" for url in missing]
    return findings + [f"doubled under another key: {title}" for title in doubled] + compare(changes, FIRST, last)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
