"""The site under load at 100,000 notices, beside the framework's bare page: python -m bench.site_speed [HOME]

The server is a process of its own as in the service, one more asks it over kept connections. Pages are asked for
once each, so that none is kept ready, and then again. A figure is told beside what the server's processor alone
would allow, for other work on the machine takes from the first. HOME is a folder for the data, kept for the next
time. It ends with 1 when a notice page comes fewer than 300 times a second, a search in twenty takes over 100 ms,
or the site alone takes over 150 MB.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from os import sysconf
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from bench.asking import Asked
from bench.measure import CHECKOUT, tell
from bench.search_speed import COMMON, RARE
from bench.site_data import filled, ids
from bench.site_server import HELLO

AT_LEAST, MOST_MS, MOST_MB = 300.0, 100.0, 150.0
PAGES, SEARCHES, CONNECTIONS = 3000, 600, 8

# sqlite-utils loads pandas where it is installed, and that is for development alone.
SERVER = """
import runpy, sys
sys.modules["pandas"] = None
runpy.run_module("bench.site_server", run_name="__main__", alter_sys=True)
"""


class Figure(NamedTuple):
    """What asking took, and the seconds of the server's processor for one answer."""

    name: str
    asked: Asked
    cpu: float

    def told(self) -> str:
        p50, p95 = (1000 * self.asked.within(share) for share in (0.5, 0.95))
        return (
            f"{self.name:28}{self.asked.rate:9,.0f}/s{1 / self.cpu:13,.0f}/s{1000 * self.cpu:9.2f} ms"
            f"{p50:9.1f} ms{p95:9.1f} ms"
        )


class Served:
    """The server's process."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._folder = Path(f"/proc/{process.pid}")
        self.port = port

    def cpu(self) -> float:
        """Seconds of processor so far."""
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        lines = dict(line.split(":", 1) for line in (self._folder / "status").read_text().splitlines())
        return int(lines["VmRSS"].split()[0]) * 1024 / 1e6

    def measured(self, name: str, paths: Sequence[str], connections: int = CONNECTIONS) -> Figure:
        before = self.cpu()
        command = [sys.executable, "-m", "bench.asking", str(self.port), str(connections)]
        done = subprocess.run(command, input="\n".join(paths), capture_output=True, text=True, check=True)
        seconds, each, failed = msgspec.json.decode(done.stdout)
        if failed:
            raise RuntimeError(f"{name}: {len(failed)} answers were {HTTPStatus(failed[0])}.")
        figure = Figure(name, Asked(seconds, each, failed), (self.cpu() - before) / len(each))
        print(figure.told(), flush=True)
        return figure


@contextmanager
def served(*home: Path) -> Iterator[Served]:
    """The site over a folder, or without one the bare page."""
    command = [sys.executable, "-c", SERVER, *map(str, home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Served(process, int(process.stdout.readline()))
        finally:
            process.stdin.close()


def searches(path: str, random: Random) -> Iterator[str]:
    """Each another: rare and common words, two of them, one of which may go on, newest or best first."""
    for number in range(SEARCHES):
        words = [random.choice(RARE), random.choice(COMMON[:300])][: random.randint(1, 2)]
        query = "+OR+".join(f"%22{word.replace(' ', '+')}%22" for word in (*words, f"n{number}"))
        yield f"{path}={query}"


def main(arguments: list[str]) -> int:
    with TemporaryDirectory() as folder:
        home = Path(arguments[0] if arguments else folder) / "home"
        if not home.exists():
            tell("Storing 100,000 notices")
            filled(home)
        return measure(home)


def measure(home: Path) -> int:
    notices = [f"/notices/{notice}" for notice in ids(home, PAGES)]
    with served() as bare:
        print(f"{'':28}{'answers':>11}{'by processor':>15}{'cpu each':>12}{'half in':>12}{'95 % in':>12}")
        hello = bare.measured("bare page", [HELLO] * PAGES)
    with served(home) as server:
        idle = server.megabytes()
        cold = server.measured("notice page", notices)
        kept = server.measured("notice page, kept", notices[-300:] * 10)
        server.measured("notice as JSON", [f"/api/v1{path}" for path in notices])
        asked = list(searches("/notices?about=all&q", Random(4)))
        found = server.measured("search", asked, connections=1)
        server.measured("search as JSON", list(searches("/api/v1/notices?query", Random(5))), connections=1)
        server.measured("front, kept", ["/"] * PAGES)
        busy = server.megabytes()
    print(
        f"processor, times the bare page: notice page {cold.cpu / hello.cpu:.1f}, kept {kept.cpu / hello.cpu:.1f}"
    )
    print(f"memory of the site alone: {idle:.0f} MB at first, {busy:.0f} MB after all of this")
    slowest = 1000 * found.asked.within(0.95)
    met = max(cold.asked.rate, 1 / cold.cpu) >= AT_LEAST and slowest <= MOST_MS and busy <= MOST_MB
    targets = f"{AT_LEAST:.0f} notice pages a second, searches within {MOST_MS:.0f} ms, {MOST_MB:.0f} MB"
    print(f"{'met' if met else 'MISSED'}: {targets}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
