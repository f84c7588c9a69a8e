"""Asks the process that explores a release: started when somebody asks, ended when there is a newer release.

Questions are slow, large or hostile as strangers like: here they take neither the memory nor the time of the
service. What the process prints goes nowhere, since Datasette prints the question that failed.
"""

import asyncio
import logging
import socket
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from tempfile import TemporaryDirectory
from threading import Lock
from typing import NamedTuple

logger = logging.getLogger("stemwatch.site")

MODULE = "publish.explore.worker"
ASKING = 4
"""Questions under way at a time."""
MOST_SECONDS = 15.0
"""For one answer, the start of the process included; who takes longer is ended."""
STOP_SECONDS = 5.0
MOST_BYTES = 20 * 2**20
WAITING = 64
_ENDED = (ConnectionError, FileNotFoundError, HTTPException)
_PASSED_ON = ("Content-Disposition", "Location")


class Unanswered(Exception):
    """The process ended before it had answered."""


class TooLarge(Exception):
    """The answer is larger than `MOST_BYTES`."""


class Explored(NamedTuple):
    """An answer of Datasette."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes


def available() -> bool:
    """Whether Datasette is installed."""
    return find_spec("datasette") is not None


class Explorer:
    """At most one process, over the release that was asked last. `root` is the path of the site's base address."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._threads = ThreadPoolExecutor(ASKING, thread_name_prefix="explore")
        self._lock = Lock()
        self._worker: _Worker | None = None
        self._closed = False

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            self._end()

    async def ask(self, folder: Path, address: str) -> Explored:
        """The answer from the release in `folder`; `address` as it was asked, with its query.

        TimeoutError, TooLarge; Unanswered when the question ends the process, twice.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, folder, address)

    def _ask(self, folder: Path, address: str) -> Explored:
        worker = self._running(folder)
        try:
            return worker.ask(address)
        except _ENDED:
            # It was about to end because nobody had asked, or was ended by another's question.
            worker = self._running(folder, instead=worker)
        try:
            return worker.ask(address)
        except _ENDED as error:
            raise Unanswered from error

    def _running(self, folder: Path, instead: "_Worker | None" = None) -> "_Worker":
        """The process over the release, another one than `instead`."""
        with self._lock:
            if self._closed:
                raise Unanswered
            if self._worker and (self._worker is instead or not self._worker.serves(folder)):
                self._end()
            if self._worker is None:
                self._worker = _Worker(folder, self._root)
            return self._worker

    def _end(self) -> None:
        if self._worker:
            self._worker.end()
        self._worker = None


class _Worker:
    """One process. It alone holds the socket that it answers: when it ends, who waits for it is told at once."""

    def __init__(self, folder: Path, root: str) -> None:
        self._folder = folder
        self._own = TemporaryDirectory(prefix="stemwatch-explore-")
        self._path = f"{self._own.name}/socket"
        # Nothing of the service's environment, in which its secrets may be.
        environment = {"TMPDIR": self._own.name}
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
            listening.bind(self._path)
            listening.listen(WAITING)
            number = listening.fileno()
            self._process = Popen(
                [sys.executable, "-m", MODULE, str(folder), root, str(number)],
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=DEVNULL,
                pass_fds=[number],
                env=environment,
            )

    def serves(self, folder: Path) -> bool:
        return self._folder == folder and self._process.poll() is None

    def ask(self, address: str) -> Explored:
        """TimeoutError ends the process: SQLite cannot be called back from within one step."""
        try:
            return _fetched(self._path, address)
        except TimeoutError:
            self._process.kill()
            raise

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.returncode > 0:
            logger.error("The process that explores a release ended with %d", self._process.returncode)
        self._own.cleanup()


class _Connection(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("explore", timeout=MOST_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(MOST_SECONDS)
        self.sock.connect(self._path)


def _fetched(path: str, address: str) -> Explored:
    connection = _Connection(path)
    try:
        connection.request("GET", address)
        response = connection.getresponse()
        body = response.read(MOST_BYTES + 1)
    finally:
        connection.close()
    if len(body) > MOST_BYTES:
        raise TooLarge
    headers = {name: value for name in _PASSED_ON if (value := response.headers.get(name))}
    return Explored(response.status, response.headers.get("Content-Type", ""), headers, body)
