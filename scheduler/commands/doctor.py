"""stemwatch doctor."""

import os

import click

from scheduler.commands.output import print_json
from scheduler.doctor import examine

COLOURS = {"ok": "green", "warning": "yellow", "trouble": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check.")
@click.option("--offline", is_flag=True, help="Ask no site.")
def doctor(as_json: bool, offline: bool) -> None:
    """Look at everything the service rests on, change nothing, and say the way out; exit 1 on trouble."""
    troubles = 0
    for finding in examine(os.environ, offline=offline):
        troubles += finding.state == "trouble"
        if as_json:
            print_json([finding])
        else:
            state = click.style(f"{finding.state:8}", fg=COLOURS[finding.state])
            click.echo(f"{state} {finding.check}: {finding.said}")
    if troubles:
        raise SystemExit(1)
