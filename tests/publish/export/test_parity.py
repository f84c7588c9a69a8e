"""What readers reach on the site they reach among files, and neither leads them into nothing."""

import re
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from publish.export.addresses import SERVED
from tests.publish.conftest import Export
from tests.publish.export.conftest import exported, file_server
from tests.publish.site.conftest import Client, answering, site_over
from tests.store.builders import World, letter, page

_LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')
_ELSEWHERE = ("/explore",)
"""Datasette's own pages, which lead on without end."""
Seen = dict[str, set[str]]
"""The ids on each page that was reached, by its address."""


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("parity") / "releases"
    Export(parent)()
    return parent


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic that a related notice names, and one that only an unrelated notice does."""
    home = tmp_path_factory.mktemp("parity") / "home"
    near = letter("near-clinic", "Near Clinic, LLC")
    far = letter("far-foods", "Far Foods, LLC", office="Center for Food Safety", subject="Seafood HACCP")
    with World(home) as world:
        stems = page(near, "You sell umbilical cord stem cells, an unlicensed biological product.")
        world.run([near, far], stems, page(far, "Your fish was kept too warm."))
    return home


def crawled(client: Client) -> Seen:
    """Everything that links lead to from the front. AssertionError for what is not there."""
    seen: Seen = {}
    waiting, asked_for = ["/"], list[tuple[str, str, str]]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address)
        assert answer.status == HTTPStatus.OK, [asked for asked in asked_for if asked[1] == address]
        body = answer.data.decode() if "html" in answer.headers["Content-Type"] else ""
        seen[address] = {unescape(name) for name in _ID.findall(body)}
        for there, part in links(address, body):
            waiting.append(there)
            asked_for.append((address, there, part))
    assert [link for link in asked_for if link[2] and unquote(link[2]) not in seen[link[1]]] == []
    return seen


def links(address: str, body: str) -> Iterator[tuple[str, str]]:
    """Where a page leads to on the same site, each with the part of the page that is meant."""
    for link in _LINK.findall(body):
        there, part = urldefrag(urljoin(address, unescape(link)))
        if not urlsplit(there).scheme and not urlsplit(there).path.startswith(_ELSEWHERE):
            yield there, part


def test_all_that_the_site_leads_to_is_among_the_files_and_every_link_has_an_end(
    home: Path, releases: Path, tmp_path: Path
) -> None:
    exported(home, tmp_path / "site", releases=releases)
    with file_server(tmp_path / "site") as files, answering(site_over(home, releases=releases)) as live:
        as_files = {urlsplit(address).path.rstrip("/") for address in crawled(files)}
        shown = {urlsplit(address).path.rstrip("/") for address in crawled(live)}
        needed = {path for path in shown if not path.startswith(SERVED)}
        missing = {path for path in needed - as_files if files.get(f"{path}/").status != HTTPStatus.OK}
    followed = {path for path in missing if path.startswith("/feeds/clinics/")}
    assert len(followed) == 2, "the clinic of the unrelated notice has feeds that never hold anything"
    assert missing - followed == set()
    assert len(as_files) > 20
