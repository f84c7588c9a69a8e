"""Scrapy's settings for a polite, bounded crawl. Where we leave a default, the reason stands beside it."""

from typing import Any

from spiders.common.job import Job
from stemwatch.records import Source

MIB = 1 << 20


def settings(job: Job, source: Source) -> dict[str, Any]:
    """The settings of one crawl."""
    handler = "ReplayHandler" if job.replay else "MirrorHandler" if job.mirror else ""
    return {
        **FIXED,
        "USER_AGENT": job.user_agent,
        "DOWNLOAD_DELAY": 0.0 if job.hurried else source.delay_seconds,
        "DOWNLOAD_TIMEOUT": job.timeout_seconds,
        "STEMWATCH_HURRIED": job.hurried,
        "STEMWATCH_MIRROR": job.mirror,
        "STEMWATCH_REPLAY": job.replay,
        **({"DOWNLOAD_HANDLERS": {"https": f"spiders.common.mirror.{handler}"}} if handler else {}),
    }


FIXED: dict[str, Any] = {
    "ROBOTSTXT_OBEY": True,
    "ROBOTSTXT_USER_AGENT": "Stemwatch",
    "CONCURRENT_REQUESTS": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY_JITTER": 0.0,
    # fda.gov blocks with a redirect to an apology; to follow one is to mistake a block for a missing page.
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    # 403, 429 and 503 ask us to stay away (FDA apologises with 503, too), so they are not in this list.
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524, 408],
    "RETRY_TIMES": 2,
    "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
    # By default Scrapy 2.19 verifies no certificate, takes a GiB, and listens for commands.
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "DOWNLOAD_MAXSIZE": 32 * MIB,
    "DOWNLOAD_WARNSIZE": 0,
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "MEMUSAGE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "spiders.common.middlewares.BindingRobots": 100,
        "spiders.common.middlewares.Evidence": 950,
    },
}
