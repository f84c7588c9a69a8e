"""A folder of files that is ours: what lies in it, and how files come into it whole or not at all."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from stemwatch.errors import StemwatchError, UsageError

OWN = ".stemwatch-site"
"""What we know of the folder; its presence says that the folder is ours."""
_STATE, _PARTIAL, _LOCK = "state.json", "partial", "lock"
_FORM = 1


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One file: digests of what it was made from and of its bytes; both empty while it is being written."""

    made_from: str = ""
    content: str = ""


class State(msgspec.Struct):
    """The files of the folder by their paths within it."""

    form: int = _FORM
    files: dict[str, Entry] = {}


@contextmanager
def opened(folder: Path) -> Iterator[State]:
    """The state of `folder`, which is locked meanwhile. What an earlier export left unfinished is swept away.

    UsageError when it holds others' files; StemwatchError when it cannot be written or another export writes it.
    """
    try:
        _claim(folder)
        with (folder / OWN / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StemwatchError(f"Another export is writing {folder}: wait until it has ended.") from None
            shutil.rmtree(folder / OWN / _PARTIAL, ignore_errors=True)
            (folder / OWN / _PARTIAL).mkdir()
            yield _state(folder)
            shutil.rmtree(folder / OWN / _PARTIAL, ignore_errors=True)
    except OSError as error:
        raise StemwatchError(_told(folder, error)) from error


def _claim(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder for the site.")
    if folder.exists() and not (folder / OWN).is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds files that no export of the site made. Name a new or empty folder.")
    (folder / OWN).mkdir(parents=True, exist_ok=True)


def _state(folder: Path) -> State:
    """What is known of the folder; nothing when that was lost, so that everything is written anew."""
    try:
        state = msgspec.json.decode((folder / OWN / _STATE).read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except msgspec.DecodeError:
        raise StemwatchError(
            f"{folder / OWN / _STATE} cannot be read: remove {folder} and export the site again."
        ) from None
    if state.form != _FORM:
        raise StemwatchError(f"{folder} was written by another version: remove it and export the site again.")
    return state


def keep(folder: Path, state: State) -> None:
    """Writes the state down; it is on the disk afterwards, and so is what was written before."""
    os.sync()
    put(folder, f"{OWN}/{_STATE}", msgspec.json.encode(state))


def put(folder: Path, name: str, body: bytes | Path) -> None:
    """Puts bytes or a copy of a file at `name`, in one step."""
    partial = folder / OWN / _PARTIAL / f"{os.getpid()}"
    if isinstance(body, Path):
        shutil.copyfile(body, partial)
    else:
        partial.write_bytes(body)
    target = folder / name
    try:
        partial.replace(target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(target)


def drop(folder: Path, name: str) -> None:
    """Takes a file away, with the folders that it leaves empty."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.relative_to(folder).parents:
        try:
            (folder / parent).rmdir()
        except OSError:
            return


def digest_of(body: bytes | Path) -> str:
    """Of the bytes, or of the file's."""
    return sha256(body.read_bytes() if isinstance(body, Path) else body).hexdigest()[:32]


def _told(folder: Path, error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    way_out = "free some space or name another folder" if full else "name a folder that you may write to"
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"The site cannot be written to {folder}: {reason}; {way_out}. What is there is completed next time."
