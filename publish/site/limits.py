"""How often one network may ask: a bucket of tokens for each, in memory."""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import NamedTuple

MOST_NETWORKS = 20_000
"""Buckets that are kept; the network that has not asked for longest is forgotten first."""


class Limit(NamedTuple):
    """So many requests at once, and as many again in each such time."""

    requests: int
    seconds: int


LIMITS: Mapping[str, Limit] = {
    "api": Limit(600, 60),
    "explore": Limit(120, 60),
    "search": Limit(120, 60),
    "screen": Limit(30, 60),
}
"""By the names that routes have for them."""


class Spent(NamedTuple):
    """What became of one request: how many more are free now, and in how many seconds the next one is."""

    allowed: bool
    left: int
    wait: int
    headers: Mapping[str, str]


class Limits:
    """Counts for one process. `clock` gives seconds that only grow."""

    def __init__(
        self,
        limits: Mapping[str, Limit] = LIMITS,
        clock: Callable[[], float] = monotonic,
        most: int = MOST_NETWORKS,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def spend(self, name: str, client: str) -> Spent:
        """One request under the limit `name` by the address `client`."""
        limit = self._limits[name]
        now = self._clock()
        key = (name, network(client))
        tokens, at = self._buckets.pop(key, (float(limit.requests), now))
        rate = limit.requests / limit.seconds
        tokens = min(float(limit.requests), tokens + (now - at) * rate)
        allowed = tokens >= 1
        tokens -= allowed
        self._buckets[key] = (tokens, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        wait = max(0, math.ceil((1 - tokens) / rate))
        return Spent(allowed, int(tokens), wait, _headers(name, limit, int(tokens), wait))


def _headers(name: str, limit: Limit, left: int, wait: int) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has them."""
    return {
        "RateLimit-Policy": f'"{name}";q={limit.requests};w={limit.seconds}',
        "RateLimit": f'"{name}";r={left};t={wait}',
    }


def network(client: str) -> str:
    """The /24 or /48 of an address: what one household or office has; what is no address stands for itself."""
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return address.exploded[:14]
        address = address.ipv4_mapped
    return str(address).rpartition(".")[0]
