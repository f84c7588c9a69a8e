"""stemwatch run: the service."""

import sys

import click

from scheduler.house import open_house
from scheduler.logs import set_up
from scheduler.service import Service


@click.command()
def run() -> None:
    """Crawl, match and deliver on schedule until stopped by SIGTERM or Ctrl-C."""
    set_up(sys.stderr)
    Service(open_house()).run()
