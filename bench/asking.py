"""A load generator: so many connections that ask one address after another, by plain sockets."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import NamedTuple

import msgspec


class Asked(NamedTuple):
    """What asking took: seconds in all, and of each answer; statuses that were not 200."""

    seconds: float
    each: list[float]
    failed: list[int]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.each) / self.seconds

    def within(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        return sorted(self.each)[min(len(self.each) - 1, int(share * len(self.each)))]


async def ask(port: int, paths: Sequence[str], connections: int) -> Asked:
    """Ask for each path once, over connections that are kept open."""
    waiting = iter(paths)
    each: list[float] = []
    failed: list[int] = []
    start = perf_counter()
    await asyncio.gather(*(_connection(port, waiting, each, failed) for _ in range(connections)))
    return Asked(perf_counter() - start, each, failed)


async def _connection(port: int, waiting: Iterator[str], each: list[float], failed: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for path in waiting:
        start = perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        each.append(perf_counter() - start)
        if not head.startswith(b"http/1.1 200 "):
            failed.append(int(head.split()[1]))
    writer.close()
    await writer.wait_closed()


def main() -> None:
    """Port and connections are arguments, paths come as lines; what it took goes out as JSON."""
    port, connections = map(int, sys.argv[1:])
    paths = sys.stdin.read().splitlines()
    print(msgspec.json.encode(asyncio.run(ask(port, paths, connections))).decode())


if __name__ == "__main__":
    main()
