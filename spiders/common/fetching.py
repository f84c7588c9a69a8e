"""What answers mean: refusals, failures, and when we may come back."""

from collections.abc import Iterator
from typing import Any, Protocol

LONGEST_WAIT = 7 * 24 * 3600


class Response(Protocol):
    """What sources see of an answer: the shape of Scrapy's own, which commands that only look need not import."""

    @property
    def url(self) -> str: ...

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Any: ...

    @property
    def body(self) -> bytes: ...

    @property
    def meta(self) -> dict[str, Any]: ...


def refusal(response: Response) -> str:
    """Why this answer means that the site does not want to serve us; empty when it does not."""
    if response.status in (401, 403, 407, 429, 451):
        return f"{response.url} answered {response.status}."
    return ""


def retry_after(response: Response) -> int:
    """Seconds the site asks us to stay away; dates and nonsense count as not said."""
    asked = header(response, "Retry-After")
    return min(int(asked[:9]), LONGEST_WAIT) if asked.isascii() and asked.isdigit() else 0


def kept_headers(response: Response) -> Iterator[tuple[str, str]]:
    for name, values in response.headers.items():
        for value in values:
            yield name.decode("latin-1"), value.decode("latin-1")


def header(response: Response, name: str) -> str:
    """One header as text, without line breaks."""
    return " ".join((response.headers.get(name) or b"").decode("latin-1").split())
