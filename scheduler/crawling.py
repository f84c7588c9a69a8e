"""Running a crawl: a worker process with a deadline, which leaves a bundle or a verdict that says why not."""

import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

import msgspec

from scheduler.house import House, unusable
from scheduler.workers import OnProgress, Workers
from spiders.common.job import Job, save_job
from stemwatch.bundle import SUFFIX, Report, seal
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.reading import Known
from stemwatch.records import Source
from stemwatch.store.database import stamp

INBOX, WORK = "inbox", "work"
CLOCK_SLACK = timedelta(minutes=10)


@dataclass(frozen=True)
class Options:
    """What the person or the schedule asks of one crawl; `draft` is looked at instead of a source, `folder` takes
    the bundle instead of the inbox."""

    recheck: bool = False
    backfill: bool = False
    front_only: bool = False
    details: int | None = None
    way: str | None = None
    replay: Path | None = None
    draft: Source | None = None
    folder: Path | None = None


class Stopping(StemwatchError):
    """A crawl that we ended ourselves: nothing is held against its source."""


def crawl(
    house: House,
    source: str,
    known: Known,
    options: Options,
    on_progress: OnProgress,
    workers: Workers | None = None,
) -> Path:
    """Crawl one source now and return its bundle in the inbox. A worker that dies leaves the verdict `crashed`;
    one that was ended by `workers.stop` leaves nothing but Stopping.

    The caller holds the source's lock, so what lies in `work` of this source was left by one that was killed.
    """
    job = new_job(house, source, options)
    folder = Path(job.folder)
    try:
        for leftover in folder.parent.glob(f"*-{source}-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        Path(job.known).write_bytes(msgspec.json.encode(known))
        save_job(job, folder / "job.json")
        with Workers() if workers is None else nullcontext(workers) as pool:
            trouble = pool.crawl(folder / "job.json", on_progress, house.config.crawl.deadline_seconds)
        target = Path(job.inbox) / (job.run + SUFFIX)
        if not target.exists():
            if pool.stopping:
                raise Stopping(f"The crawl of {source} was ended, because the service stops.")
            target = _crashed(house, job, trouble)
    except OSError as error:
        raise unusable(house.home, error) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return target


def check_clock(now: datetime, last: datetime | None, behind: timedelta = CLOCK_SLACK) -> None:
    """StemwatchError when the clock stands more than `behind` before the newest run, whose changes come first."""
    if last is not None and last - now > behind:
        raise StemwatchError(
            f"The clock says {stamp(now)}, but the newest run began at {stamp(last)}: set the clock right first."
        )


def new_job(house: House, name: str, options: Options, *, mark: str = "-") -> Job:
    """One crawl as its worker is told it; `mark` is part of its id. UsageError for a way that the source does not
    have."""
    source, settings = house.source(name), house.config.source(name)
    way = options.way or settings.way
    if way is not None and way not in source.ways:
        raise UsageError(
            f"The source {name} has no way {way!r}. Its ways: {', '.join(source.ways) or 'one only'}."
        )
    now = house.clock.now()
    run = f"{now:%Y%m%dT%H%M%SZ}{mark}{name}-{token_hex(3)}"
    folder = (house.home / WORK / run).resolve()
    return Job(
        run=run,
        source=name,
        started_at=now,
        known=str(folder / "known.json"),
        folder=str(folder),
        inbox=str((options.folder or house.home / INBOX).resolve()),
        whole=options.folder is not None,
        user_agent=house.config.user_agent,
        mirror=house.environ.get("STEMWATCH_MIRROR", ""),
        polite=house.environ.get("STEMWATCH_POLITE") == "1",
        timeout_seconds=house.config.crawl.timeout_seconds,
        deadline_seconds=house.config.crawl.deadline_seconds,
        memory_mib=house.config.crawl.memory_mib,
        details=settings.details_per_run if options.details is None else options.details,
        recheck=options.recheck,
        backfill=options.backfill,
        front_only=options.front_only,
        way=way,
        replay=str(options.replay or ""),
        feed=house.config.own_sources.get(name),
        draft=options.draft,
    )


def _crashed(house: House, job: Job, trouble: str) -> Path:
    """A bundle that says how the crawl died: a run without one would be a silence."""
    now = house.clock.now()
    report = Report(
        run=job.run,
        source=job.source,
        revision=house.source(job.source).revision,
        started_at=job.started_at,
        finished_at=now,
        seconds=round((now - job.started_at).total_seconds(), 3),
        stopped="crashed",
        reason=trouble,
    )
    folder = Path(job.folder)
    folder.mkdir(parents=True, exist_ok=True)
    return seal(report, folder, Path(job.inbox))
