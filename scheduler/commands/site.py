"""stemwatch site: the site as files, for any web server."""

from dataclasses import replace
from pathlib import Path

import click

from publish.export.export import export_site
from publish.export.searching import ABSENT, available
from scheduler.commands.output import CrawlProgress, print_json, remark
from scheduler.house import open_house
from scheduler.website import site_of


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="What was done, as one JSON object.")
def site(folder: Path, as_json: bool) -> None:
    """Write the whole site to DIR as files for any web server; of a site that is there, only what changed."""
    house = open_house()
    with house.store(), CrawlProgress() as progress:
        done = export_site(replace(site_of(house), static=True), folder, progress.anew)
    if not available():
        remark(ABSENT)
    if as_json:
        print_json([done])
        return
    remark(f"{done.files:,} files: {done.written:,} written, {done.removed:,} removed.")
    click.echo(done.folder)
