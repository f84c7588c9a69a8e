"""What commands print: data on standard output, progress and remarks on standard error."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

import click
import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

STAGES = {
    "list": "reading the list",
    "pages": "reading pages",
    "judging": "judging notices anew",
    "linking": "linking notices anew",
    "planning": "looking at what changed",
    "writing": "writing pages",
    "indexing": "indexing what can be looked up",
}


def print_json(records: Iterable[Any]) -> int:
    """One JSON object a line; returns how many."""
    count = 0
    for count, record in enumerate(records, start=1):  # noqa: B007
        click.echo(msgspec.json.encode(record))
    return count


def remark(text: str) -> None:
    """A sentence for the person at the terminal, out of the way of data."""
    click.echo(text, err=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table that fits the terminal; on a pipe, wide enough not to cut anything."""
    console = Console(width=None if sys.stdout.isatty() else 200)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")  # an id that is cut could not be used
    for row in rows:
        table.add_row(*(escape(shown(value)) for value in row))
    console.print(table)


def shown(value: object) -> str:
    """A value as a person reads it: 28 January 2025, 28 January 2025 12:00 UTC."""
    if value is None or value == "":
        return "-"
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y %H:%M} UTC"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


class CrawlProgress:
    """A crawl's progress: bars on a terminal, a plain line now and then in a log."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, Any] = {}
        self._told: dict[str, int] = {}
        self._prefix = ""

    def begin(self, title: str) -> None:
        self._tasks.clear()
        self._told.clear()
        self._prefix = f"{title}: "
        if not self._console.is_terminal:
            remark(f"{title}: started")

    def anew(self, stage: str, done: int, total: int) -> None:
        """Progress of judging and linking, which belong to no source."""
        self({"stage": stage, "done": done, "total": total})

    def __call__(self, told: dict[str, Any]) -> None:
        stage = told.get("stage", "")
        if stage not in STAGES:
            return
        if self._console.is_terminal:
            self._move(stage, told)
        else:
            self._say(stage, told)

    def _move(self, stage: str, told: dict[str, Any]) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(self._prefix + STAGES[stage], total=None)
        self._bars.update(self._tasks[stage], completed=told["done"], total=told["total"])

    def _say(self, stage: str, told: dict[str, Any]) -> None:
        done, total = told["done"], told["total"]
        step = max(25, (total or 0) // 4)
        if done == total or done - self._told.get(stage, 0) >= step:
            self._told[stage] = done
            remark(f"{self._prefix}{STAGES[stage]}, {done} of {total or 'many'}")

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()
