"""Receivers of our own on loopback: an HTTP sink and an SMTP sink that answer as a test tells them to."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class HttpSink:
    """Keeps what was posted. `behaviour`: `answer` (status, headers, body), `hang`, `drip` or `drop`.

    `refuse_at`: another status with its headers, once, for the request of that number (from 0).
    """

    def __init__(self) -> None:
        self.behaviour = "answer"
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b"{}"
        self.refuse_at: dict[int, tuple[int, dict[str, str]]] = {}
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.released = threading.Event()
        handler = type("Handler", (HttpHandler,), {"sink": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def url(self, scheme: str = "json", rest: str = "/hook") -> str:
        return f"{scheme}://user:CANARY-password@127.0.0.1:{self.port}{rest}"


class HttpHandler(BaseHTTPRequestHandler):
    sink: HttpSink

    def do_POST(self) -> None:
        sink, body = self.sink, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sink.requests.append((self.path, dict(self.headers), body))
        if sink.behaviour == "hang":
            sink.released.wait(5)
        elif sink.behaviour == "drip":
            self.drip()
        elif sink.behaviour == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        if sink.behaviour != "answer":
            return
        status, headers = sink.refuse_at.pop(len(sink.requests) - 1, (sink.status, sink.headers))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(sink.body)))
        self.end_headers()
        self.wfile.write(sink.body)

    def drip(self) -> None:
        """A header line that never ends."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.sink.released.wait(0.02):
            self.wfile.write(b"x")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test reads `requests`."""


class SmtpSink:
    """Keeps what was mailed, and by which connection.

    `replies`: the answer at `RCPT` or `DATA`; `drop` ends the connection there. `hasty`: it ends after each mail.
    `refused`: the answer at these addresses.
    """

    def __init__(self, **how: Any) -> None:
        self.replies: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.connections: list[object] = []
        self.parted: list[object] = []
        self.hasty = False
        self.refused: dict[str, str] = {}
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), **how)
        self.port = self.controller.port

    def url(self, rest: str = "") -> str:
        return (
            f"mailto://127.0.0.1:{self.port}/reader@example.org?from=watch@stemwatch.example&smtp=127.0.0.1{rest}"
        )

    async def reply(self, stage: str, server: SMTP, good: str) -> str:
        answer = self.replies.get(stage, good)
        if answer == "drop" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.parted.append(session.peer)
        return "221 2.0.0 bye"

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self.reply("RCPT", server, self.refused.get(address, "250 2.1.5 ok"))

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await self.reply("DATA", server, "250 2.0.0 queued")
        if answer.startswith("250"):
            content = envelope.content or b""
            self.raw.append(content if isinstance(content, bytes) else content.encode())
            self.mails.append(BytesParser(EmailMessage, policy=default).parsebytes(self.raw[-1]))
            self.recipients.append(list(envelope.rcpt_tos))
            self.connections.append(session.peer)
            if self.hasty and server.transport:
                asyncio.get_running_loop().call_soon(server.transport.close)
        return answer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def http_sink() -> Iterator[HttpSink]:
    sink = HttpSink()
    thread = threading.Thread(target=sink.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield sink
    sink.released.set()
    sink.server.shutdown()
    sink.server.server_close()


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()


@pytest.fixture
def closed_port() -> int:
    return free_port()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def posted(http_sink: HttpSink) -> Any:
    """The body of the only request, read as JSON."""
    return lambda: [json.loads(body) for _, _, body in http_sink.requests]
