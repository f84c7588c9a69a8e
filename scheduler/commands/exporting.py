"""stemwatch export, stemwatch verify: data out, and whether it still holds."""

from pathlib import Path

import click

from publish.releases.parquet import ABSENT, available
from scheduler.commands.output import remark
from scheduler.house import open_house
from scheduler.releasing import release

EVERY = 10_000


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write a release of the dataset below DIR: CSV, JSON Lines, Parquet, SQLite, what is new, checksums."""
    house = open_house()

    def progress(step: str, done: int) -> None:
        if done and done % EVERY == 0:
            remark(f"{step}: {done:,}")

    with house.store() as store:
        written = release(house, store, folder, progress)
    if not available():
        remark(ABSENT)
    counts = ", ".join(f"{count:,} {name}" for name, count in written.rows.items())
    remark(f"{counts}: {'written' if written.new else 'unchanged since the last release'}.")
    click.echo(written.folder)


@click.command()
def verify() -> None:
    """Check the database and every piece of evidence; exit 1 when something does not hold."""
    house = open_house()
    findings = 0
    with house.store() as store:
        for finding in store.verify():
            click.echo(finding)
            findings += 1
    if findings:
        remark(f"{findings} {'finding' if findings == 1 else 'findings'}. Restore what is damaged from a backup.")
        raise SystemExit(1)
    remark("The database and its evidence hold.")
