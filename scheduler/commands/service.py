"""stemwatch run: the service."""

import os
import sys

import click

from scheduler.house import open_house
from scheduler.logs import set_up
from scheduler.service import Service, begin_again


@click.command()
def run() -> None:
    """Crawl, match and deliver on schedule until stopped by SIGTERM or Ctrl-C; SIGHUP reads the settings anew."""
    set_up(sys.stderr)
    service = Service(open_house())
    ended = service.run()
    if service.reloading:
        begin_again()
    if not ended:
        # What is half done is undone by the database, and owed again; Python would wait for it.
        os._exit(0)
