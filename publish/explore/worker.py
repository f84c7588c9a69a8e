"""Datasette over one release: python -m publish.explore.worker FOLDER ROOT SOCKET

FOLDER is the release's, ROOT the path of the site's base address, SOCKET the number of the open socket that is
answered. It ends when nobody has asked for a while, or when its parent has ended.
"""

import os
import resource
import socket
import sqlite3
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
import uvicorn

from publish.explore.describing import DATABASE, described

IDLE_SECONDS = 300.0
LOOK_SECONDS = 5
MOST_MEMORY = 384 * 2**20
"""Bytes of data, of which a tenth are Datasette's own; a question that needs more fails."""
MOST_WRITTEN = 64 * 2**20
"""Bytes of one temporary file, such as SQLite sorts in."""
LONGEST = 20 * 2**20
"""Bytes of one value; the longest text of a notice is far shorter."""
SETTINGS = {
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "facet_time_limit_ms": 200,
    "num_sql_threads": 2,
    "allow_download": False,
    "allow_csv_stream": False,
    "trace_debug": False,
    "template_debug": False,
}


class Bounds:
    """A plugin of Datasette: no value is longer than `LONGEST`, no other database is joined, no path is told."""

    @staticmethod
    def prepare_connection(conn: sqlite3.Connection) -> None:
        conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        conn.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        conn.set_authorizer(_allowed)


def _allowed(action: int, table: str | None, column: str | None, *_: str | None) -> int:
    """Everything may be read, but where the file lies reads as NULL."""
    path = action == sqlite3.SQLITE_READ and (table, column) == ("pragma_database_list", "file")
    return sqlite3.SQLITE_IGNORE if path else sqlite3.SQLITE_OK


class Watched:
    """The application, and when it was last asked."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.asked_at = monotonic()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked_at = monotonic()
        await self._app(scope, receive, send)
        self.asked_at = monotonic()


def bound() -> None:
    """Takes from this process what a question could harm others by."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def application(folder: Path, root: str) -> Any:
    """Datasette without any plugin but ours, whatever is installed."""
    from datasette import hookimpl
    from datasette.app import Datasette
    from datasette.plugins import DEFAULT_PLUGINS, pm

    for plugin in set(pm.get_plugins()) - {sys.modules[name] for name in DEFAULT_PLUGINS}:
        pm.unregister(plugin)
    hookimpl(Bounds.prepare_connection)
    pm.register(Bounds)
    package = msgspec.json.decode((folder / "datapackage.json").read_bytes())
    return Datasette(
        immutables=[str(folder / f"{DATABASE}.db")],
        metadata=described(package, folder.name, f"{root}/data"),
        settings={**SETTINGS, "base_url": f"{root}/explore/"},
    ).app()


def main() -> None:
    folder, root, number = sys.argv[1:]
    parent = os.getppid()
    bound()
    app = Watched(application(Path(folder), root))

    async def look() -> None:
        if monotonic() - app.asked_at > IDLE_SECONDS or os.getppid() != parent:
            server.should_exit = True

    server = uvicorn.Server(
        uvicorn.Config(
            app,
            proxy_headers=False,
            access_log=False,
            log_config=None,
            server_header=False,
            callback_notify=look,
            timeout_notify=LOOK_SECONDS,
            timeout_graceful_shutdown=LOOK_SECONDS,
        )
    )
    server.run(sockets=[socket.socket(fileno=int(number))])


if __name__ == "__main__":
    main()
