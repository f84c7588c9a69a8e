"""stemwatch reparse."""

from collections.abc import Iterator

import click

from scheduler.commands.output import CrawlProgress, print_json, remark
from scheduler.house import open_house
from scheduler.rereading import reparse as read_again
from scheduler.workers import Workers
from stemwatch.views import RereadChange, RereadView

SHOWN = 20
"""So many notices that cannot be read any more are named."""


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a change.")
def reparse(sources: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Read the stored evidence of the SOURCEs (all of them when none is named) again by today's parsers.

    What they read otherwise is stored with the cause `parser`; nobody is sent a message.
    """
    house = open_house()
    names = [house.source(name).name for name in sources] or list(house.sources)
    views = []
    with house.store() as store, CrawlProgress() as progress, Workers() as workers:
        for name in names:
            progress.begin(name)
            views.append(read_again(house, store, name, progress, workers, keep=not dry_run))
    for view in views:
        if as_json:
            print_json(view.changes)
        else:
            click.echo("".join(f"{line}\n" for change in view.changes for line in told(change)), nl=False)
        for sentence in summary(view, dry_run):
            remark(sentence)
    if any(view.unread for view in views):
        raise SystemExit(1)


def told(change: RereadChange) -> Iterator[str]:
    """A change as a person reads it."""
    yield f"{change.notice}: {change.verb}"
    for edit in change.edited:
        if edit.old or edit.new:
            yield f"  {edit.field}: {edit.old!r} -> {edit.new!r}"
    for line in change.diff:
        yield f"  {line}"


def summary(view: RereadView, dry_run: bool) -> Iterator[str]:
    """How much was read, and what could not be."""
    changes = f"{len(view.changes):,} changes{', not written' if dry_run else ''}"
    yield f"{view.source}: {view.notices:,} notices and {view.pages:,} pages read again, {changes}."
    for sentence in view.unread[:SHOWN]:
        yield f"{view.source}/{sentence}"
    if len(view.unread) > SHOWN:
        yield f"{view.source}: {len(view.unread) - SHOWN:,} more cannot be read."
