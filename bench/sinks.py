"""Receivers as fast as can be, in a process of their own: whatever comes is accepted and forgotten."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

from aiosmtpd.smtp import SMTP, Envelope, Session

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"


async def http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept for as many posts as the client likes."""
    while head := await _head(reader):
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        writer.write(OK)
        await writer.drain()
    writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


class Accepts:
    """Takes every mail."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "250 2.0.0 taken"


def serve(told: Connection) -> None:
    asyncio.run(_serve(told))


async def _serve(told: Connection) -> None:
    posts = await asyncio.start_server(http, "127.0.0.1", 0, backlog=512)
    loop = asyncio.get_running_loop()
    mails = await loop.create_server(lambda: SMTP(Accepts(), hostname="127.0.0.1"), "127.0.0.1", 0, backlog=512)
    told.send([server.sockets[0].getsockname()[1] for server in (posts, mails)])
    await posts.serve_forever()


@contextmanager
def sinks() -> Iterator[tuple[int, int]]:
    """The ports of an HTTP and of an SMTP server on loopback."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    try:
        http_port, smtp_port = ours.recv()
        yield http_port, smtp_port
    finally:
        process.terminate()
        process.join()
