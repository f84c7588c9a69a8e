"""Lanes: one for each receiving host, with a bound on sends at a time and on sends begun in a second."""

import math
from collections import Counter
from hashlib import blake2b
from time import monotonic
from urllib.parse import urlsplit

from notify.channels import MAIL, WEBHOOKS
from notify.webhook import SCHEMES


def lane_of(url: str) -> str:
    """The lane of a channel: its host, or its kind where the URL names none. Hashed, as a host may be a secret."""
    scheme = url.partition("://")[0].strip().lower()
    try:
        host = urlsplit(url).hostname if scheme in {*MAIL, *WEBHOOKS, *SCHEMES} else None
    except ValueError:
        host = None
    return blake2b(f"{scheme} {host or ''}".encode(), digest_size=8).hexdigest()


class Lanes:
    """What is under way on each lane. Kept by the service over its passes, so that a rate holds between them."""

    def __init__(self, per_host: int = 4, per_second: float | None = None) -> None:
        self.per_host = per_host
        self._pause = 1 / per_second if per_second else 0.0
        self._busy: Counter[str] = Counter()
        self._next: dict[str, float] = {}
        self._troubled: set[str] = set()

    def bound(self, lane: str) -> int:
        """Sends at a time: one to a host whose last send failed, so that a dead host keeps no others waiting."""
        return 1 if lane in self._troubled else self.per_host

    def wait(self, lane: str) -> float:
        """Seconds until a send may begin; infinite while the lane is full."""
        if self._busy[lane] >= self.bound(lane):
            return math.inf
        return max(0.0, self._next.get(lane, 0.0) - monotonic())

    def begin(self, lane: str) -> None:
        self._busy[lane] += 1
        if self._pause:
            self._next[lane] = max(monotonic(), self._next.get(lane, 0.0)) + self._pause

    def end(self, lane: str, *, failed: bool = False) -> None:
        self._busy[lane] -= 1
        if failed:
            self._troubled.add(lane)
        else:
            self._troubled.discard(lane)
