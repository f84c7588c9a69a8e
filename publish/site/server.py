"""Serves the application from a thread, so that it can stand beside a scheduler."""

import socket
import threading

import uvicorn
from starlette.applications import Starlette

from stemwatch.errors import StemwatchError

START_SECONDS = 10
STOP_SECONDS = 5
MOST_AT_ONCE = 200
"""Connections that are answered at a time; others are told to come again."""


class Server:
    """One server at `host` and `port`; port 0 takes any that is free. Use it as a context."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        config = uvicorn.Config(
            app,
            access_log=False,  # what people look up is nobody's business
            log_config=None,
            server_header=False,
            limit_concurrency=MOST_AT_ONCE,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=STOP_SECONDS,
            h11_max_incomplete_event_size=16_384,
        )
        self._server = uvicorn.Server(config)
        self._socket = _listening(host, port)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="site")
        self.host = host
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small parts of an answer at once only on a socket whose protocol is named.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except (OSError, OverflowError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or error
        raise StemwatchError(
            f"The site cannot listen at {host}:{port}: {reason}. Set another `listen` in [site]."
        ) from None
    return made
