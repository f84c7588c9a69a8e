"""Do the releases on disk still hold what their checksums say?"""

import re
from collections.abc import Iterator
from pathlib import Path

from publish.releases.files import CHECKSUMS, checksums, sha256
from publish.releases.folders import LATEST

_RELEASE = re.compile(r"\d{4}-\d\d-\d\d(\.\d+)?")


def check_releases(parent: Path) -> Iterator[str]:
    """One sentence for each thing below `parent` that does not hold: altered, missing or foreign files, a link
    to nowhere. `parent` is what `write_release` was given.
    """
    try:
        releases = sorted(path for path in parent.iterdir() if _RELEASE.fullmatch(path.name))
    except OSError as error:
        yield f"The releases in {parent} cannot be read: {error.strerror}."
        return
    if not releases:
        yield f"There is no release in {parent}."
    for release in releases:
        yield from _check(release)
    latest = parent / LATEST
    if releases and not latest.exists():
        yield f"{latest} leads to no release."


def _check(release: Path) -> Iterator[str]:
    try:
        known = checksums(release)
        there = {path.name for path in release.iterdir()} - {CHECKSUMS}
    except (OSError, UnicodeDecodeError) as error:
        yield f"The release {release} has no {CHECKSUMS} that can be read: {getattr(error, 'strerror', error)}."
        return
    for name in sorted(there - known.keys()):
        yield f"The release {release} holds {name}, of which {CHECKSUMS} knows nothing."
    for name, digest in sorted(known.items()):
        if name not in there:
            yield f"The release {release} lacks {name!r}."
        elif _digest(release / name) != digest:
            yield f"In the release {release}, {name} was altered."


def _digest(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""
