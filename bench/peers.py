"""Side by side on FDA's list of warning letters: python -m bench.peers [--days N] [--looks N]

Stemwatch, changedetection.io, webchanges (their newest releases, in environments of their own) and a poller that
was written by hand look at the same stand-in at the same moments, one after another. `bench.peer_tools` says how
each is set up.

Stemwatch, too, is started by cron for this; what a look costs its service stands below.

First they look when nothing is new, though rows of one day come in another order each time, as they do on FDA's
site; then one letter is posted, and the seconds until each has told of it are taken. Then comes a month with a
look a day: letters are posted, closed out and answered as they really were, six rows are edited, one look meets
FDA's block page, and one half of the rows. What each tool told is compared with what happened among the newest
rows, which all of them see: an alert that names a letter is right the first time after something happened to it,
else false; what was not told is missed. What happened to older rows is owed by nobody, and no false alert.
"""

import argparse
import csv
import os
import random
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import tomli_w
from rich.console import Console
from rich.table import Table

from bench.measure import tell
from bench.peer_tools import PACKAGES, Spent, Stemwatch, Tool, sink_name, tools, version
from bench.replica import FOLDER, Replica
from bench.running import Service
from bench.watching import SOURCE
from spiders.registry import sources

FIRST = date(2025, 8, 18)
LINK = re.compile(r"/warning-letters/([a-z0-9-]+)")
LIST = "www.fda.gov/datatables"
ROWS = 500
LEAST_DAYS = 5
EDITS = 6
"""Rows whose subject is corrected or that are closed out, beside what really happened."""


@dataclass
class Score:
    """What one tool told: letters named rightly, and letters named though nothing had happened to them."""

    right: int = 0
    false: int = 0
    heard: int = 0
    owed: set[str] = field(default_factory=set)
    older: set[str] = field(default_factory=set)

    def told(self, keys: set[str]) -> None:
        self.right += len(keys & self.owed)
        self.false += len(keys - self.owed - self.older)
        self.owed -= keys
        self.older -= keys


class News:
    """What happens on the list, day by day."""

    def __init__(self, replica: Replica, dice: random.Random, days: int) -> None:
        with (FOLDER / "data-dev" / "fda_listing.csv").open(encoding="utf-8", newline="") as file:
            self._rows = [row for row in csv.DictReader(file) if row["listed"] != "0"]
        self._rows.sort(key=lambda row: row["posted"], reverse=True)
        self._replica = replica
        self.keys = {row["slug"] for row in self._rows}
        span = range(2, days - 1)
        self.blocked, self.short = dice.sample(span, 2)
        shown = [row["slug"] for row in self._rows if row["posted"] < str(FIRST)][:200]
        self._held = shown.pop(0)
        replica.edit("remove", self._held)
        self._edits: dict[int, set[str]] = defaultdict(set)
        for slug in dice.sample(shown, EDITS):
            self._edits[dice.choice(span)].add(slug)

    def day(self, number: int) -> tuple[set[str], set[str]]:
        """Let a day come; returns the letters that it does something to, among the newest rows and the others."""
        day = str(FIRST + timedelta(days=number))
        self._replica.move(day)
        dated = {
            row["slug"] for row in self._rows for kind in ("posted", "closeout", "response") if row[kind] == day
        }
        for place, slug in enumerate(sorted(self._edits[number])):
            if place % 2:
                self._replica.edit("retitle", slug, subject=f"Corrected on {day}")
            else:
                self._replica.edit("close_out", slug, date=day, slug=f"{slug}-closed")
        shown = {row["slug"] for row in [row for row in self._rows if row["posted"] <= day][:ROWS]}
        return (dated & shown) | self._edits[number], dated - shown

    def one_letter(self) -> str:
        """Post the newest letter, which was held back."""
        self._replica.edit("restore", self._held)
        return self._held

    def fault(self, number: int) -> None:
        """What the look of a day meets."""
        if number == self.blocked:
            self._replica.fault("akamai_block", r"www\.fda\.gov/")
        if number == self.short:
            self._replica.fault("short_listing", LIST, args={"keep_total": False})


