"""Sites as files, and a plain file server over them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from publish.export.export import Exported, export_site
from tests.publish.site.conftest import Client, letters, site_over

__all__ = ["letters"]


def silent(stage: str, done: int, total: int) -> None:
    """Shows no progress."""


def exported(home: Path, folder: Path, **other: object) -> Exported:
    return export_site(site_over(home, static=True, **other), folder, silent)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file that a web server shows, by its path."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        name: path.read_bytes() for path in paths if not (name := f"{path.relative_to(folder)}").startswith(".")
    }


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Requests of tests are not logged."""


@contextmanager
def file_server(folder: Path) -> Iterator[Client]:
    """`python -m http.server` over the folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Client(f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()


Files = Callable[[Path], AbstractContextManager[Client]]


@pytest.fixture(scope="session")
def folder(letters: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the letters as files."""
    folder = tmp_path_factory.mktemp("files") / "site"
    exported(letters, folder)
    return folder
