"""A year of FDA letters, day by day: is every letter told once, and nothing else?

Run as `python -m bench.daily [FROM] [TO]`; the stand-in's data from 2025-01-02 to 2025-09-30 by default. Exit 1
when a letter is missed, doubled, or something is told that did not happen.
"""

import csv
import sys
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from bench.replica import FOLDER, Replica
from bench.watching import SOURCE, Watcher
from stemwatch.views import ChangeView

FIRST, LAST = "2025-01-02", "2025-09-30"


def expected(first: str, last: str) -> tuple[Counter[str], Counter[str]]:
    """Keys that were posted, and keys that were closed out, in the days after `first`."""
    with (FOLDER / "data-dev" / "fda_listing.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["listed"] != "0"]
    posted = Counter(row["slug"] for row in rows if first < row["posted"] <= last)
    closed = Counter(row["slug"] for row in rows if first < row["closeout"] <= last)
    return posted, closed


def watch(watcher: Watcher, replica: Replica, first: str, last: str) -> list[str]:
    """Go through the days; returns what was not as it should be."""
    findings = []
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        replica.move(str(day))
        watcher.set(str(day))
        run = watcher.crawl()
        deliveries = watcher.deliver()
        if run.verdict != "ok" or run.seen != replica.listed():
            findings.append(f"{day}: {run.verdict}, {run.seen} of {replica.listed()} seen. {run.reason}")
        findings += [f"{day}: {view.error}" for view in deliveries if view.outcome != "sent"]
        print(f"{day}  {run.verdict}  {run.seen} seen  {run.added} added  {len(deliveries)} sent", file=sys.stderr)
        day += timedelta(days=1)
    return findings


def compare(changes: list[ChangeView], first: str, last: str) -> list[str]:
    """What the changes say against what FDA did."""
    posted, closed = expected(first, last)
    told = {
        verb: Counter(c.notice.split("/", 1)[1] for c in changes if c.verb == verb)
        for verb in ("added", "closed_out")
    }
    findings = [
        f"added {key}: {n} times told, {posted[key]} times posted" for key, n in difference(told["added"], posted)
    ]
    findings += [
        f"closed out {key}: {n} told, {closed[key]} done" for key, n in difference(told["closed_out"], closed)
    ]
    findings += [f"{c.verb} {c.notice} {c.edited}" for c in changes if c.verb not in ("added", "closed_out")]
    return findings


def difference(told: Counter[str], done: Counter[str]) -> list[tuple[str, int]]:
    return [(key, told[key]) for key in sorted(told.keys() | done.keys()) if told[key] != done[key]]


def delivered(changes: list[ChangeView], replica: Replica) -> list[str]:
    """Relevant changes against what the sink accepted: each notice in one message for each of its days."""
    owed = Counter({(c.url, c.detected_at.date()): 1 for c in changes if c.relevance.label == "relevant"})
    accepted = [message for message in replica.sink("advocates") if message["accepted"]]
    got = Counter(url for url, _ in owed for message in accepted if url in message["json"]["message"])
    want = Counter(url for url, _ in owed)
    findings = [f"{url}: {got[url]} messages, {want[url]} owed" for url in want if got[url] != want[url]]
    if len(accepted) != len(owed):
        findings.append(f"{len(accepted)} messages were accepted, {len(owed)} were owed")
    return findings


def main(first: str = FIRST, last: str = LAST) -> int:
    with tempfile.TemporaryDirectory() as home, Replica(first) as replica:
        watcher = Watcher(Path(home), replica)
        findings = watch(watcher, replica, first, last)
        changes = watcher.changes()
        findings += compare(changes, first, last) + delivered(changes, replica)
        counts = Counter(change.verb for change in changes)
        sent = len([message for message in replica.sink("advocates") if message["accepted"]])
    print(f"{SOURCE}, {first} to {last}: {dict(counts)}, {sent} alerts accepted")
    print("\n".join(findings) or "Every letter was told once, and nothing else was told.")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
