"""stemwatch demo: the whole service on a bundled sample, without network or configuration; its site stays."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from notify.channels import Transport
from notify.message import Message
from publish.releases.release import Release
from scheduler import showing
from scheduler.clock import Clock
from scheduler.commands.output import CrawlProgress
from scheduler.crawling import Options
from scheduler.delivering import deliver_due
from scheduler.house import House
from scheduler.jobs import crawl_and_apply
from scheduler.releasing import release
from scheduler.workers import Workers
from spiders.registry import sources
from stemwatch.config import Config, Subscription
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.store import Search, Store
from stemwatch.views import RunView
from stemwatch.words import LABELS

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
SOURCE = "us_fda_warning_letters"
FIRST_DAY = datetime(2025, 1, 21, 16, 0, tzinfo=UTC)
# A week later and some minutes: relevant pages are looked at again.
SECOND_DAY = datetime(2025, 1, 28, 16, 10, tzinfo=UTC)
DIGEST_DUE = datetime(2025, 1, 29, 8, 0, tzinfo=UTC)

DIGEST_CHANNEL = "demo://digest"
CONFIG = Config(
    subscriptions=(
        Subscription(name="patient advocates", channel="demo://terminal", verbs=("added",)),
        Subscription(
            name="newsroom", channel=DIGEST_CHANNEL, relevance=LABELS, send="daily", at=time(8), time_zone="UTC"
        ),
    )
)

MARK = ".stemwatch-demo"
MADE = ("data", "release", "digest.html", "digest.txt", *showing.MADE, MARK)
"""What a demo leaves in its folder; the mark goes last, so that a removal that was cut short can be repeated."""


@click.command()
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where its data, digest and dataset go. What an earlier demo left there is replaced.",
)
@click.option("--no-site", is_flag=True, help="Leave no site running.")
@click.option("--stop", "only_stop", is_flag=True, help="Only end the site that an earlier demo left running.")
def demo(keep: Path, no_site: bool, only_stop: bool) -> None:
    """The whole service on a bundled sample: crawl, diff, alert, release. No network, no configuration.

    It leaves the site running on this machine for an hour.
    """
    stopped = showing.stop(keep)
    if only_stop:
        click.echo("The site was stopped." if stopped else f"No site of {keep} is running.")
        return
    begun = monotonic()
    with usable(keep), Workers() as workers:
        show = Demo(keep, Console(highlight=False), workers)
        prepare(keep)
        with show.house.store() as store:
            show.first_day(store)
            show.second_day(store)
            show.next_morning(store)
            release = show.release(store)
    show.close(release, monotonic() - begun, "" if no_site else showing.start(keep, DIGEST_DUE))


def own_command() -> str:
    """How this very command is typed again: by name where it is on the path, else by where it lies."""
    if shutil.which("stemwatch") is not None or Path(sys.argv[0]).name != "stemwatch":
        return "stemwatch"
    return os.path.relpath(sys.argv[0])


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StemwatchError(
            f"The demo cannot use {folder}: {error.strerror or error}. Name another folder with --keep."
        ) from None


def prepare(folder: Path) -> None:
    """Make `folder` ready, without what an earlier demo made. UsageError when it holds anything else's files."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder for the demo with --keep.")
    if folder.exists() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds files that no demo made. Name another folder with --keep.")
    for path in (folder / name for name in MADE):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    told = f"Made by `stemwatch demo`, which replaces {', '.join(MADE[:-1])} here at its next run.\n"
    (folder / MARK).write_text(told, encoding="utf-8")


@dataclass(frozen=True)
class Desk(Transport):
    """Takes messages in place of their channels: alerts to be shown, the digest as files below `folder`."""

    folder: Path = Path()
    alerts: list[Message] = field(default_factory=list)

    def send(self, url: str, message: Message, key: str, **how: Any) -> str:
        if url != DIGEST_CHANNEL:
            self.alerts.append(message)
            return "shown"
        (self.folder / "digest.html").write_text(message.html, encoding="utf-8")
        (self.folder / "digest.txt").write_text(message.text, encoding="utf-8")
        return "written"


