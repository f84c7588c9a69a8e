"""Posting JSON to one address: no redirects, and an address of the public is checked at connect time.

Connections are kept for the next message to the same host: it was checked when the connection was made.
"""

import socket
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from ipaddress import ip_address
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError, TimeoutError
from urllib3.response import BaseHTTPResponse

from notify.answers import refusal, said
from notify.errors import Permanent, Temporary
from stemwatch import __version__
from stemwatch.addresses import is_public

WORDS = 2_000
"""Bytes of an answer that are read: enough for what a receiver says about an error."""

HEADERS = {"Content-Type": "application/json", "User-Agent": f"Stemwatch/{__version__}"}


@dataclass(frozen=True)
class Answered:
    """A receiver's answer; `words` is the beginning of its body."""

    status: int
    retry_after: str
    words: str

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


class Poster:
    """Posts, and keeps connections. `silence`: seconds without a sign of life. Any thread may use it."""

    def __init__(self, silence: float) -> None:
        self.silence = silence

    @cached_property
    def _open(self) -> PoolManager:
        return self._manager()

    @cached_property
    def _guarded(self) -> PoolManager:
        manager = self._manager()
        manager.pool_classes_by_scheme = {"http": _GuardedHTTPPool, "https": _GuardedHTTPSPool}
        return manager

    def _manager(self) -> PoolManager:
        timeout = Timeout(connect=self.silence, read=self.silence)
        return PoolManager(num_pools=64, maxsize=8, retries=False, timeout=timeout)

    def post(self, url: str, body: bytes, headers: dict[str, str], *, public: bool = False) -> Answered:
        """The answer, whatever it is, else Temporary.

        `public`: a stranger gave the address; Permanent when it leads anywhere but to the open Internet.
        """
        manager = self._guarded if public else self._open
        try:
            whole = {**HEADERS, **headers}
            return _read(
                manager.urlopen("POST", url, redirect=False, body=body, headers=whole, preload_content=False)
            )
        except TimeoutError as error:
            if isinstance(error, NewConnectionError):
                raise Temporary("No connection to the receiver, or it ended without an answer.") from None
            raise Temporary(f"No answer within {self.silence:g} s.") from None
        except SSLError:
            raise Temporary("The receiver's certificate is not trusted.") from None
        except HTTPError:
            raise Temporary("No connection to the receiver, or it ended without an answer.") from None


def accepted(answer: Answered, now: datetime) -> str:
    """A 2xx with its name, else raises what the status means."""
    if not answer.accepted:
        raise refusal(answer.status, answer.retry_after, now)
    return said(answer.status)


def _read(answer: BaseHTTPResponse) -> Answered:
    """Status and first words. A connection with more to say than that is not used again."""
    words = answer.read(WORDS, decode_content=True)
    if answer.length_remaining != 0 and answer.read(1):
        answer.close()
    answer.release_conn()
    return Answered(answer.status, answer.headers.get("Retry-After", ""), words.decode("utf-8", "replace"))


def _connect(connection: HTTPConnection) -> socket.socket:
    """A connection to an address of the host, all of which are of the open Internet."""
    try:
        found = socket.getaddrinfo(connection.host.strip("[]"), connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NewConnectionError(connection, "there is no host of that name") from None
    addresses = list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))
    if not all(map(is_public, addresses)):
        raise Permanent("The receiver's address is not one of the open Internet.")
    timeout = connection.timeout if isinstance(connection.timeout, (int, float)) else None
    for address in addresses:
        try:
            return socket.create_connection((str(address), connection.port), timeout=timeout)
        except OSError:
            continue
    raise NewConnectionError(connection, "no address of it answers")


class _GuardedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _GuardedHTTPS(HTTPSConnection):
    """The name stays the stranger's: for the Host header, for SNI, and for the certificate."""

    def _new_conn(self) -> socket.socket:
        return _connect(self)


class _GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls: Any = _GuardedHTTP


class _GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls: Any = _GuardedHTTPS
