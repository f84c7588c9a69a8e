"""The release that the service writes after a day with changes, by `stemwatch export` in a process of its own.

What it takes of memory is given back at its end, it can be ended at any moment, and deliveries do not wait for it.
"""

import logging
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path

from publish.releases.release import newest
from scheduler.crawling import Stopping
from scheduler.house import House
from scheduler.plan import release_due
from scheduler.workers import Workers
from stemwatch.errors import StemwatchError
from stemwatch.store import Store

logger = logging.getLogger("stemwatch")


def write_if_due(house: House, store: Store, workers: Workers) -> None:
    """Write the release of today, if there is something to tell since the last. StemwatchError saying why not."""
    folder = house.releases
    if folder is None:
        return
    today = house.clock.now().astimezone(UTC).date()
    latest = newest(folder)
    changed = store.newest_change(before=datetime.combine(today, time(), UTC))
    if not release_due(latest.day, latest.change, changed, today):
        return
    logger.info("Release: written to %s", _export(house, folder, workers))


def _export(house: House, folder: Path, workers: Workers) -> str:
    """Run `stemwatch export`; returns the folder of the release."""
    environ = {**house.environ, "STEMWATCH_HOME": str(house.home)}
    if "STEMWATCH_NOW" in environ:
        environ["STEMWATCH_NOW"] = house.clock.now().isoformat()
    export = subprocess.Popen(
        [sys.executable, "-m", "scheduler.cli", "export", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environ,
        start_new_session=True,
    )
    workers.add(export.pid)
    try:
        out, told = export.communicate()
    finally:
        workers.remove(export.pid)
    if export.returncode == 0:
        return out.strip()
    if workers.stopping:
        raise Stopping("The release was left, because the service stops.")
    last = (told.strip().splitlines() or [f"it ended with {export.returncode}."])[-1]
    raise StemwatchError(last.removeprefix("stemwatch: "))
