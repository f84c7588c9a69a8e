"""Data: what each release holds, and its files as they lie on disk."""

import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from publish.releases.files import CHECKSUMS, checksums
from publish.releases.published import latest, names, published
from tests.publish.conftest import NOW, SOURCE, Export
from tests.publish.site.conftest import Client, answering, site_over

FIRST, SECOND = "2026-01-27", "2026-01-27.2"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of one day; the second, which is the newest, has a licence that tries to end a data block."""
    parent = tmp_path_factory.mktemp("published") / "releases"
    Export(parent)()
    licence = "</script><script>alert(1)</script>"
    Export(parent)(sources=[msgspec.structs.replace(SOURCE, licence=licence)], now=NOW)
    (parent / FIRST / "secret.txt").write_text("not listed")
    (parent.parent / "secret.txt").write_text("outside")
    return parent


@pytest.fixture(scope="module")
def readers(letters: Path, releases: Path) -> Iterator[Client]:
    site = site_over(letters, releases=releases, url="https://watch.example.org/cells")
    with answering(site) as client:
        yield client


def test_the_newest_release_is_shown_with_every_file_its_size_and_checksum(
    readers: Client, releases: Path
) -> None:
    words = readers.get("/data").data.decode()
    assert f"Release {SECOND}" in words
    for name, digest in checksums(releases / SECOND).items():
        assert f'href="/cells/data/{SECOND}/{name}"' in words
        assert digest in words
        assert f"{(releases / SECOND / name).stat().st_size:,} bytes" in words
    assert f'href="/cells/data/{FIRST}"' in words
    assert len(words) < 100_000


def test_what_is_downloaded_is_what_the_checksum_says_and_may_be_kept(readers: Client, releases: Path) -> None:
    answer = readers.get(f"/data/{FIRST}/notices.csv")
    assert sha256(answer.data).hexdigest() == checksums(releases / FIRST)["notices.csv"]
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notices.csv"'
    assert "immutable" in answer.headers["Cache-Control"]
    assert readers.get(f"/data/{FIRST}/{CHECKSUMS}").data == (releases / FIRST / CHECKSUMS).read_bytes()


def test_a_part_of_a_file_can_be_had(readers: Client, releases: Path) -> None:
    whole = (releases / FIRST / "stemwatch.db").read_bytes()
    answer = readers.get(f"/data/{FIRST}/stemwatch.db", Range="bytes=0-15", Accept_Encoding="gzip")
    assert answer.status == HTTPStatus.PARTIAL_CONTENT
    assert answer.data == whole[:16] == b"SQLite format 3\x00"


def test_latest_leads_to_the_dated_release_and_is_not_kept_for_long(readers: Client) -> None:
    for path, there in (("/data/latest", ""), ("/data/latest/notices.csv", "/notices.csv")):
        answer = readers.get(path)
        assert answer.status == HTTPStatus.TEMPORARY_REDIRECT
        assert answer.headers["Location"] == f"/cells/data/{SECOND}{there}"
        assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        f"{FIRST}/secret.txt",
        f"{FIRST}/..%2Fsecret.txt",
        "..%2F..%2Fsecret.txt/secret.txt",
        "%2E%2E/secret.txt",
        f"{FIRST}/notices.csv%00",
        "2026-01-28/notices.csv",
        ".2026-01-27.partial-0123456789abcdef/notices.csv",
        quote("٢٠٢٦-٠١-٢٧/notices.csv"),
        FIRST + "%0A",
        "nowhere",
    ],
)
def test_only_what_a_release_lists_can_be_had(readers: Client, path: str) -> None:
    assert readers.get(f"/data/{path}").status == HTTPStatus.NOT_FOUND


def test_a_file_that_is_a_link_to_elsewhere_is_not_part_of_a_release(tmp_path: Path, releases: Path) -> None:
    folder = tmp_path / FIRST
    folder.mkdir()
    (folder / "notices.csv").symlink_to(releases.parent / "secret.txt")
    (folder / CHECKSUMS).write_text(f"{0:064}  notices.csv\n{0:064}  ../{FIRST}/{CHECKSUMS}\n{0:064}  gone.csv\n")
    found = published(tmp_path, FIRST)
    assert found
    assert set(found.files) == {CHECKSUMS}


def test_search_engines_find_the_release_described_and_nothing_ends_the_block(readers: Client) -> None:
    words = readers.get("/data").data.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', words)
    told = msgspec.json.decode(blocks[0])
    assert told["@type"] == "Dataset"
    assert told["license"] == ["</script><script>alert(1)</script>"]
    urls = {file["contentUrl"] for file in told["distribution"]}
    assert f"https://watch.example.org/cells/data/{SECOND}/notices.csv" in urls
    assert words.count("<script") == 1


def test_the_terms_of_each_source_and_a_citation_are_shown(readers: Client) -> None:
    words = unescape(readers.get(f"/data/{FIRST}").data.decode())
    assert "Release of 2026-01-27" in words
    assert "Public domain" in words
    assert 'href="/cells/feeds/relevant.atom"' in words


def test_releases_are_ordered_by_day_and_number(tmp_path: Path) -> None:
    for name in ("2026-01-09.10", "2026-01-09.9", "2026-01-09", "2025-12-31", "2026-01-10", "other"):
        (tmp_path / name).mkdir()
        if name != "2026-01-10":
            (tmp_path / name / CHECKSUMS).write_text("")
    assert names(tmp_path) == ["2026-01-09.10", "2026-01-09.9", "2026-01-09", "2025-12-31"]
    assert latest(tmp_path) == "2026-01-09.10"
    assert latest(tmp_path / "nowhere") is None


@pytest.mark.parametrize("exists", [True, False])
def test_without_a_release_the_page_says_so(letters: Path, tmp_path: Path, exists: bool) -> None:
    with answering(site_over(letters, releases=tmp_path / "none" if exists else None)) as client:
        assert b"There is no release yet." in client.get("/data").data
        assert client.get("/data/latest/notices.csv").status == HTTPStatus.NOT_FOUND
