"""Where releases lie: `<parent>/<day>`, never changed once it is there, and the link `<parent>/latest`.

A release is cited by its folder and its checksums, so another export of the same day with other content
does not replace it: it becomes `<day>.2`, and `latest` moves to it in one step. A folder cannot be replaced
in one step, so replacing would also leave a moment without a release.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from publish.releases.files import checksums

LATEST = "latest"
DELTA = "delta."
"""How the files begin that say what is new since the release before: they are no part of the content."""
_PARTIAL = re.compile(r"\.\d{4}-\d\d-\d\d\.partial-[0-9a-f]{16}")


@contextmanager
def workspace(parent: Path, day: date) -> Iterator[Path]:
    """A new folder in `parent` under a temporary name, gone afterwards unless it was renamed.

    It is locked while its process lives. What a killed export left behind is not, and is removed here.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with _locked(parent):
        _sweep(parent)
        partial = parent / f".{day}.partial-{secrets.token_hex(8)}"
        partial.mkdir()
        handle = _lock(partial, fcntl.LOCK_EX)
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        os.close(handle)


def place(partial: Path, parent: Path, day: date) -> Path:
    """Makes the finished folder a release and `latest`; the path at which its content now is.

    That is an older folder when the day's newest release has the same content.
    """
    with _locked(parent) as handle:
        number = _newest(parent, day)
        folder = parent / _name(day, number)
        if number == 0 or not _same(partial, folder):
            folder = parent / _name(day, number + 1)
            partial.rename(folder)
        _point(parent, folder.name)
        os.fsync(handle)
    return folder


def _name(day: date, number: int) -> str:
    return f"{day}.{number}" if number > 1 else f"{day}"


def _newest(parent: Path, day: date) -> int:
    """The highest number among the releases of the day; 0 when there is none."""
    names = re.compile(rf"{day}(?:\.(\d+))?")
    matches = (names.fullmatch(path.name) for path in parent.iterdir())
    return max((int(match[1] or 1) for match in matches if match), default=0)


def _same(partial: Path, folder: Path) -> bool:
    try:
        return _content(partial) == _content(folder)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _content(folder: Path) -> dict[str, str]:
    return {name: digest for name, digest in checksums(folder).items() if not name.startswith(DELTA)}


def _point(parent: Path, name: str) -> None:
    link = parent / f".{LATEST}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(parent / LATEST)


def _sweep(parent: Path) -> None:
    for path in parent.iterdir():
        if _PARTIAL.fullmatch(path.name) and path.is_dir():
            try:
                handle = _lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(path, ignore_errors=True)
            os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[int]:
    handle = _lock(folder, fcntl.LOCK_EX)
    try:
        yield handle
    finally:
        os.close(handle)


def _lock(folder: Path, how: int) -> int:
    """An open handle on the folder that holds a lock until it is closed."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, how)
    except BaseException:
        os.close(handle)
        raise
    return handle
