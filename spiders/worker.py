"""The crawl worker: a process of its own. A job goes in as a file, a bundle comes out; no database, no channel.

Run as `python -m spiders.worker JOB`. Progress goes to standard output, logs to standard error.
"""

import logging
import os
import resource
import sys
from pathlib import Path
from threading import Thread

import msgspec
from scrapy.crawler import AsyncCrawlerProcess

from spiders.common.job import load_job
from spiders.common.progress import Progress
from spiders.common.settings import MIB, settings
from spiders.registry import spider_classes
from stemwatch.bundle import BundleWriter
from stemwatch.reading import Known


def main(path: Path) -> None:
    Thread(target=end_with_parent, daemon=True).start()
    job = load_job(path)
    limit = job.memory_mib * MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    spider = spider_classes()[job.source]
    known = msgspec.json.decode(Path(job.known).read_bytes(), type=Known)
    # 100 records for each page without a declared charset would cost more than the crawl.
    logging.getLogger("charset_normalizer").setLevel(logging.WARNING)
    process = AsyncCrawlerProcess(settings(job, spider.source))
    with BundleWriter(Path(job.folder)) as bundle:
        process.crawl(spider, job=job, known=known, bundle=bundle, progress=Progress(sys.stdout))
        process.start()


def end_with_parent() -> None:
    """Standard input is a pipe that whoever started us holds: when it closes, nobody waits for the bundle."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
