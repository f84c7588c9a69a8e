"""Fetching an address that a user gave: checked at connect time on every hop, bounded in time and size."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, LocationParseError, NewConnectionError, SSLError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from stemwatch.addresses import Address, is_public
from stemwatch.documents import MOST_BYTES
from stemwatch.documents.kinds import readable
from stemwatch.errors import StemwatchError, UsageError

DEADLINE_S = 30.0
CONNECT_S = 10.0
MOST_HOPS = 5
MOST_TRIED = 4
_CHUNK = 64 << 10
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_ACCEPT = "text/html, application/xhtml+xml, application/pdf, text/plain, text/*;q=0.8"
_SAVE = "Save the page from a browser, and screen the file"
_STATUS = {
    401: f"wants a password. {_SAVE}",
    403: f"refuses us. {_SAVE}",
    404: "does not exist. Look at the address again",
    410: "was taken down for good. An archive of the web may have it",
    429: "has been asked too often. Try again in an hour",
    451: "is not shown for legal reasons",
}

Allow = Callable[[Address], bool]
"""Whether a connection to an address may be made."""


@dataclass(frozen=True)
class Fetched:
    """One answer, decompressed. `url` is where the last redirect led, `media_type` its Content-Type."""

    url: str
    body: bytes
    media_type: str


def fetch(url: str, *, user_agent: str, allow: Allow = is_public, seconds: float = DEADLINE_S) -> Fetched:
    """The document at an address. StemwatchError, one sentence, when it cannot or may not be had.

    Each host is resolved once a hop, and the connection goes to the very address that `allow` was asked about.
    Proxies that the environment names are not used: they would connect in our place, unchecked.
    """
    place = _place(url)
    with _Line(allow, seconds) as line:
        for _ in range(MOST_HOPS + 1):
            with _answer(place, line, user_agent) as answer:
                if answer.status not in _REDIRECTS:
                    return _fetched(place, answer, line)
                target = answer.headers.get("Location", "")
            if not target:
                raise StemwatchError(f"{_shown(place.url)} redirects to nowhere. Look at the address again.")
            place = _next(place, target)
    raise StemwatchError(
        f"{_shown(url)} redirects more than {MOST_HOPS} times. Give the address of the page itself."
    )


def _place(url: str) -> Url:
    """An address taken apart; UsageError when it is none that is fetched."""
    try:
        place = parse_url(url)
    except LocationParseError:
        raise UsageError(f"{_shown(url)} is no web address. Copy it from the browser again.") from None
    if place.scheme not in ("http", "https") or not place.host:
        raise UsageError(f"{_shown(url)} is not fetched: only addresses with http:// or https:// and a host are.")
    if place.auth is not None:
        raise UsageError(f"{_shown(url)} is not fetched with a name or password in it. Leave them out.")
    if place.port is not None and place.port < 1024 and place.port not in (80, 443):
        raise UsageError(f"{_shown(url)} is not fetched: port {place.port} is no website's.")
    return place


def _next(place: Url, target: str) -> Url:
    try:
        return _place(urljoin(place.url, target))
    except UsageError as error:
        raise StemwatchError(f"{_shown(place.url)} redirects to where we do not go: {error}") from None
    except ValueError:
        raise StemwatchError(
            f"{_shown(place.url)} redirects to what is no address. Give that of the page."
        ) from None


def _shown(url: str) -> str:
    """An address as an error shows it: short, on one line, without what may be a password."""
    line = "".join(letter if letter.isprintable() else "?" for letter in url[:200])
    scheme, slashes, rest = line.partition("//")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"


@contextmanager
def _answer(place: Url, line: "_Line", user_agent: str) -> Iterator[BaseHTTPResponse]:
    """The head of the answer, its body still unread. What goes wrong until the end of the block is told."""
    kind, usual = (_HTTPSPool, 443) if place.scheme == "https" else (_HTTPPool, 80)
    # Without a port, the end of an IPv6 address would be taken for one.
    pool = kind(place.host or "", place.port or usual, line=line)
    headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip", "Connection": "close"}
    answer = None
    try:
        answer = pool.urlopen(
            "GET",
            place.request_uri,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            timeout=line.left(),
        )
        yield answer
    except HTTPError as error:
        raise line.trouble(place, error) from None
    finally:
        if answer is not None:
            answer.close()
        pool.close()


def _fetched(place: Url, answer: BaseHTTPResponse, line: "_Line") -> Fetched:
    url, status = _shown(place.url), answer.status
    if status != 200:
        fails = "cannot be shown by its site just now. Try again later" if status >= 500 else _SAVE
        raise StemwatchError(f"{url} {_STATUS.get(status, fails)} (the site answered {status}).")
    media_type = answer.headers.get("Content-Type", "")
    bare = media_type.partition(";")[0].strip().lower()
    if not readable(bare):
        raise StemwatchError(f"{url} is {_shown(bare)}, which is no text. Give a page, a PDF or a plain text.")
    body = bytearray()
    for chunk in answer.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > MOST_BYTES or answer.tell() > MOST_BYTES:
            raise StemwatchError(f"{url} is larger than {MOST_BYTES // 1_000_000} MB. Give the part that matters.")
    if line.late:
        raise line.lateness(place)
    return Fetched(url=place.url, body=bytes(body), media_type=media_type)


class _Line:
    """The way out of one fetch: asks about every address, and cuts the connection when the time is over."""

    def __init__(self, allow: Allow, seconds: float) -> None:
        self.allow = allow
        self.seconds = seconds
        self.late = False
        self._end = monotonic() + seconds
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self._connected: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        for connected in self._connected:
            connected.close()

    def left(self) -> float:
        return max(0.001, self._end - monotonic())

    def connect(self, connection: HTTPConnection, host: str, port: int) -> socket.socket:
        """A connection to one of the host's addresses, all of which are allowed."""
        addresses = self._resolved(connection, host, port)
        for address in addresses:
            if not self.allow(address):
                raise StemwatchError(f"{host} is not fetched: {address} is not an address of the open Internet.")
        failed: OSError = OSError("it has no address")
        for address in addresses[:MOST_TRIED]:
            try:
                made = socket.create_connection((str(address), port), timeout=min(CONNECT_S, self.left()))
            except OSError as error:
                failed = error
                continue
            # TLS takes the socket over; this one stays ours, and ends the same connection.
            self._connected.append(made.dup())
            if self.late:
                self._cut()
            return made
        raise NewConnectionError(connection, failed.strerror or str(failed))

    def _resolved(self, connection: HTTPConnection, host: str, port: int) -> list[Address]:
        """The host's addresses, in the system's order. The resolver knows no deadline, so it gets a thread."""
        told: SimpleQueue[list[Any] | OSError | UnicodeError] = SimpleQueue()
        Thread(target=_resolve, args=(host.strip("[]"), port, told), daemon=True).start()
        try:
            found = told.get(timeout=self.left())
        except Empty:
            raise NewConnectionError(connection, "its name was not resolved in time") from None
        if isinstance(found, Exception):
            raise NewConnectionError(connection, "there is no host of that name")
        return list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))

    def _cut(self) -> None:
        self.late = True
        for connected in self._connected:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def lateness(self, place: Url) -> StemwatchError:
        return StemwatchError(
            f"{_shown(place.url)} took longer than {self.seconds:g} s. Try again later, or save the page."
        )

    def trouble(self, place: Url, error: HTTPError) -> StemwatchError:
        """What went wrong, for a person."""
        if self.late or self.left() <= 0.001:
            return self.lateness(place)
        if isinstance(error, SSLError):
            return StemwatchError(
                f"{_shown(place.url)} has no certificate that can be trusted ({_reason(error)}). {_SAVE}."
            )
        if isinstance(error, NewConnectionError):
            return StemwatchError(
                f"{_shown(place.url)} cannot be reached: {_reason(error)}. Look at the address again."
            )
        if isinstance(error, DecodeError):
            return StemwatchError(f"{_shown(place.url)} is packed in a way that cannot be undone. {_SAVE}.")
        return StemwatchError(
            f"{_shown(place.url)} broke off or made no sense ({type(error).__name__}). Try again later."
        )


def _resolve(host: str, port: int, told: "SimpleQueue[list[Any] | OSError | UnicodeError]") -> None:
    try:
        told.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    except (OSError, UnicodeError) as error:
        told.put(error)


def _reason(error: HTTPError) -> str:
    """The last part of a message that names objects and codes first; of a certificate, what OpenSSL says."""
    words = str(error.args[0] if error.args else error)
    verify = getattr(error.args[0] if error.args else None, "verify_message", "")
    return (verify or words.rpartition("> : ")[2].rpartition(": ")[2]).rstrip(".")


class _CheckedHTTP(HTTPConnection):
    def __init__(self, *args: Any, line: _Line, **other: Any) -> None:
        super().__init__(*args, **other)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.connect(self, self.host, self.port)


class _CheckedHTTPS(HTTPSConnection):
    """The name stays the user's: for the Host header, for SNI, and for the certificate."""

    def __init__(self, *args: Any, line: _Line, **other: Any) -> None:
        super().__init__(*args, **other)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.connect(self, self.host, self.port)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _CheckedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedHTTPS
