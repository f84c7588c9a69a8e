"""The tools that are compared: each is told to look at the list once, and sends what it finds to a sink.

The others ask for the newest 500 rows in one request, the most that FDA's site was seen to give, filtered as their
manuals advise for a JSON list whose order means nothing: by jq to one line a row, sorted. webchanges reports
additions alone (`additions_only`), as its manual says for lists; changedetection.io sorts the lines, and is set
off only by those that its whole history lacks (`check_unique_lines`). Stemwatch reads the whole list, as it
always does, but not the letters behind it, which the others do not look at either.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench.measure import CHECKOUT, tell
from bench.replica import Replica, free_port
from bench.running import Peak, cpu_of

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stemwatch-bench"
VIEW = "view_name=warning_letter_solr_index&view_display_id=warning_letter_solr_block"
LIST = f"www.fda.gov/datatables/views/ajax?{VIEW}&start=0&length=500"
LINES = r'.data | map(join(" | ") | gsub("\\s+"; " ")) | sort | .[]'
PACKAGES = {"webchanges": ("webchanges", "jq"), "changedetection.io": ("changedetection.io",)}
WITHIN_S = 15.0


@dataclass(frozen=True)
class Spent:
    """What one look took: seconds of processor, peak MB of all its processes."""

    cpu: float
    mb: float


class Tool(Protocol):
    name: str

    def look(self, now: str) -> Spent:
        """Look at the list once, at the simulated time `now`, and tell what there is to tell."""

    def close(self) -> None: ...


def installed(name: str) -> Path | None:
    """The tool's program in an environment of its own; None when it cannot be had."""
    folder = _folder(name)
    program = folder / "bin" / name
    if not program.exists():
        tell(f"{name}: installing its newest release into {folder}")
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            pip: list[str | Path] = [
                folder / "bin" / "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                *PACKAGES[name],
            ]
            subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as error:
            tell(f"{name}: left out, it cannot be had here ({error})")
            return None
    return program


def _folder(name: str) -> Path:
    return CACHE / f"peers-{name.partition('.')[0]}"


def version(name: str) -> str:
    show: list[str | Path] = [_folder(name) / "bin" / "pip", "show", name]
    lines = subprocess.run(show, check=True, capture_output=True, text=True).stdout.splitlines()
    told = dict(line.split(": ", 1) for line in lines if ": " in line)
    return told["Version"]


