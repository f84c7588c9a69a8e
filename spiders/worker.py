"""The crawl worker: a process of its own. A job goes in as a file, a bundle comes out; no database, no channel.

Run as `python -m spiders.worker JOB...`. Progress goes to standard output, logs to standard error.
"""

import logging
import os
import resource
import sys
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
    """Crawl what each of the job files says; several at a time are for sites that differ."""
    Thread(target=end_with_parent, daemon=True).start()
    jobs = [load_job(path) for path in paths]
    limit = max(job.memory_mib for job in jobs) * MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # 100 records for each page without a declared charset would cost more than the crawl.
    logging.getLogger("charset_normalizer").setLevel(logging.WARNING)
    process = AsyncCrawlerProcess(FIXED)
    if jobs[0].reread:
        reread(jobs[0])
        return
    with ExitStack() as bundles:
        for job in jobs:
            spider = spider_of(job)
            known = msgspec.json.decode(Path(job.known).read_bytes(), type=Known)
            bundle = bundles.enter_context(BundleWriter(Path(job.folder)))
            crawler = Crawler(Crawl, settings(job, spider.source))
            process.crawl(crawler, spider(job, known, bundle, Progress(sys.stdout)))
        process.start()


def reread(job: Job) -> None:
    """Read stored evidence again."""
    with BundleWriter(Path(job.folder)) as bundle:
        Rereader(spider_of(job), job, bundle, Progress(sys.stdout)).run()


def spider_of(job: Job) -> type[NoticeSpider]:
    if job.draft:
        return first_look(job.draft)
    return own_feed(job.feed) if job.feed else spider_classes()[job.source]


def end_with_parent() -> None:
    """Standard input is a pipe that whoever started us holds: when it closes, nobody waits for the bundle."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
