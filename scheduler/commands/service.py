"""stemwatch run: the service."""

import logging
import sys

import click

from scheduler.house import open_house
from scheduler.service import Service


@click.command()
def run() -> None:
    """Crawl, match and deliver on schedule until stopped by SIGTERM or Ctrl-C."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("stemwatch").setLevel(logging.INFO)
    Service(open_house()).run()
