"""What answers mean: refusals, failures, and when we may come back."""

from collections.abc import Iterator

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.web.client import ResponseFailed

from spiders.common.stop import Stop, Unusable

FAILURES = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    ResponseFailed,
    ConnectionError,
    TimeoutError,
)
LONGEST_WAIT = 7 * 24 * 3600


def refusal(response: Response) -> str:
    """Why this answer means that the site does not want to serve us; empty when it does not."""
    if response.status in (401, 403, 407, 429, 451):
        return f"{response.url} answered {response.status}."
    return ""


def retry_after(response: Response) -> int:
    """Seconds the site asks us to stay away; dates and nonsense count as not said."""
    asked = header(response, "Retry-After")
    return min(int(asked[:9]), LONGEST_WAIT) if asked.isascii() and asked.isdigit() else 0


def explain(error: IgnoreRequest, url: str) -> Exception:
    """An IgnoreRequest of Scrapy's own middlewares in our words."""
    if str(error) == "Forbidden by robots.txt":
        return Stop("blocked", f"robots.txt does not allow {url}.")
    return Unusable("layout_changed", f"{url} answered with more than may be read.")


def kept_headers(response: Response) -> Iterator[tuple[str, str]]:
    for name, values in response.headers.items():
        for value in values:
            yield name.decode("latin-1"), value.decode("latin-1")


def header(response: Response, name: str) -> str:
    """One header as text, without line breaks."""
    return " ".join((response.headers.get(name) or b"").decode("latin-1").split())
