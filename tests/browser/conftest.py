"""A real browser on a running site whose data are hostile, and on the same site as files."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from publish.export.export import export_site
from scheduler.clock import Clock
from scheduler.delivering import deliver_due
from scheduler.house import House
from scheduler.releasing import release
from scheduler.website import server_of
from stemwatch.config import Config
from stemwatch.site import SiteSettings
from tests.notify.conftest import SmtpSink
from tests.publish.export.conftest import file_server
from tests.publish.site.conftest import HOSTILE_TITLE, RELEVANT_TEXT, letters, site_over
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, START, SURGENEX, World, letter, page

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make test does that.")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
__all__ = ["letters"]

HOSTILE = letter("<b>hostile key?#%2e", HOSTILE_TITLE, subject='"><img src=x onerror=alert(1)>')
HOSTILE_TEXT = f"{RELEVANT_TEXT} <script>alert(2)</script> </blockquote> javascript:alert(3) " + "W" * 3000


class Visit(NamedTuple):
    """A page in the browser, and what the browser complained of."""

    page: Any
    complaints: list[str]


def failed(request: Any) -> list[str]:
    """What went wrong; nothing when the reader only went on before it had come."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url} failed: {request.failure}"]


Open = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for a file of tests: Playwright keeps its event loop running, which other tests cannot have."""
    if not CHROMIUM:
        pytest.skip("There is no chromium: install it (apt-get install chromium), or name one in CHROMIUM.")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browse(chromium: Any) -> Open:
    """Opens an empty page; options are those of Playwright's contexts."""

    @contextmanager
    def opened(**options: Any) -> Iterator[Visit]:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(10_000)
        page, complaints = context.new_page(), list[str]()
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.on("requestfailed", lambda request: complaints.extend(failed(request)))
        yield Visit(page, complaints)
        context.close()

    return opened


class Watch(NamedTuple):
    """A running site: its address, the house behind it, its mail server."""

    url: str
    house: House
    smtp: SmtpSink

    def deliver_news(self) -> list[EmailMessage]:
        """The mails that arrive when the regulator does once more what it did last."""
        with self.house.store() as store:
            store.db.execute("UPDATE changes SET matched_at = NULL WHERE cause = 'source' AND verb <> 'baseline'")
        return self.deliver()

    def deliver(self) -> list[EmailMessage]:
        """The mails that arrive of what is due some minutes later."""
        before = len(self.smtp.mails)
        house = House(self.house.home, self.house.config, Clock(_LATER), {}, self.house.sources)
        with house.store() as store:
            list(deliver_due(house, store))
        return self.smtp.mails[before:]


_NOW = START + timedelta(days=30)
_LATER = _NOW + timedelta(minutes=5)


@pytest.fixture(scope="session")
def home(letters: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The letters and one that would do harm, with a release."""
    home = shutil.copytree(letters, tmp_path_factory.mktemp("browser") / "home")
    with World(home) as world:
        world.days = 5
        world.run([KIMERA, SURGENEX, CHARA, HOSTILE], page(HOSTILE, HOSTILE_TEXT))
    house = House(home, Config(), Clock(_NOW), {}, {NAME: SOURCE})
    with house.store() as store:
        store.rejudge()
        release(house, store, home / "releases", lambda step, rows: None)
    return home


@pytest.fixture(scope="session")
def watch(home: Path) -> Iterator[Watch]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    smtp = SmtpSink()
    smtp.controller.start()
    mail = f"mailto://127.0.0.1:{smtp.port}?from=watch@stemwatch.example&smtp=127.0.0.1"
    settings = SiteSettings(url=f"http://127.0.0.1:{port}", listen=f"127.0.0.1:{port}", signup=True, mail=mail)
    house = House(home, Config(site=settings, contact="desk@example.org"), Clock(_NOW), {}, {NAME: SOURCE})
    with server_of(house):
        yield Watch(settings.url, house, smtp)
    smtp.controller.stop()


@pytest.fixture(scope="session")
def files(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the same site as files behind a plain server."""
    folder = tmp_path_factory.mktemp("files") / "site"
    export_site(site_over(home, static=True, releases=home / "releases"), folder, lambda *step: None)
    with file_server(folder) as client:
        yield client.url
