"""stemwatch backup, stemwatch restore, stemwatch tidy."""

from pathlib import Path

import click

from scheduler.backup import back_up
from scheduler.commands.output import remark
from scheduler.house import open_house
from scheduler.restoring import restore as put_back
from scheduler.upkeep import tidy as tidy_up
from stemwatch.store.keys import FILE, VARIABLE


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Back up database, evidence and inbox below DIR, while the service works.

    Each backup is whole by itself; evidence that an earlier one in DIR holds is linked, not copied. The key that
    channels are encrypted with is left out: keep a copy of it elsewhere.
    """
    house = open_house()
    made = back_up(house, folder)
    click.echo(made.folder)
    remark(f"{len(made.manifest.files):,} files, {made.linked:,} of them as in the backup before.")
    if (house.home / FILE).exists():
        remark(f"The key {house.home / FILE} is not in it: keep a copy elsewhere, as whoever has both can post.")
    if gone := made.manifest.missing:
        remark(f"{len(gone):,} evidence files are missing, as {gone[0]}: `stemwatch verify` names them.")
        raise SystemExit(1)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Where there is data already, set its database aside.")
def restore(folder: Path, replace: bool) -> None:
    """Put a backup (the newest below DIR, or DIR itself) back into the data folder, after checking every file."""
    house = open_house()
    done = put_back(house, folder, replace=replace)
    click.echo(house.home)
    remark(f"{done.files:,} files of {done.source}. `stemwatch verify` looks at them again.")
    if done.aside:
        remark(f"The database that stood here lies in {done.aside}: remove it when you no longer need it.")
    if not ((house.home / FILE).exists() or house.environ.get(VARIABLE)):
        remark(f"Channels that are kept in the database need their key: put {FILE} back, or set {VARIABLE}.")


@click.command()
def tidy() -> None:
    """Remove evidence that [retention] lets go; without it, only what killed processes left behind."""
    house = open_house()
    with house.store() as store:
        gone = tidy_up(house, store)
    remark(f"{gone.files:,} evidence files of {gone.bytes:,} bytes are gone.")
