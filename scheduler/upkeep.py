"""What the service does for itself now and then: a backup when one is due, and tidying up."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from scheduler import backup
from scheduler.house import House, unusable
from stemwatch.store import Store
from stemwatch.store.applying import EVIDENCE

logger = logging.getLogger("stemwatch")


class Tidied(NamedTuple):
    """How many evidence files went, and how many bytes they held."""

    files: int
    bytes: int


def keep_up(house: House, store: Store) -> None:
    """Back up when the newest backup is old enough, then tidy up."""
    if made := back_up_if_due(house):
        logger.info("Backed up as %s", made.folder)
        if made.manifest.missing:
            logger.error(
                "%s evidence files are missing: `stemwatch verify` names them", len(made.manifest.missing)
            )
    if (tidied := tidy(house, store)).files:
        logger.info("Removed %s evidence files that nothing rests on, %s bytes", *tidied)


def back_up_if_due(house: House) -> backup.Backup | None:
    """A backup where the settings want one, with those gone that are too many; None when none is due."""
    settings = house.config.backup
    if not settings.folder:
        return None
    folder = Path(settings.folder)
    newest = backup.newest(folder)
    if newest and abs(house.clock.now() - backup.made_at(newest)) < timedelta(hours=settings.every_hours):
        return None
    made = backup.back_up(house, folder)
    backup.prune(folder, settings.keep)
    return made


def tidy(house: House, store: Store) -> Tidied:
    """Remove evidence that [retention] lets go, and what killed processes left; nothing that `verify` asks for."""
    days = house.config.retention.unused_evidence_days
    with (
        house.lock("apply", busy="Another process is applying bundles: try again.", wait=60),
        house.lock(backup.LOCK, busy=backup.BUSY),
    ):
        if days is not None:
            store.forget_unused(house.clock.now() - timedelta(days=days))
        kept = store.cited()
        try:
            stray = [path for path in (house.home / EVIDENCE).glob("*") if f"{EVIDENCE}/{path.name}" not in kept]
            sizes = [path.stat().st_size for path in stray]
            for path in stray:
                path.unlink()
        except OSError as error:
            raise unusable(house.home, error) from error
    return Tidied(len(sizes), sum(sizes))
