"""Starting and steering the stand-in for the regulators' sites, for benchmarks and for the tests that need it."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import Request, urlopen

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "replica"
LETTERS = "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations/warning-letters/"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Replica:
    """The stand-in as a process of its own, on a free port of this machine."""

    def __init__(self, as_of: str, data: str = "data-dev", folder: Path = FOLDER) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "serve.py", "--data", data, "--as-of", as_of, "--port", str(port)]
        self._process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                self.get("/_replica/state")
            except (URLError, ConnectionError):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("the stand-in did not start")

    def get(self, path: str) -> Any:
        with urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def post(self, path: str, body: Any = None, method: str = "POST") -> Any:
        data = json.dumps(body).encode() if body is not None else b""
        with urlopen(Request(self.url + path, data=data, method=method), timeout=30) as answer:
            return json.load(answer)

    def move(self, day: str) -> None:
        """Show the sites as they were on `day`."""
        self.post(f"/_replica/as-of?date={day}")

    def edit(self, op: str, key: str = "", **fields: Any) -> Any:
        """One life-cycle edit of the letter `key`."""
        return self.post("/_replica/edit", {"op": op, "url": LETTERS + key if key else "", **fields})

    def fault(self, kind: str, match: str, **fields: Any) -> None:
        self.post("/_replica/fault", {"kind": kind, "match": match, **fields})

    def clear_faults(self) -> None:
        self.post("/_replica/fault", method="DELETE")

    def reset(self) -> None:
        self.post("/_replica/reset")

    def listed(self) -> int:
        """How many letters the list shows."""
        return int(self.get("/_replica/state")["visible"]["fda_letters"])

    def sink(self, name: str) -> list[dict[str, Any]]:
        """Every message that was posted to a sink, with the status it was answered."""
        return list(self.get(f"/_sink/{name}")["messages"])

    def sink_url(self, name: str) -> str:
        return self.url.replace("http://", "json://") + f"/_sink/{name}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