class Race:
    """All tools on one stand-in, one after another at each look."""

    def __init__(self, replica: Replica, made: list[Tool], keys: set[str]) -> None:
        self.replica = replica
        self.tools = made
        self.keys = keys
        self.scores = {tool.name: Score() for tool in made}
        self.quiet: dict[str, list[Spent]] = defaultdict(list)
        self.seconds: dict[str, float] = {}

    def look(self, tool: Tool, at: str) -> Spent:
        """One look of one tool, and which letters it names."""
        spent = tool.look(at)
        score = self.scores[tool.name]
        messages = [message for message in self.replica.sink(sink_name(tool.name)) if message["accepted"]]
        told = [message.get("text", "") for message in messages[score.heard :]]
        score.heard = len(messages)
        score.told({slug for text in told for slug in LINK.findall(text)} & self.keys)
        return spent

    def first(self) -> None:
        for tool in self.tools:
            self.look(tool, f"{FIRST}T06:00:00Z")
            tell(f"{tool.name} has seen the list")

    def nothing_new(self, looks: int) -> None:
        for number in range(looks):
            for tool in self.tools:
                self.quiet[tool.name].append(self.look(tool, f"{FIRST}T07:{number:02}:00Z"))

    def one_letter(self, news: News) -> None:
        """The seconds from a look's beginning to the acceptance of what it tells."""
        self.happened({news.one_letter()}, set())
        for tool in self.tools:
            began = time.monotonic()
            self.look(tool, f"{FIRST}T10:00:00Z")
            messages = self.replica.sink(sink_name(tool.name))
            self.seconds[tool.name] = messages[-1]["t"] - began if messages else float("inf")

    def happened(self, keys: set[str], older: set[str]) -> None:
        for score in self.scores.values():
            score.owed |= keys
            score.older |= older

    def month(self, news: News, days: int) -> None:
        for number in range(1, days):
            self.happened(*news.day(number))
            news.fault(number)
            for tool in self.tools:
                self.look(tool, f"{FIRST + timedelta(days=number)}T08:00:00Z")
            self.replica.clear_faults()
            told = ", ".join(f"{tool.name} {self.scores[tool.name].heard}" for tool in self.tools)
            tell(f"day {number} of {days - 1}, messages: {told}")


def as_service(replica: Replica, looks: int) -> Spent:
    """What one look costs the service that asks every minute, all that it does between the looks included."""
    others = {name: {"enabled": False} for name, source in sources().items() if source.tried}
    watched = {SOURCE: {"every_minutes": 1, "details_per_run": 0}}
    config = tomli_w.dumps({"site": {"listen": "127.0.0.1:0"}, "sources": {**others, **watched}})
    with TemporaryDirectory() as home, Service(Path(home), config, replica) as service:
        service.wait_for(f"{SOURCE}: ")
        service.peak.take()
        cpu = service.cpu()
        service.wait_for(f"{SOURCE}: ", 1 + looks, within=100.0 * looks)
        return Spent((service.cpu() - cpu) / looks, service.peak.take())


def show(race: Race, service: Spent) -> Table:
    headings = ("", "CPU a look", "peak MB", "s to alert", "right", "false", "missed")
    printed = Table(*headings, box=None, pad_edge=False)
    for column in printed.columns[1:]:
        column.justify = "right"
    for tool in race.tools:
        quiet, score = race.quiet[tool.name], race.scores[tool.name]
        name = f"{tool.name} {version(tool.name)}" if tool.name in PACKAGES else tool.name
        printed.add_row(
            name,
            f"{median(one.cpu for one in quiet):.2f} s",
            f"{max(one.mb for one in quiet):.0f}",
            f"{race.seconds[tool.name]:.1f}",
            *map(str, (score.right, score.false, len(score.owed))),
        )
    printed.add_row("stemwatch run", f"{service.cpu:.2f} s", f"{service.mb:.0f}", *[""] * 4)
    return printed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--looks", type=int, default=10, help="with nothing new")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.days < LEAST_DAYS:
        parser.error(f"--days is at least {LEAST_DAYS}: a block and a short list have a day of their own.")
    if not FOLDER.exists():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    with TemporaryDirectory() as folder, Replica(str(FIRST)) as replica:
        news = News(replica, random.Random(options.seed), options.days)
        with tools(Path(folder), replica) as made:
            race = Race(replica, made, news.keys)
            race.first()
            race.nothing_new(options.looks)
            service = as_service(replica, min(options.looks, 5))
            race.one_letter(news)
            race.month(news, options.days)
            print(f"{replica.listed()} letters, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            Console(width=None if sys.stdout.isatty() else 115).print(show(race, service))
    ours = race.scores[Stemwatch.name]
    return int(bool(ours.false or ours.owed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
