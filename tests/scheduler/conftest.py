"""A loopback stand-in that serves a recorded moment, data folders filled from it, and the command line."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import main
from scheduler.clock import Clock
from scheduler.crawling import Options
from scheduler.house import House
from scheduler.jobs import crawl_and_apply
from spiders.registry import sources
from stemwatch.config import Config, CrawlSettings
from stemwatch.views import RunView
from tests.notify.conftest import HttpSink
from tests.scheduler.strangers import Server
from tests.sources.replay import WORKERS

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "scheduler" / "sample"
NAME = "us_fda_warning_letters"
NOWHERE = "http://127.0.0.1:9"
"""A mirror that does not answer: no test ever asks a regulator, whatever goes wrong."""
FIRST_DAY, SECOND_DAY = "2025-01-21", "2025-01-28"
FIRST, SECOND = "2025-01-21T16:00:00+00:00", "2025-01-28T16:10:00+00:00"
RELEVANT_NEWS = 3
"""What happened to relevant letters by the second day: two are new, one was edited."""


class Site:
    """Serves a recorded moment below /www.fda.gov/. `behaviour`: `answer`, `refuse`, or `hang` for what is asked
    below `hangs_below`."""

    def __init__(self, moment: Path) -> None:
        self.behaviour = "answer"
        self.hangs_below = "/"
        self.robots: bytes | None = None
        self.requests: list[tuple[float, str, dict[str, str]]] = []
        self.asked, self.hung_up, self.released = threading.Event(), threading.Event(), threading.Event()
        self.on_request: Callable[[], None] = lambda: None
        self.show(moment)
        handler = type("Handler", (SiteHandler,), {"site": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def show(self, moment: Path) -> None:
        self.moment = moment
        recorded = json.loads((moment / "moment.json").read_text(encoding="utf-8"))["responses"]
        self.responses = {entry["url"].removeprefix("https:/"): entry for entry in recorded}


class SiteHandler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        site = self.site
        site.requests.append((time.monotonic(), self.path, dict(self.headers)))
        site.on_request()
        site.asked.set()
        if site.behaviour == "hang" and self.path.startswith(site.hangs_below):
            self.hang()
        elif site.behaviour == "refuse":
            self.answer(403, {}, b"")
        elif site.robots is not None and self.path.endswith("/robots.txt"):
            self.answer(200, {"Content-Type": "text/plain"}, site.robots)
        else:
            entry = site.responses.get(self.path, {"status": 404})
            body = (site.moment / entry["file"]).read_bytes() if "file" in entry else b""
            self.answer(entry["status"], entry.get("headers", {}), body)

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        etag = headers.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def hang(self) -> None:
        """Says nothing until the client hangs up or the test ends, but not for ever."""
        self.connection.settimeout(0.05)
        end = time.monotonic() + 10
        while not self.site.released.is_set() and time.monotonic() < end:
            try:
                if self.connection.recv(1) == b"":
                    self.site.hung_up.set()
                    return
            except TimeoutError:
                continue
            except OSError:
                self.site.hung_up.set()
                return

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test reads `requests`."""


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(SAMPLE / FIRST_DAY)
    threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.released.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    """A webhook's receiver, which does not mind that a sender is killed before it has the answer."""
    made = HttpSink()
    made.server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def house_of(home: Path, now: str = FIRST, mirror: str = NOWHERE, **crawl: Any) -> House:
    """A house at `now`; `crawl` are its limits."""
    config = Config(crawl=CrawlSettings(**crawl))
    return House(home, config, Clock(datetime.fromisoformat(now)), {"STEMWATCH_MIRROR": mirror}, sources())


def crawled(house: House, options: Options | None = None, **other: Any) -> RunView:
    with house.store() as store:
        other = {"workers": WORKERS, **other}
        return crawl_and_apply(house, store, NAME, options or Options(), lambda told: None, **other)


def replayed(home: Path, now: str) -> RunView:
    """Apply the recorded moment of `now`'s day."""
    return crawled(house_of(home, now), Options(replay=SAMPLE / now[:10]))


@pytest.fixture(scope="session")
def _first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("first") / "home"
    assert replayed(home, FIRST).verdict == "ok"
    return home


@pytest.fixture(scope="session")
def _second_day(_first_day: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("second") / "home"
    shutil.copytree(_first_day, home)
    assert replayed(home, SECOND).added > RELEVANT_NEWS
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the data folder of a test is to be; nothing is there yet."""
    return tmp_path / "home"


@pytest.fixture
def filled(_first_day: Path, home: Path) -> Path:
    """A data folder after its baseline."""
    shutil.copytree(_first_day, home)
    return home


@pytest.fixture
def moved(_second_day: Path, home: Path) -> Path:
    """A data folder with news that nobody was told."""
    shutil.copytree(_second_day, home)
    return home


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes the configuration that the command line reads; of our sources only those it names are followed."""
    others = [name for name in sources() if name != NAME]

    def write(text: str) -> Path:
        path = tmp_path / "stemwatch.toml"
        idle = (f"\n[sources.{name}]\nenabled = false" for name in others if f"[sources.{name}]" not in text)
        quiet = {"site": 'listen = "127.0.0.1:0"', "release": 'folder = ""'}
        around = (f"\n[{table}]\n{line}\n" for table, line in quiet.items() if f"[{table}]" not in text)
        path.write_text(text + "".join((*around, *idle)) + "\n", encoding="utf-8")
        monkeypatch.setenv("STEMWATCH_CONFIG", str(path))
        return path

    return write


@pytest.fixture
def environ(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the command line: the data folder, a clock after the second day, no configuration."""
    for name in [name for name in os.environ if name.startswith("STEMWATCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STEMWATCH_HOME", str(home))
    monkeypatch.setenv("STEMWATCH_NOW", "2025-01-28T18:00Z")
    monkeypatch.setenv("STEMWATCH_MIRROR", NOWHERE)
    monkeypatch.chdir(tmp_path)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The one sentence of a command that was refused or failed: the last line, without its prefix."""
        told = [line for line in self.err.splitlines() if line.startswith(("stemwatch: ", "Error: "))]
        assert self.code in (1, 2), self
        assert told == self.err.splitlines()[-1:], self.err
        assert "Traceback" not in self.err
        assert told[0].endswith("."), told
        return told[0].partition(": ")[2]


Run = Callable[..., Done]


@pytest.fixture
def run(environ: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Runs `stemwatch ARGUMENTS` in this process."""

    def run(*arguments: object) -> Done:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["stemwatch", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        records = [json.loads(line) for line in out.splitlines()] if "--json" in arguments else []
        return Done(int(ended.value.code or 0), out, err, records)

    return run


def process(*arguments: str, **other: Any) -> "subprocess.Popen[str]":
    """`stemwatch ARGUMENTS` as a process of its own, with the environment of this one."""
    return subprocess.Popen(
        [sys.executable, "-m", "scheduler.cli", *arguments],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ['PYTHONPATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **other,
    )


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something that another process does; fails when it does not do it in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)
