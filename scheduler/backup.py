"""Backups: dated folders of database, evidence and inbox, each whole by itself, taken while the service works.

Evidence never changes once it is written, so a file that an earlier backup holds is linked, not copied. The key
file is left out: who has both it and the database can post in every channel, so the operator keeps it apart.
"""

import errno
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from publish.releases.files import sha256 as digest_of
from publish.releases.files import sync
from publish.releases.folders import workspace
from scheduler.crawling import INBOX
from scheduler.house import House
from stemwatch import __version__
from stemwatch.bundle import SUFFIX
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.store.applying import EVIDENCE
from stemwatch.store.copying import copy_database, evidence_of
from stemwatch.store.store import DATABASE

MANIFEST = "manifest.json"
FORMAT = 1
LOCK = "evidence"
BUSY = "A backup, a restore or a clean-up is under way in this data folder: wait for it."
_NAME = re.compile(r"(\d{6})-(\d{8}T\d{6}Z)")
_FILE = re.compile(rf"{DATABASE}|({EVIDENCE}|{INBOX})/[A-Za-z0-9][A-Za-z0-9_-]*(\.warc\.gz|{SUFFIX})")
_BLOCK = 1 << 20


class File(msgspec.Struct, frozen=True):
    """One file of a backup; `modified_ns` is when the original was last written."""

    sha256: str
    size: int
    modified_ns: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds, by path. `missing` is evidence that was gone already when it was taken."""

    format: int = FORMAT
    version: str = __version__
    made_at: datetime
    files: dict[str, File]
    missing: tuple[str, ...] = ()


class Backup(NamedTuple):
    """A finished backup; `linked` of its files are those of an earlier one."""

    folder: Path
    manifest: Manifest
    linked: int


def back_up(house: House, folder: Path) -> Backup:
    """A new backup below `folder`, there as a whole or not at all. StemwatchError when it cannot be taken."""
    home, now = house.home, house.clock.now().astimezone(UTC)
    if not (home / DATABASE).is_file():
        raise StemwatchError(f"There is nothing to back up: the data folder {home} holds no database.")
    if home.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise UsageError(f"{folder} is part of the data folder {home}: name a folder outside it, on another disk.")
    try:
        with house.lock(LOCK, busy=BUSY), workspace(folder, now.date()) as partial:
            partial.chmod(0o700)  # who was told what is nobody else's business
            taken = _Taking(home, partial, newest(folder))
            manifest = taken.take(now)
            for each in (partial / INBOX, partial / EVIDENCE, partial):
                sync(each)
            placed = partial.rename(folder / _next_name(taken.earlier, now))
            sync_folder(folder)
    except OSError as error:
        raise StemwatchError(_told(folder, error)) from error
    return Backup(placed, manifest, taken.linked)


class _Taking:
    """A backup in the making, in the folder `partial`. `earlier` is the newest one there is."""

    def __init__(self, home: Path, partial: Path, earlier: Path | None) -> None:
        self.home = home
        self.partial = partial
        self.earlier = earlier
        self.held = read_manifest(earlier).files if earlier else {}
        self.files: dict[str, File] = {}
        self.missing: list[str] = []
        self.linked = 0

    def take(self, now: datetime) -> Manifest:
        """The inbox before the database: what was applied in between is in the database. The evidence after it:
        every file that the database points at was written before its row.
        """
        for name in (INBOX, EVIDENCE):
            (self.partial / name).mkdir()
        waiting = sorted((self.home / INBOX).glob(f"*{SUFFIX}"))
        self._keep(f"{INBOX}/{path.name}" for path in waiting)
        self.missing.clear()  # a bundle that is gone was applied
        copy_database(self.home / DATABASE, self.partial / DATABASE)
        self.files[DATABASE] = described(self.partial / DATABASE)
        self._keep(evidence_of(self.partial / DATABASE))
        manifest = Manifest(made_at=now, files=self.files, missing=tuple(self.missing))
        (self.partial / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        return manifest

    def _keep(self, names: Iterable[str]) -> None:
        for name in names:
            try:
                self.files[name] = self._linked(name) or copied(self.home / name, self.partial / name)
            except FileNotFoundError:
                self.missing.append(name)

    def _linked(self, name: str) -> File | None:
        """The file as the earlier backup has it, if the original has not been touched since."""
        now, held = (self.home / name).stat(), self.held.get(name)
        if not self.earlier or held is None or (held.size, held.modified_ns) != (now.st_size, now.st_mtime_ns):
            return None
        try:
            os.link(self.earlier / name, self.partial / name)
        except OSError:  # a disk without links, or somebody took the file away
            return None
        self.linked += 1
        return held


def _next_name(earlier: Path | None, now: datetime) -> str:
    """Numbered, so that the newest is known whatever the clock did."""
    match = _NAME.fullmatch(earlier.name) if earlier else None
    return f"{int(match[1]) + 1 if match else 1:06}-{now:%Y%m%dT%H%M%SZ}"


def copied(source: Path, target: Path) -> File:
    """Copy a file, with its time, and describe what was read."""
    digest = sha256()
    with source.open("rb") as original, target.open("xb") as copy:
        while block := original.read(_BLOCK):
            digest.update(block)
            copy.write(block)
        status = os.fstat(original.fileno())
    os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))
    return File(digest.hexdigest(), target.stat().st_size, status.st_mtime_ns)


def described(path: Path) -> File:
    return File(digest_of(path), path.stat().st_size, path.stat().st_mtime_ns)


def backups(folder: Path) -> list[Path]:
    """The finished backups below `folder`, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name) and (path / MANIFEST).is_file())


