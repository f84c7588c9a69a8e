"""A site with a few letters in it, answering on loopback."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3

from publish.serving.app import create_app
from publish.site.asking import Route
from publish.site.server import Server
from publish.site.site import Site
from stemwatch.cadence import Cadence
from tests.publish.site.hostile import HOSTILE_TITLE, RELEVANT_TEXT, hostile_home
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, START, SURGENEX, World, changed, page

__all__ = ["HOSTILE_TITLE", "RELEVANT_TEXT", "Client", "answering", "site_over"]


def site_over(home: Path, **other: Any) -> Site:
    values: dict[str, Any] = {
        "sources": {NAME: SOURCE},
        "every": {NAME: Cadence(timedelta(hours=6))},
        "now": lambda: START,
    }
    return Site(home=home, **{**values, **other})


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder: a baseline of two letters, then a new one, one closed out, one edited."""
    home = tmp_path_factory.mktemp("site") / "home"
    with World(home) as world:
        world.run([KIMERA, SURGENEX], page(KIMERA, RELEVANT_TEXT), page(SURGENEX, RELEVANT_TEXT))
        closed = changed(KIMERA, closed_out_on=date(2025, 1, 3), closed_out_url=KIMERA.url + "-closeout")
        edited = changed(SURGENEX, subject="Human cells and tissues/Adulterated")
        world.run([closed, edited, CHARA], page(CHARA, RELEVANT_TEXT))
    return home


class Client:
    """Asks one server; answers are never followed elsewhere."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = urllib3.PoolManager()

    def get(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        return self.send("GET", path, None, **headers)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> urllib3.BaseHTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._pool.request(method, self.url + path, body=body, headers=named, redirect=False, retries=False)


@contextmanager
def answering(site: Site, *more: Route) -> Iterator[Client]:
    with Server(create_app(site, more), "127.0.0.1", 0) as server:
        yield Client(f"http://127.0.0.1:{server.port}{site.root}")


Serve = Callable[..., AbstractContextManager[Client]]


@pytest.fixture(scope="session")
def client(letters: Path) -> Iterator[Client]:
    with answering(site_over(letters)) as made:
        yield made


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A site about letters that were written against it."""
    home = hostile_home(tmp_path_factory.mktemp("hostile") / "home")
    with answering(site_over(home, url="https://watch.example.org")) as made:
        yield made
