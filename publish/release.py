"""Writes a release: a dated folder of dataset files that is there as a whole or not at all."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from publish.files import sync, write_checksums, written
from publish.folders import LATEST, place, workspace
from publish.readme import readme
from publish.tables import CHANGES, FORMAT_VERSION, LABELS, NOTICES, TEXTS
from stemwatch.decisions import Decision
from stemwatch.errors import StemwatchError
from stemwatch.store.sqlite_release import ReleaseDatabase
from stemwatch.views import ChangeView, NoticeView, SourceView

DATABASE = "stemwatch.db"
_EVERY = 1000

Progress = Callable[[str, int], None]
Item = TypeVar("Item")


class Release(NamedTuple):
    """A release on disk. `rows` counts by table; `new` is False when the newest of the day was the same."""

    folder: Path
    rows: dict[str, int]
    new: bool


class Content(NamedTuple):
    """What goes into a release, each read once, as a stream, sorted by id."""

    notices: Callable[[], Iterable[NoticeView]]
    changes: Callable[[], Iterable[ChangeView]]
    labels: Callable[[], Iterable[Decision]]
    texts: Callable[[], Iterable[tuple[str, str]]]
    sources: Sequence[SourceView]


def write_release(
    folder: Path,
    *,
    notices: Callable[[], Iterable[NoticeView]],
    changes: Callable[[], Iterable[ChangeView]],
    labels: Callable[[], Iterable[Decision]],
    texts: Callable[[], Iterable[tuple[str, str]]],
    sources: Sequence[SourceView],
    now: datetime,
    progress: Progress,
) -> Release:
    """Writes `folder/<day of now in UTC>` and points `folder/latest` at it.

    The streams must show one state of the store: a change whose notice is missing is an error.
    `texts` gives notice and page text. `progress` is told the step and how many rows of it are done.
    StemwatchError, with nothing left behind, when the folder cannot be written.
    """
    day = now.astimezone(UTC).date()
    content = Content(notices, changes, labels, texts, sources)
    latest = folder / LATEST
    try:
        if latest.exists() and not latest.is_symlink():
            raise StemwatchError(
                f"The release cannot be written to {folder}: {latest} is not a link of ours; move it away."
            )
        with workspace(folder, day) as partial:
            rows = _write_tables(partial, content, progress)
            (partial / "README.txt").write_text(readme(sources, day), encoding="utf-8")
            write_checksums(partial)
            sync(partial)
            placed = place(partial, folder, day)
            return Release(placed, rows, not partial.exists())
    except OSError as error:
        raise StemwatchError(_told(folder, error)) from error


def _write_tables(partial: Path, content: Content, progress: Progress) -> dict[str, int]:
    rows: dict[str, int] = {}

    def counted(step: str, items: Iterable[Item]) -> Iterator[Item]:
        rows[step] = 0
        for item in items:
            yield item
            rows[step] += 1
            if rows[step] % _EVERY == 0:
                progress(step, rows[step])
        progress(step, rows[step])

    with ReleaseDatabase(partial / DATABASE, FORMAT_VERSION) as database:
        views = counted(NOTICES.name, content.notices())
        database.insert(NOTICES.shape, written(partial, NOTICES, views))
        changes = counted(CHANGES.name, content.changes())
        database.insert(CHANGES.shape, written(partial, CHANGES, changes))
        labels = counted(LABELS.name, content.labels())
        database.insert(LABELS.shape, written(partial, LABELS, labels))
        database.insert_texts(TEXTS.shape, counted(TEXTS.name, content.texts()))
        progress("search index", 0)
        database.finish()
        progress("search index", rows[NOTICES.name])
    return rows


def _told(folder: Path, error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    way_out = "free some space or name another folder" if full else "name a folder that you may write to"
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"The release cannot be written to {folder}: {reason}; {way_out}."