def ran(command: Sequence[str | Path], environ: dict[str, str] | None = None) -> Spent:
    """Run a program to its end, well or not."""
    with subprocess.Popen(
        command, env=environ, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        with Peak(process.pid) as peak:
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Spent(usage.ru_utime + usage.ru_stime, peak.take())


class Poller:
    """A script of fifty lines, from cron."""

    name = "poller by hand"

    def __init__(self, folder: Path, replica: Replica) -> None:
        url = f"{replica.url}/{LIST}"
        script = Path(__file__).with_name("poller.py")
        self._command: list[str | Path] = [
            sys.executable,
            script,
            url,
            folder / "poller.json",
            sink(replica, self.name),
        ]

    def look(self, now: str) -> Spent:
        return ran(self._command)

    def close(self) -> None:
        """Nothing is left running."""


class Webchanges(Poller):
    """From cron, as its manual says."""

    name = "webchanges"

    def __init__(self, folder: Path, replica: Replica, program: Path) -> None:
        job = {
            "name": "FDA warning letters",
            "url": f"{replica.url}/{LIST}",
            "filter": [{"jq": LINES}],
            "additions_only": True,
        }
        report = {
            "webhook": {"enabled": True, "webhook_url": sink(replica, self.name)},
            "stdout": {"enabled": False},
        }
        files = {"jobs": folder / "jobs.yaml", "config": folder / "config.yaml", "hooks": folder / "hooks.py"}
        files["jobs"].write_text(json.dumps(job), encoding="utf-8")  # JSON is YAML
        files["config"].write_text(json.dumps({"report": report, "display": {"new": False}}), encoding="utf-8")
        files["hooks"].touch(mode=0o600)
        named = [argument for name, path in files.items() for argument in (f"--{name}", path)]
        self._command = [program, *named, "--database", folder / "snapshots.db"]


class Stemwatch:
    """`stemwatch crawl` and `stemwatch deliver`, from cron. A service need not start anew each time."""

    name = "stemwatch"

    def __init__(self, folder: Path, replica: Replica) -> None:
        channel = f"json://{sink(replica, self.name).removeprefix('http://')}"
        labels = json.dumps(["relevant", "possible", "unrelated"])
        (folder / "stemwatch.toml").write_text(
            f'[[subscriptions]]\nname = "all"\nchannel = "{channel}"\nrelevance = {labels}\n'
            "[sources.us_fda_warning_letters]\ndetails_per_run = 0\n",
            encoding="utf-8",
        )
        self._environ = {
            **os.environ,
            "STEMWATCH_HOME": str(folder / "data"),
            "STEMWATCH_CONFIG": str(folder / "stemwatch.toml"),
            "STEMWATCH_MIRROR": replica.url,
        }
        self._environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def look(self, now: str) -> Spent:
        environ = {**self._environ, "STEMWATCH_NOW": now}
        spent = [
            ran([sys.executable, "-m", "scheduler.cli", *arguments], environ)
            for arguments in (("crawl", "us_fda_warning_letters"), ("deliver",))
        ]
        return Spent(sum(one.cpu for one in spent), max(one.mb for one in spent))

    def close(self) -> None:
        """Nothing is left running."""


class Changedetection:
    """A service; it is told to look now through its interface."""

    name = "changedetection.io"

    def __init__(self, folder: Path, replica: Replica, program: Path) -> None:
        self._url = f"http://127.0.0.1:{free_port()}"
        self._replica, self._folder = replica, folder / "changedetection"
        port = self._url.rpartition(":")[2]
        own = {
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "DISABLE_VERSION_CHECK": "true",
            "LOGGER_LEVEL": "WARNING",
        }
        self._process = subprocess.Popen(
            [program, "-C", "-d", self._folder, "-h", "127.0.0.1", "-p", port],
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._peak = Peak(self._process.pid)
        self._key = self._started()
        self._watch = self._ask("POST", "/watch", self._watched())["uuid"]
        self._wait_for_look({"check_count": 0})

    def _watched(self) -> dict[str, Any]:
        channel = sink(self._replica, self.name).replace("http://", "json://")
        return {
            "url": f"{self._replica.url}/{LIST}",
            "include_filters": [f"jq:{LINES}"],
            "sort_text_alphabetically": True,
            "check_unique_lines": True,
            "notification_urls": [channel],
            "notification_title": "FDA warning letters",
            "notification_body": "{{diff_added}}",
            "notification_format": "text",
            "time_between_check": {"weeks": 4},
            "time_between_check_use_default": False,
        }

    def _started(self) -> str:
        """Wait until it answers; returns the key of its interface, which it writes into its settings."""
        for _ in range(600):
            settings = self._folder / "changedetection.json"
            try:
                urlopen(self._url, timeout=5).close()
                key: str = json.loads(settings.read_bytes())["settings"]["application"]["api_access_token"]
            except (URLError, ConnectionError, FileNotFoundError, KeyError, ValueError):
                time.sleep(0.1)
            else:
                return key
        raise RuntimeError("changedetection.io did not start.")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"x-api-key": self._key, "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = Request(f"{self._url}/api/v1{path}", data=data, headers=headers, method=method)
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def _told(self) -> int:
        return len(self._replica.sink(sink_name(self.name)))

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._ask("GET", f"/watch/{self._watch}")
        return state

    def _wait_for_look(self, before: dict[str, Any]) -> None:
        """Wait until it has looked once more, and until a change that it found was told. It counts no look that
        failed: that one is over when the time is."""
        told = self._told()
        end = time.monotonic() + WITHIN_S
        while (now := self._state())["check_count"] <= before["check_count"] and time.monotonic() < end:
            time.sleep(0.1)
        changed = before["check_count"] and now["last_changed"] > before["last_changed"]
        while changed and self._told() == told and time.monotonic() < end:
            time.sleep(0.1)

    def look(self, now: str) -> Spent:
        before = self._state()
        cpu = cpu_of(self._process.pid)
        self._ask("GET", f"/watch/{self._watch}?recheck=1")
        self._wait_for_look(before)
        return Spent(cpu_of(self._process.pid) - cpu, self._peak.take())

    def close(self) -> None:
        self._peak.end()
        self._process.terminate()
        self._process.wait(timeout=30)


def sink(replica: Replica, name: str) -> str:
    return f"{replica.url}/_sink/{sink_name(name)}"


def sink_name(name: str) -> str:
    return name.replace(" ", "-")


@contextmanager
def tools(folder: Path, replica: Replica) -> Iterator[list[Tool]]:
    """All tools that can be had here, each of them having seen the list once."""
    made: list[Tool] = [Stemwatch(folder, replica), Poller(folder, replica)]
    try:
        if program := installed("webchanges"):
            made.append(Webchanges(folder, replica, program))
        if program := installed("changedetection.io"):
            made.append(Changedetection(folder, replica, program))
        yield made
    finally:
        for tool in made:
            tool.close()
