"""The steps of the flow as plain functions over files and rows. Each can be run by hand and run again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from scheduler.crawling import CLOCK_SLACK, INBOX, Options, check_clock, crawl
from scheduler.house import House, unusable
from scheduler.workers import OnProgress, Workers
from stemwatch.bundle import SUFFIX, Bundle, NoBundle, UnusableBundle
from stemwatch.errors import StemwatchError
from stemwatch.flow import CrawlStore
from stemwatch.views import RunView

APPLY = "apply"
APPLYING = "Another process is applying bundles: try again."
APPLY_WAIT_S = 600


def crawl_and_apply(
    house: House,
    store: CrawlStore,
    source: str,
    options: Options,
    on_progress: OnProgress,
    workers: Workers | None = None,
    *,
    behind: timedelta = CLOCK_SLACK,
) -> RunView:
    """One crawl of one source, applied at once. `behind` is how far the clock may stand before the newest run.

    StemwatchError when another crawl of the source, or of its host, is under way.
    """
    check_clock(house.clock.now(), store.last_started_at(), behind)
    with under_way(house, source):
        bundle = crawl(house, source, store.known(source), options, on_progress, workers)
        try:
            return apply_one(house, store, bundle)
        except NoBundle:
            applied = store.run(bundle.stem)  # `stemwatch apply` was quicker
            if applied is None:
                raise
            return applied


@contextmanager
def under_way(house: House, source: str) -> Iterator[None]:
    """Be the only one who crawls this source, or anything else on its host. StemwatchError when somebody does."""
    host = house.source(source).host
    with (
        house.lock(source, busy=f"Another crawl of {source} is under way: wait for it, or stop it."),
        house.lock(f"host-{host[:200]}", busy=f"Another crawl of {host} is under way: wait for it, or stop it."),
    ):
        yield


def apply_inbox(house: House, store: CrawlStore) -> Iterator[RunView | StemwatchError]:
    """Apply whatever lies in the inbox, oldest first. A bundle that cannot be used is set aside and reported."""
    try:
        waiting = sorted((house.home / INBOX).glob(f"*{SUFFIX}"))
    except OSError as error:
        raise unusable(house.home, error) from None
    for path in waiting:
        try:
            yield apply_one(house, store, path)
        except NoBundle:
            continue  # another process was quicker
        except StemwatchError as error:
            yield error


def apply_one(house: House, store: CrawlStore, path: Path) -> RunView:
    """Apply one bundle and remove it; a corrupt one is renamed, so that it neither blocks nor gets lost."""
    with house.lock(APPLY, busy=APPLYING, wait=APPLY_WAIT_S):
        try:
            view = store.apply(known_source(house, Bundle(path)), house.clock.now())
        except UnusableBundle as error:
            aside = path.with_suffix(".rejected")
            path.replace(aside)
            raise StemwatchError(f"{error} It was set aside as {aside}.") from None
        except OSError as error:
            raise unusable(house.home, error) from None
        path.unlink(missing_ok=True)
        return view


def known_source(house: House, bundle: Bundle) -> Bundle:
    """The bundle, if it is of a source of this installation; else UnusableBundle."""
    if bundle.report.source not in house.sources:
        raise UnusableBundle(f"The bundle {bundle.path.name} is of the unknown source {bundle.report.source!r}.")
    return bundle
