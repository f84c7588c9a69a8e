"""Shows the site over a demo's data for an hour: python -m scheduler.showing FOLDER

A process of its own, which holds a lock in the folder as long as it lives. It prints its address when it answers.
"""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from publish.serving.app import create_app
from publish.site.server import Server
from scheduler.clock import Clock
from scheduler.house import House
from scheduler.website import site_of
from spiders.registry import sources
from stemwatch.config import Config
from stemwatch.errors import StemwatchError

HOST, PORT, PORTS = "127.0.0.1", 8765, 20
SECONDS = 3600
STOP_SECONDS = 10
LOCK, NUMBER, LOG = "site.lock", "site.pid", "site.log"
MADE = (NUMBER, LOG, LOCK)


def start(folder: Path, now: datetime) -> str:
    """Leaves the site of `folder` running and returns its address. StemwatchError when it does not start."""
    command = [sys.executable, "-m", "scheduler.showing", str(folder.resolve()), now.isoformat()]
    with (
        (folder / LOG).open("wb") as log,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,
        ) as process,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        process.returncode = 0  # it goes on without us: nobody waits for it
    if not address:
        raise StemwatchError(f"The site could not be started: {folder / LOG} says why.")
    return address


def stop(folder: Path) -> bool:
    """Ends the site of `folder`; whether there was one."""
    if not (folder / LOCK).exists() or not _held(folder, 0):
        return False
    os.kill(int((folder / NUMBER).read_text(encoding="ascii")), signal.SIGTERM)
    if _held(folder, STOP_SECONDS):
        raise StemwatchError(f"The site of {folder} does not end: end the process in {folder / NUMBER} yourself.")
    return True


def _held(folder: Path, wait: float) -> bool:
    try:
        with FileLock(folder / LOCK, timeout=wait):
            return False
    except Timeout:
        return True


def _server(folder: Path, now: datetime) -> Server:
    house = House(folder / "data", Config(), Clock(now), {}, sources())
    app = create_app(replace(site_of(house), releases=folder / "release"))
    for port in range(PORT, PORT + PORTS):
        try:
            return Server(app, HOST, port)
        except StemwatchError:
            continue
    return Server(app, HOST, 0)


def main() -> None:
    """Serve until told to stop, or until the time is over."""
    folder, now = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with FileLock(folder / LOCK, timeout=0), _server(folder, now) as server:
        (folder / NUMBER).write_text(f"{os.getpid()}", encoding="ascii")
        print(f"http://{server.host}:{server.port}/", flush=True)  # noqa: T201 - our parent reads it
        signal.sigtimedwait(ends, SECONDS)


if __name__ == "__main__":
    main()
