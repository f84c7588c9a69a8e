"""Crawling on one machine for the data folder of another: a folder that is carried between them.

What is known goes one way as `SOURCE.known.json`, bundles come back. Any order will do, and any of them twice; one
that is lost is made up for by the next crawl. The crawling machine has no database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from scheduler.crawling import CLOCK_SLACK, Options, crawl
from scheduler.house import House, unusable
from scheduler.jobs import APPLY, APPLY_WAIT_S, APPLYING, known_source, under_way
from scheduler.workers import OnProgress, Workers
from stemwatch.bundle import SUFFIX, Bundle
from stemwatch.errors import StemwatchError
from stemwatch.flow import CrawlStore
from stemwatch.reading import Known
from stemwatch.store.database import stamp
from stemwatch.views import BundleView, RunView

KNOWN = ".known.json"


def write_known(store: CrawlStore, sources: Iterable[str], folder: Path) -> list[Path]:
    """Write what is known of each source into the folder; each file is there whole or not at all."""
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            path = folder / f"{source}{KNOWN}"
            partial = path.with_suffix(".partial")
            partial.write_bytes(msgspec.json.encode(store.known(source)))
            written.append(partial.replace(path))
    except OSError as error:
        raise _unwritable(folder, error) from None
    return written


def read_known(folder: Path, source: str) -> Known:
    """What the folder says is known of a source; nothing is when it says nothing.

    StemwatchError for a file that `write_known` did not write.
    """
    path = folder / f"{source}{KNOWN}"
    try:
        known = msgspec.json.decode(path.read_bytes(), type=Known)
    except FileNotFoundError:
        return Known(source=source)
    except (OSError, msgspec.MsgspecError) as error:
        raise StemwatchError(f"{path} is not what `stemwatch known` writes: {error}. Write it anew.") from None
    if known.source != source:
        raise StemwatchError(f"{path} is about {known.source!r}: write it anew with `stemwatch known`.")
    return known


def crawl_into(
    house: House,
    source: str,
    folder: Path,
    options: Options,
    on_progress: OnProgress,
    workers: Workers | None = None,
) -> BundleView:
    """Crawl a source and leave its bundle in the folder, to be applied elsewhere."""
    known = read_known(folder, source)
    with under_way(house, source):
        path = crawl(house, source, known, replace(options, folder=folder), on_progress, workers)
    report = Bundle(path).report
    taken = ("source", "run", "stopped", "reason", "seen", "details_read", "details_left", "requests", "seconds")
    return BundleView(**{name: getattr(report, name) for name in taken}, bundle=str(path))


def apply_folder(house: House, store: CrawlStore, folder: Path) -> Iterator[RunView | StemwatchError]:
    """Apply every bundle of a folder, oldest first, and leave the folder as it is; tell what cannot be applied."""
    try:
        waiting = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except OSError as error:
        raise StemwatchError(f"The folder {folder} cannot be read: {error.strerror}.") from None
    for path in waiting:
        try:
            yield _apply(house, store, path)
        except StemwatchError as error:
            yield error


def _apply(house: House, store: CrawlStore, path: Path) -> RunView:
    with house.lock(APPLY, busy=APPLYING, wait=APPLY_WAIT_S):
        try:
            bundle = known_source(house, Bundle(path))
            began, now = bundle.report.started_at, house.clock.now()
            if began - now > CLOCK_SLACK:
                raise StemwatchError(
                    f"The bundle {path.name} began at {stamp(began)}, but the clock says {stamp(now)}: "
                    "set the clocks of both machines right, then apply it again."
                )
            return store.apply(bundle, now)
        except OSError as error:
            raise unusable(house.home, error) from None


def _unwritable(folder: Path, error: OSError) -> StemwatchError:
    return StemwatchError(f"The folder {folder} cannot be written: {error.strerror}. Name another one.")
