"""A backup put back: every sum is checked first, and the database takes its place last, in one step."""

import os
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from publish.releases.files import sync
from scheduler import backup
from scheduler.crawling import INBOX
from scheduler.delivering import BUSY
from scheduler.delivering import LOCK as DELIVER
from scheduler.house import House, unusable
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.store import Store
from stemwatch.store.applying import EVIDENCE
from stemwatch.store.copying import leap, settle_log
from stemwatch.store.keys import FILE as KEY
from stemwatch.store.store import DATABASE

STAGE = ".restoring"
_OURS = {KEY, "locks", "stemwatch.lock", STAGE}
"""What may lie in a folder that counts as empty."""


class Restored(NamedTuple):
    """What was put back, from which backup, and where the database lies that stood in its place."""

    source: Path
    files: int
    aside: Path | None


def restore(house: House, folder: Path, *, replace: bool) -> Restored:
    """Put the backup `folder`, or the newest one below it, back into the data folder.

    StemwatchError, with the data folder as it was, when a file of the backup is not what it was, or when there is
    data already and `replace` does not allow to set it aside. The key file is neither needed nor touched.
    """
    source = folder if (folder / backup.MANIFEST).exists() else backup.newest(folder)
    if source is None:
        raise UsageError(f"There is no backup in {folder}.")
    with ExitStack() as held:
        held.enter_context(house.lock(DELIVER, busy=BUSY))
        held.enter_context(house.lock("apply", busy="Another process is applying bundles: try again."))
        held.enter_context(house.lock(backup.LOCK, busy=backup.BUSY))
        if occupied(house.home) and not replace:
            raise StemwatchError(
                f"The data folder {house.home} is not empty: name another with STEMWATCH_HOME, "
                "or set its database aside with --replace."
            )
        if finding := next(backup.check(source), ""):
            raise StemwatchError(f"{finding} Nothing was restored: choose another backup.")
        try:
            return _put_back(house, source)
        except OSError as error:
            raise unusable(house.home, error) from error
        finally:
            shutil.rmtree(house.home / STAGE, ignore_errors=True)


def occupied(home: Path) -> bool:
    """Whether there is anything that a restore must not touch; what a killed restore left is nothing."""
    if (home / DATABASE).exists():
        return True
    return not (home / STAGE).exists() and any(path.name not in _OURS for path in home.iterdir())


def _put_back(house: House, source: Path) -> Restored:
    stage = house.home / STAGE
    files = backup.read_manifest(source).files
    shutil.rmtree(stage, ignore_errors=True)
    for name in (INBOX, EVIDENCE):
        (stage / name).mkdir(parents=True)
    for name, file in files.items():
        if backup.copied(source / name, stage / name).sha256 != file.sha256:
            raise StemwatchError(
                f"In the backup {source}, {name} changed while it was read. Nothing was restored."
            )
    with Store(stage, house.sources):  # brought up to date here, where a failure leaves the data folder as it is
        pass
    leap(stage / DATABASE)
    for each in (stage / INBOX, stage / EVIDENCE, stage):
        sync(each)
    aside = _set_aside(house)
    _move_in(house.home, files)
    return Restored(source, len(files), aside)


def _move_in(home: Path, names: Iterable[str]) -> None:
    """Everything else before the database, which alone says what counts."""
    folders = (home / INBOX, home / EVIDENCE)
    for folder in folders:
        folder.mkdir(exist_ok=True)
    for name in (*(name for name in names if name != DATABASE), DATABASE):
        (home / STAGE / name).replace(home / name)
    for folder in (*folders, home):
        backup.sync_folder(folder)


def _set_aside(house: House) -> Path | None:
    """A second name for the database that is about to be replaced, and its log out of the way of the new one."""
    old = house.home / DATABASE
    if not old.exists():
        return None
    settle_log(old)
    aside = house.home / f"replaced-{house.clock.now():%Y%m%dT%H%M%S.%fZ}"
    aside.mkdir()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        if (house.home / name).exists():
            (house.home / name).rename(aside / name)
    try:
        os.link(old, aside / DATABASE)
    except OSError:  # a disk without links
        shutil.copy2(old, aside / DATABASE)
    return aside