class Demo:
    """The steps of the demo, each told as it is done."""

    def __init__(self, folder: Path, console: Console, workers: Workers) -> None:
        self.folder = folder
        self.console = console
        self.workers = workers
        self.desk = Desk(folder=folder)
        self.house = House(
            home=folder / "data", config=CONFIG, clock=Clock(FIRST_DAY), environ={}, sources=sources()
        )

    def first_day(self, store: Store) -> None:
        self._step(1, FIRST_DAY, "The first look at a list")
        store.rejudge()
        view = self._crawl(store, FIRST_DAY)
        relevant = store.notices(Search(relevance="relevant")).total
        self._say(
            f"{view.seen} letters of FDA's list and {view.details_read} pages were read. {relevant} letters are "
            "about stem cell, exosome or birth-tissue treatments."
        )
        sent = self._deliver(store)
        self._say(f"A first look is a baseline: stored, searchable, and silent. Messages sent: {sent}.")

    def second_day(self, store: Store) -> None:
        self._step(2, SECOND_DAY, "A week later, only what changed")
        view = self._crawl(store, SECOND_DAY)
        self._say(
            f"{view.added} letters are new, {view.edited} was edited, {view.closed_out} was closed out. "
            "A page that was saved again without a word changed is no change."
        )
        self._deliver(store)
        self._say(f"The subscription “patient advocates” gets {len(self.desk.alerts)} alerts at once:")
        for alert in self.desk.alerts:
            self._quote(alert)

    def next_morning(self, store: Store) -> None:
        self._step(3, DIGEST_DUE, "The digest of the day")
        self._at(DIGEST_DUE)
        self._deliver(store)
        self._say("The subscription “newsroom” gets one mail with everything that happened, relevant or not.")

    def release(self, store: Store) -> Release:
        self._step(4, DIGEST_DUE, "The dataset")
        written = release(self.house, store, self.folder / "release", lambda step, rows: None)
        counts = ", ".join(f"{written.rows[name]} {name}" for name in ("notices", "changes", "clinics"))
        self._say(f"{counts} as CSV, JSON Lines and SQLite, with checksums.")
        for finding in store.verify():
            raise StemwatchError(f"The demo's data does not hold: {finding}")
        self._say("What each notice and change rests on is kept as evidence; all its checksums hold.")
        return written

    def close(self, release: Release, seconds: float, address: str) -> None:
        """The end: where everything lies, with the site's `address` when it stays."""
        digest, home, stemwatch = self.folder / "digest.html", self.house.home, own_command()
        ours = "The sentences of the sample's letters are ours."
        self.console.print(f"\n[bold]Done in {seconds:.0f} s.[/bold] {ours}")
        self._list(
            "Look at",
            {
                **({address: "the site, for an hour"} if address else {}),
                str(digest): "the digest, for a browser",
                str(release.folder): "the dataset; begin with README.txt",
                str(home): "database and evidence",
            },
        )
        self._list(
            "Go on with",
            {
                f"STEMWATCH_HOME={home} {stemwatch} notices exosome": "search the demo's data",
                f"STEMWATCH_HOME={home} {stemwatch} changes": "what happened",
                f"{stemwatch} crawl {SOURCE}": "the real list, politely",
                **({f"{stemwatch} demo --stop": "ends the site"} if address else {}),
                "README.md": "how to set up your own",
            },
        )

    def _at(self, moment: datetime) -> None:
        self.house = replace(self.house, clock=Clock(moment))

    def _crawl(self, store: Store, moment: datetime) -> RunView:
        self._at(moment)
        options = Options(replay=SAMPLE / f"{moment:%Y-%m-%d}")
        with CrawlProgress() as progress:
            progress.begin(f"{moment:%Y-%m-%d}")
            view = crawl_and_apply(self.house, store, SOURCE, options, progress, self.workers)
        if view.verdict != "ok":
            raise StemwatchError(f"The demo's crawl is {view.verdict}: {view.reason}")
        return view

    def _deliver(self, store: Store) -> int:
        """Match and send as the service does; returns how many messages were sent."""
        views = list(deliver_due(self.house, store, transport=self.desk))
        for view in views:
            if view.outcome != "sent":
                raise StemwatchError(f"The demo's message to {view.subscription!r} was not sent: {view.error}")
        return len(views)

    def _step(self, number: int, moment: datetime, title: str) -> None:
        self.console.print(f"\n[bold]{number}. {title}[/bold]  ({moment.day} {moment:%B %Y, %H:%M} UTC)")

    def _say(self, sentence: str) -> None:
        self.console.print(Text(sentence))

    def _quote(self, message: Message) -> None:
        lines = [f"Subject: {message.subject}", "", *message.text.rstrip().splitlines()]
        for line in ("", *lines):
            self.console.print(Text(f"  | {line}".rstrip()), soft_wrap=True)
        self.console.print()

    def _list(self, title: str, entries: dict[str, str]) -> None:
        self.console.print(f"\n[bold]{title}[/bold]")
        width = max(map(len, entries))
        for entry, meaning in entries.items():
            self.console.print(Text(f"  {entry:<{width}}  {meaning}"), soft_wrap=True)