def newest(folder: Path) -> Path | None:
    return next(reversed(backups(folder)), None)


def made_at(backup: Path) -> datetime:
    """When a finished backup was taken, by its name."""
    return datetime.strptime(backup.name.partition("-")[2], "%Y%m%dT%H%M%S%z")


def prune(folder: Path, keep: int) -> int:
    """Remove all backups but the newest `keep`, of which there must be one; returns how many went."""
    old = backups(folder)[: -max(keep, 1)]
    for path in old:
        (path / MANIFEST).unlink()  # from here on it is no backup, wherever the removal is cut off
        shutil.rmtree(path)
    return len(old)


def read_manifest(backup: Path) -> Manifest:
    """What a backup says that it holds. StemwatchError when it cannot be read or names foreign files."""
    try:
        manifest = msgspec.json.decode((backup / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, ValueError, msgspec.DecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StemwatchError(f"The backup {backup} has no manifest that can be read: {reason}.") from None
    if manifest.format > FORMAT:
        raise StemwatchError(
            f"The backup {backup} was made by Stemwatch {manifest.version}: upgrade Stemwatch first."
        )
    if foreign := [name for name in manifest.files if not _FILE.fullmatch(name)]:
        raise StemwatchError(f"The backup {backup} names {foreign[0]!r}, which is no file of a backup.")
    return manifest


def check(backup: Path) -> Iterator[str]:
    """One sentence for each file of a backup that is not what its manifest says."""
    try:
        manifest = read_manifest(backup)
    except StemwatchError as error:
        yield str(error)
        return
    for name, file in manifest.files.items():
        try:
            if digest_of(backup / name) != file.sha256:
                yield f"In the backup {backup}, {name} was altered."
        except OSError as error:
            yield f"In the backup {backup}, {name} cannot be read: {error.strerror}."
    if DATABASE not in manifest.files:
        yield f"The backup {backup} holds no database."


def sync_folder(folder: Path) -> None:
    """Returns when the names in the folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(folder: Path, error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    way_out = "free some space or name another folder" if full else "name a folder that you may write to"
    return f"The backup cannot be written to {folder}: {error.strerror or error}; {way_out}."
