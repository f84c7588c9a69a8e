"""Reading a whole-file dump as big as Health Canada's: 34,000 notices, 16 MB in English and 21 MB in French.

Run as `python -m bench.dump`. The dumps are made here and served on this machine; nothing in them is real.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from bench.measure import as_users_have_it
from spiders.ca_health_canada_recalls import FILES, CaHealthCanadaRecalls
from spiders.common.job import Job, save_job
from spiders.registry import sources
from stemwatch.bundle import Bundle
from stemwatch.store import Store

ROWS = 34_000
LIMIT_MIB = 150
NAME = CaHealthCanadaRecalls.source.name
START = datetime(2026, 10, 5, 12, tzinfo=UTC)
ENGLISH = (
    "Title",
    "Product",
    "Issue",
    "What you should do",
    "Category",
    "Recall class",
    "Last updated",
    "Archived",
)
FRENCH = (
    *("Titre", "Produit", "Problème", "Ce que vous devriez faire", "Catégorie", "Classe de rappel"),
    *("Dernière mise à jour", "Archivé"),
)


class Figures(NamedTuple):
    """What one crawl of the dump cost: CPU seconds and MiB of the worker and of applying, and what it brought."""

    seconds: float
    worker_mib: int
    apply_mib: int
    seen: int
    told: int


def dump(names: tuple[str, ...], size: int) -> bytes:
    """`ROWS` rows under these names, about `size` bytes in all."""
    filler = "lot numbers and places of sale " * 40
    text = filler[: max(0, size // ROWS - 400)]
    rows = []
    for number in range(ROWS):
        words = (f"Product {number} recalled", f"Brand {number}", "Product safety", text, "Food", "Class II")
        told = dict(zip(names, (*words, "2026-10-01", "0"), strict=True))
        address = f"https://recalls-rappels.canada.ca/en/alert-recall/product-{number}-recalled"
        rows.append({"NID": str(40_000 + number), "URL": address, "Organization": "Consumer products", **told})
    return json.dumps(rows, ensure_ascii=False).encode()


class Site:
    """The two dumps on a loopback site, in a process of its own: a child's peak memory counts its parent's."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.dump", "serve"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)


def serve() -> None:
    """Serve the dumps, and say where, until terminated."""
    place = urlsplit(FILES)
    bodies = {
        f"/{place.hostname}{place.path}/HCRSAMOpenData.json": dump(ENGLISH, 15_700_000),
        f"/{place.hostname}{place.path}/SCRSAMDonneesOuvertes.json": dump(FRENCH, 20_800_000),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def crawl(home: Path, site: Site, day: int) -> Figures:
    """Crawl and apply once, each in a process of its own, and measure both."""
    job = Job(
        run=f"day-{day}",
        source=NAME,
        started_at=START + timedelta(days=day),
        known=str(home / "known.json"),
        folder=str(home / "work"),
        inbox=str(home / "inbox"),
        user_agent="Mozilla/5.0 (compatible; Stemwatch/bench)",
        mirror=site.url,
        details=0,
    )
    with Store(home, sources()) as store:
        Path(job.known).write_bytes(msgspec.json.encode(store.known(NAME)))
    save_job(job, home / "job.json")
    seconds, worker = _measured([sys.executable, "-m", "spiders.worker", str(home / "job.json")])
    bundle = job.inbox_path / f"{job.run}.bundle"
    apply_seconds, applied = _measured([sys.executable, "-m", "bench.dump", str(home), str(bundle)])
    with Store(home, sources()) as store:
        view = store.run(job.run)
    assert view is not None
    assert view.verdict == "ok", view.reason
    return Figures(round(seconds + apply_seconds, 2), worker, applied, view.seen, view.added + view.edited)


def _measured(command: list[str]) -> tuple[float, int]:
    """CPU seconds and peak MiB of a command."""
    with as_users_have_it():
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    peak, ended = 0, 0
    while not ended:
        time.sleep(0.02)
        peak = max(peak, _high_water(process.pid))
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime, peak


def _high_water(pid: int) -> int:
    """The most MiB that a process held since it began; what `wait4` tells counts those of its parent, too."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next((int(line.split()[1]) >> 10 for line in told.splitlines() if line.startswith("VmHWM")), 0)


def apply(home: Path, bundle: Path) -> None:
    with Store(home, sources()) as store:
        opened = Bundle(bundle)
        store.apply(opened, opened.report.finished_at)


def main() -> None:
    with closing(Site()) as site, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for day, what in enumerate(("first", "nothing new")):
            figures = crawl(home, site, day)
            print(
                f"{what:12} {figures.seconds:5.2f} s CPU, worker {figures.worker_mib} MiB, "
                f"apply {figures.apply_mib} MiB (limit {LIMIT_MIB}), {figures.seen:,} rows, {figures.told} told"
            )


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    elif len(sys.argv) == 3:
        apply(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
