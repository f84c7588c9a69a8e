"""The releases that lie in a folder, as those who download them see them: only what their checksums name."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from publish.releases.files import CHECKSUMS, checksums
from publish.releases.folders import LATEST
from publish.releases.metadata import MEDIA

_RELEASE = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.(\d+))?", re.ASCII)
TYPES: Mapping[str, str] = {
    **MEDIA,
    ".json": "application/json",
    ".jsonld": "application/ld+json",
}
"""Media types of files by the ending of their names; all others are plain text."""


class PublishedFile(NamedTuple):
    """One file of a release."""

    name: str
    size: int
    sha256: str
    media_type: str


class Published(NamedTuple):
    """One release: its folder's name and its files by name, in the order of their names."""

    name: str
    folder: Path
    files: Mapping[str, PublishedFile]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.name.partition(".")[0])


def names(parent: Path | None) -> list[str]:
    """The names of all releases, the newest first; none when there is no folder."""
    if parent is None or not parent.is_dir():
        return []
    found = [path.name for path in parent.iterdir() if _RELEASE.fullmatch(path.name)]
    return sorted((name for name in found if (parent / name / CHECKSUMS).is_file()), key=_place, reverse=True)


def latest(parent: Path | None) -> str | None:
    """The name of the release that `latest` leads to, or else of the newest; None when there is none."""
    found = names(parent)
    if parent is not None and (link := parent / LATEST).is_symlink() and link.readlink().name in found:
        return link.readlink().name
    return found[0] if found else None


def published(parent: Path | None, name: str) -> Published | None:
    """The release of that name; None when there is none.

    Its files are those that its checksums name and that lie in it, and the checksums themselves.
    """
    if parent is None or not _RELEASE.fullmatch(name) or not (parent / name / CHECKSUMS).is_file():
        return None
    folder = parent / name
    listed = {**checksums(folder), CHECKSUMS: ""}
    files = [_file(folder, each, digest) for each, digest in sorted(listed.items())]
    return Published(name, folder, {file.name: file for file in files if file})


def _file(folder: Path, name: str, digest: str) -> PublishedFile | None:
    path = folder / name
    if Path(name).name != name or path.is_symlink() or not path.is_file():
        return None
    return PublishedFile(name, path.stat().st_size, digest, TYPES.get(path.suffix, "text/plain"))


def _place(name: str) -> tuple[str, int]:
    match = _RELEASE.fullmatch(name)
    assert match
    return match[1], int(match[2] or 1)
