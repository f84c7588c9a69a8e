"""Receivers of our webhooks on this machine: they keep what they accept, and misbehave when asked to."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "whsec_c3RlbXdhdGNoIG93ZWQgYmVuY2ggc2VjcmV0IGtleQ=="  # of this bench alone
FAULTS = ("429", "500", "hang", "drop", "drop after")
HANG_S = 1.5


@dataclass(frozen=True)
class Message:
    """One message that was accepted. `at` is the sender's time, `key` its idempotency key."""

    to: str
    key: str
    at: datetime
    payload: dict[str, Any]


@dataclass
class Receivers:
    """All receivers of one run, by the path they are posted to. `share` of the requests meet a fault."""

    dice: random.Random
    share: float = 0.0
    accepted: list[Message] = field(default_factory=list)
    faults: "Counter[str]" = field(default_factory=Counter)
    gone: set[str] = field(default_factory=set)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def channel(self, name: str) -> str:
        return f"{self.url.replace('http:', 'stemwatch+http:')}/{name}#bench={SECRET}"

    def fault(self) -> str:
        with self.lock:
            return self.dice.choice(FAULTS) if self.dice.random() < self.share else ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receivers: Receivers

    def do_POST(self) -> None:
        receivers, name = self.receivers, self.path.strip("/")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if name in receivers.gone:
            self.answer(404)
            return
        fault = receivers.fault()
        receivers.faults[fault or "none"] += 1
        if fault in {"", "drop after"}:
            at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
            receivers.accepted.append(Message(name, self.headers["Idempotency-Key"], at, json.loads(body)))
        if fault == "hang":
            time.sleep(HANG_S)
        if fault in {"hang", "drop", "drop after"}:
            self.close_connection = True
            return
        self.answer(int(fault or 204))

    def answer(self, status: int) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "30")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what counts is kept."""


@contextmanager
def receiving(receivers: Receivers) -> Iterator[Receivers]:
    handler = type("OfThisRun", (Handler,), {"receivers": receivers})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a killed sender hangs up
    receivers.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield receivers
    server.shutdown()
