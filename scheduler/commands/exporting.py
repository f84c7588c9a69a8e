"""stemwatch export, stemwatch verify: data out, and whether it still holds."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from publish.releases.checking import check_releases
from publish.releases.parquet import ABSENT, available
from scheduler import backup
from scheduler.commands.output import remark
from scheduler.house import open_house
from scheduler.releasing import release

EVERY = 10_000
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


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
@click.option("--releases", multiple=True, metavar="DIR", type=FOLDER, help="Also every release in DIR.")
@click.option("--backups", multiple=True, metavar="DIR", type=FOLDER, help="Also every backup in DIR.")
def verify(releases: tuple[Path, ...], backups: tuple[Path, ...]) -> None:
    """Check the database, every piece of evidence and the daily releases; exit 1 when something does not hold."""
    house = open_house()
    if house.releases and any(house.releases.glob("[!.]*")):
        releases = (house.releases, *releases)
    findings = 0
    with house.store() as store:
        for finding in chain(store.verify(), *map(check_releases, releases), *map(_check_backups, backups)):
            click.echo(finding)
            findings += 1
    if findings:
        remark(f"{findings} {'finding' if findings == 1 else 'findings'}. Restore what is damaged from a backup.")
        raise SystemExit(1)
    beside = [f", {name}" for name, folders in (("releases", releases), ("backups", backups)) if folders]
    remark(f"The database and its evidence{''.join(beside)} hold.")


def _check_backups(folder: Path) -> Iterator[str]:
    found = backup.backups(folder)
    if not found:
        yield f"There is no backup in {folder}."
    for each in found:
        yield from backup.check(each)
