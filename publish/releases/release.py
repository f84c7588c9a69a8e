"""Writes a release: a dated folder of dataset files that is there as a whole or not at all."""

import errno
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from publish.releases import delta
from publish.releases.citation import citation_file
from publish.releases.columns import FORMAT_VERSION
from publish.releases.files import digests, sync, write_checksums, written
from publish.releases.folders import LATEST, place, workspace
from publish.releases.metadata import write_metadata
from publish.releases.parquet import written_beside
from publish.releases.readme import readme
from publish.releases.source_tables import SOURCES
from publish.releases.tables import COLUMNS, FILES, NOTICES, TEXTS, described
from stemwatch.dataset import SourceRow
from stemwatch.errors import StemwatchError
from stemwatch.store.sqlite_release import ReleaseDatabase

DATABASE = "stemwatch.db"
RELEVANT = "SELECT * FROM notices WHERE relevance <> 'unrelated'"
_EVERY = 1000


class _Numbered(msgspec.Struct):
    """The one column of a change that says how far a release goes."""

    change: int


Progress = Callable[[str, int], None]
Item = TypeVar("Item")


class Release(NamedTuple):
    """A release on disk. `rows` counts by table; `new` is False when the newest of the day was the same."""

    folder: Path
    rows: dict[str, int]
    new: bool


class Newest(NamedTuple):
    """The newest release of a folder: its day, and the newest change it holds, by number."""

    day: date | None
    change: int


class Content(NamedTuple):
    """What goes into a release. `tables` gives the rows of every table of `FILES` but `sources`, by its name,
    `texts` notices and the texts of their pages. Each is read once, as a stream, sorted by key.
    """

    sources: Sequence[SourceRow]
    tables: Mapping[str, Callable[[], Iterable[msgspec.Struct]]]
    texts: Callable[[], Iterable[tuple[str, str]]]


def newest(folder: Path) -> Newest:
    """What the newest release below `folder` is; a day of None when there is none.

    StemwatchError when it cannot be read.
    """
    latest = folder / LATEST
    try:
        with (latest / "changes.jsonl").open("rb") as file:
            last = next(iter(deque(file, maxlen=1)), None)
        day = date.fromisoformat(latest.resolve().name[:10])
        return Newest(day, msgspec.json.decode(last, type=_Numbered).change if last else 0)
    except FileNotFoundError:
        return Newest(None, 0)
    except OSError as error:
        raise StemwatchError(_told(folder, error)) from error
    except (ValueError, msgspec.MsgspecError) as error:
        raise StemwatchError(f"{latest} leads to what is no release: {error}. Remove the link.") from None


def write_release(folder: Path, content: Content, *, now: datetime, progress: Progress, parquet: bool) -> Release:
    """Writes `folder/<day of now in UTC>` and points `folder/latest` at it.

    The streams must show one state of the store: a change whose notice is missing is an error.
    `progress` is told the step and how many rows of it are done; `parquet` asks for Parquet files as well.
    StemwatchError, with nothing left behind, when the folder cannot be written.
    """
    day = now.astimezone(UTC).date()
    latest = folder / LATEST
    try:
        if latest.exists() and not latest.is_symlink():
            raise StemwatchError(
                f"The release cannot be written to {folder}: {latest} is not a link of ours; move it away."
            )
        since = delta.base(latest)
        with workspace(folder, day) as partial:
            rows = _write_tables(partial, content, progress, parquet=parquet)
            known = digests(partial)
            _describe(partial, known, content.sources, day, parquet=parquet)
            if since:
                delta.write_delta(partial, since, FILES)
            write_checksums(partial, known)
            sync(partial)
            placed = place(partial, folder, day)
            return Release(placed, rows, not partial.exists())
    except OSError as error:
        raise StemwatchError(_told(folder, error)) from error


def _write_tables(partial: Path, content: Content, progress: Progress, *, parquet: bool) -> dict[str, int]:
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
        for table in FILES:
            views = content.sources if table is SOURCES else content.tables[table.name]()
            database.insert(table.shape, written(partial, table, counted(table.name, views)))
        database.insert(COLUMNS.shape, described())
        database.add_view("relevant_notices", RELEVANT)
        with written_beside(partial) if parquet else nullcontext():
            database.insert_texts(TEXTS.shape, counted(TEXTS.name, content.texts()))
            progress("search index", 0)
            database.finish()
            progress("search index", rows[NOTICES.name])
    return rows


def _describe(
    partial: Path, known: Mapping[str, str], sources: Sequence[SourceRow], day: date, *, parquet: bool
) -> None:
    """The files about the files whose digests are `known`."""
    write_metadata(partial, known, sources, day)
    formats = ("CSV", "JSON Lines", *(("Parquet",) if parquet else ()))
    (partial / "README.txt").write_text(readme(sources, day, formats), encoding="utf-8")
    (partial / "CITATION.cff").write_text(citation_file(day), encoding="utf-8")


def _told(folder: Path, error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    way_out = "free some space or name another folder" if full else "name a folder that you may write to"
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"The release cannot be written to {folder}: {reason}; {way_out}."
