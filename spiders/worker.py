"""The crawl worker: a process of its own. Jobs go in as files, bundles come out; no database, no channel.

`python -m spiders.worker JOB...` does these jobs at once and ends; they are for sites that differ. Without a job
it takes one after another from standard input, a path a line, and tells the end of each and the memory it holds.
Progress goes to standard output, logs to standard error.
"""

import asyncio
import gc
import logging
import os
import resource
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import msgspec
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from spiders.common.crawl import Crawl
from spiders.common.first_look import first_look
from spiders.common.job import Job, load_job
from spiders.common.own_feed import own_feed
from spiders.common.progress import Progress
from spiders.common.rereading import Rereader
from spiders.common.settings import FIXED, MIB, settings
from spiders.common.spider import NoticeSpider
from spiders.registry import spider_classes
from stemwatch.bundle import BundleWriter
from stemwatch.reading import Known


def main(*paths: Path) -> None:
    """Do the jobs of these files, or those that come in."""
    # 100 records for each page without a declared charset would cost more than the crawl.
    logging.getLogger("charset_normalizer").setLevel(logging.WARNING)
    if paths:
        Thread(target=end_with_parent, daemon=True).start()
        work([load_job(path) for path in paths])
    else:
        Service().run()


def work(jobs: list[Job]) -> None:
    """Do these jobs at once."""
    limit(max(job.memory_mib for job in jobs))
    process = AsyncCrawlerProcess(FIXED)
    with ExitStack() as bundles:
        for job in jobs:
            bundle = bundles.enter_context(BundleWriter(Path(job.folder)))
            begin(process, job, bundle)
        process.start()


def begin(process: AsyncCrawlerProcess, job: Job, bundle: BundleWriter) -> "asyncio.Task[None]":
    """Begin one crawl."""
    spider = spider_of(job)
    known = msgspec.json.decode(Path(job.known).read_bytes(), type=Known)
    crawler = Crawler(Crawl, settings(job, spider.source))
    return process.crawl(crawler, spider(job, known, bundle, Progress(sys.stdout)))


class Service:
    """Does one job after another."""

    def __init__(self) -> None:
        self.process = AsyncCrawlerProcess(FIXED)
        self.loop = asyncio.get_event_loop()

    def run(self) -> None:
        Thread(target=listen, args=(self._take,), daemon=True).start()
        gc.freeze()  # what was imported is never rubbish, and is not looked through after each crawl
        self.process.start(stop_after_crawl=False)

    def _take(self, path: Path) -> None:
        self.loop.call_soon_threadsafe(self._begin, path)

    def _begin(self, path: Path) -> None:
        self.loop.create_task(self._crawl(path)).add_done_callback(ended)

    async def _crawl(self, path: Path) -> None:
        job = load_job(path)
        limit(job.memory_mib)
        if job.reread:
            await asyncio.to_thread(reread, job)
            return
        with BundleWriter(Path(job.folder)) as bundle:
            await begin(self.process, job, bundle)


def listen(take: Callable[[Path], None]) -> None:
    """Standard input is a pipe that whoever started us holds: when it closes, nobody waits for a bundle."""
    for line in sys.stdin:
        take(Path(line.rstrip("\n")))
    os._exit(1)


def ended(task: "asyncio.Task[None]") -> None:
    """Tell that a job is done. A worker in which one failed, beyond what its spider tells, is used no more."""
    error = task.exception()
    if error is not None:
        traceback.print_exception(error)
        sys.stderr.flush()
        os._exit(1)
    gc.collect()
    Progress(sys.stdout).ended(held_mib())


def held_mib() -> float:
    """Memory that this process holds now; where the system does not tell, the most that it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    return pages * resource.getpagesize() / MIB


def limit(mib: int) -> None:
    """Bound the memory of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (mib * MIB, resource.getrlimit(resource.RLIMIT_AS)[1]))


def reread(job: Job) -> None:
    """Read stored evidence again."""
    with BundleWriter(Path(job.folder)) as bundle:
        Rereader(spider_of(job), job, bundle, Progress(sys.stdout)).run()


def spider_of(job: Job) -> type[NoticeSpider]:
    if job.draft:
        return first_look(job.draft)
    return own_feed(job.feed) if job.feed else spider_classes()[job.source]


def end_with_parent() -> None:
    """As `listen`, for a worker that was given its jobs."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
