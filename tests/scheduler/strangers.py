"""Servers and name servers of strangers, on loopback."""

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

import pytest

from scheduler.outside import Fetched, fetch
from stemwatch.addresses import Address
from stemwatch.errors import StemwatchError

AGENT = "Mozilla/5.0 (compatible; Stemwatch/test; +https://example.org)"
HTML = {"Content-Type": "text/html; charset=utf-8"}
HOME = ip_address("127.0.0.1")


def at_home(address: Address) -> bool:
    return address == HOME


def get(url: str, seconds: float = 10, allow: Callable[[Address], bool] = at_home) -> Fetched:
    return fetch(url, user_agent=AGENT, allow=allow, seconds=seconds)


def refused(url: str, **other: Any) -> str:
    with pytest.raises(StemwatchError) as caught:
        get(url, **other)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


class Server(ThreadingHTTPServer):
    """Answers with `status`, `headers` and `body`, or as `act` says; keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.body = 200, b"<p>Cells cure.</p>"
        self.headers: dict[str, str] = dict(HTML)
        self.act: Callable[[Handler], None] = Handler.answer
        self.asked: list[dict[str, str]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/page"

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what many tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append({**self.headers, "path": self.path})
        self.server.act(self)

    def answer(self) -> None:
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class Resolver:
    """A name server of a stranger: the name `rebind.example` leads to each of `answers` in turn."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked, self.real = list(answers), 0, socket.getaddrinfo

    def __call__(self, host: str, port: int, *args: Any, **other: Any) -> Any:
        if host != "rebind.example":
            return self.real(host, port, *args, **other)
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]
