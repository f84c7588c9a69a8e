"""How often one network may sign up."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock

TRIES_AN_HOUR = 10
"""Sign-ups that one network may try in an hour."""
NETWORKS = 50_000
"""Networks that are counted in an hour; from then on a new one has to wait."""

_V4, _V6 = 24, 48


def network_of(host: str) -> str:
    """The network that a client's address lies in: IPv4 /24, IPv6 /48. What is no address is one of its own."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, _V4 if address.version == 4 else _V6), strict=False))


class Tries:
    """Counts what each network tried in this hour, in memory alone: no client's address is ever stored."""

    def __init__(self, most: int = TRIES_AN_HOUR, networks: int = NETWORKS) -> None:
        self._most, self._networks = most, networks
        self._hour: datetime | None = None
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def wait(self, host: str, now: datetime) -> int:
        """Count a try of the client at `host`: 0 when it may, else the seconds until it may again."""
        with self._lock:
            return self._wait(network_of(host), now)

    def _wait(self, network: str, now: datetime) -> int:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._counts = hour, {}
        count = self._counts.get(network, 0)
        if count >= self._most or (not count and len(self._counts) >= self._networks):
            return max(1, round((hour + timedelta(hours=1) - now).total_seconds()))
        self._counts[network] = count + 1
        return 0
