"""The site of the load test, or the bare page, in a process that loads what a site needs: see bench.site_speed."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publish.serving.app import create_app
from publish.site.limits import LIMITS, Limit, Limits
from publish.site.server import Server
from publish.site.site import Site
from stemwatch.cadence import Cadence
from stemwatch.records import Source

HELLO = "/hello"
SOURCES = "sources.json"
"""The sources of a data folder, which are read without any spider."""


def site(home: Path) -> Starlette:
    """The site over a data folder, with nobody limited."""
    known = msgspec.json.decode((home / SOURCES).read_bytes(), type=dict[str, Source])
    every = dict.fromkeys(known, Cadence(timedelta(hours=6)))
    nobody = Limits({name: Limit(10**9, 1) for name in LIMITS})
    return create_app(Site(home=home, sources=known, every=every, now=lambda: datetime.now(UTC)), limits=nobody)


def bare() -> Starlette:
    """The framework alone with one page of one word."""

    async def hello(_: Request) -> Response:
        return PlainTextResponse("hello")

    return Starlette(routes=[Route(HELLO, hello)])


def main(arguments: list[str]) -> None:
    """Serves until standard input ends; the port is the first line."""
    with Server(site(Path(arguments[0])) if arguments else bare(), "127.0.0.1", 0) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
