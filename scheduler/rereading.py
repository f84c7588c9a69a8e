"""Reading stored evidence again by today's parsers, in a worker process like a crawl's."""

import shutil
from pathlib import Path

import msgspec

from scheduler.crawling import Options, new_job
from scheduler.house import House, unusable
from scheduler.jobs import APPLY, APPLY_WAIT_S, APPLYING
from scheduler.workers import OnProgress, Workers
from spiders.common.job import save_job
from stemwatch.bundle import SUFFIX, Bundle
from stemwatch.errors import StemwatchError
from stemwatch.rereading import MARK
from stemwatch.store import Store
from stemwatch.views import RereadView


def reparse(
    house: House, store: Store, source: str, on_progress: OnProgress, workers: Workers, *, keep: bool
) -> RereadView:
    """What today's parser of a source makes of its stored evidence; stored if it is to be kept.

    StemwatchError when the source is being crawled, or the parser cannot do it at all.
    """
    with house.lock(source, busy=f"A crawl of {source} is under way: wait for it, or stop it."):
        bundle = _read(house, store, source, on_progress, workers)
        try:
            with house.lock(APPLY, busy=APPLYING, wait=APPLY_WAIT_S):
                return store.apply_reread(Bundle(bundle), house.clock.now(), keep=keep)
        finally:
            shutil.rmtree(bundle.parent, ignore_errors=True)


def _read(house: House, store: Store, source: str, on_progress: OnProgress, workers: Workers) -> Path:
    """The bundle of what is read again; the caller removes its folder."""
    job = new_job(house, source, Options(), mark=MARK)
    folder = Path(job.folder)
    job = msgspec.structs.replace(
        job, inbox=job.folder, reread=str(folder / "stored.json"), home=str(house.home.resolve())
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        Path(job.reread).write_bytes(msgspec.json.encode(store.stored_evidence(source)))
        save_job(job, folder / "job.json")
        trouble = workers.crawl(folder / "job.json", on_progress, house.config.crawl.deadline_seconds)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise unusable(house.home, error) from None
    bundle = folder / (job.run + SUFFIX)
    if not bundle.exists():
        shutil.rmtree(folder, ignore_errors=True)
        raise StemwatchError(f"The evidence of {source} could not be read again: {trouble}")
    return bundle
