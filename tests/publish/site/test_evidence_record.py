"""The evidence of one response, to be downloaded and checked by anybody."""

from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from stemwatch.store import Store
from tests.publish.site.conftest import Client, answering, site_over
from tests.store.builders import CHARA, NAME, SOURCE, World, letter, page


def captures(home: Path, key: str) -> list[str]:
    with Store(home, {NAME: SOURCE}) as store:
        return [capture.sha256 for capture in store.dossier(f"{NAME}/{key}").evidence]


def test_a_record_is_a_warc_file_of_its_own_whose_body_has_the_digest_it_is_named_by(
    client: Client, letters: Path
) -> None:
    for digest in captures(letters, CHARA.key):
        answer = client.get(f"/evidence/{digest}.warc.gz")
        assert answer.status == HTTPStatus.OK
        (record,) = [(kept.rec_type, kept.raw_stream.read()) for kept in ArchiveIterator(BytesIO(answer.data))]
        assert record[0] == "response"
        assert sha256(record[1]).hexdigest() == digest


def test_it_is_only_downloaded_never_shown_nor_searched(client: Client, letters: Path) -> None:
    digest = captures(letters, CHARA.key)[-1]
    headers = client.get(f"/evidence/{digest}.warc.gz").headers
    assert headers["Content-Disposition"] == f'attachment; filename="{digest}.warc.gz"'
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Content-Security-Policy"].startswith("sandbox")
    assert headers["Content-Type"] == "application/gzip"


def test_what_was_fetched_more_than_once_is_told_apart_by_its_moment(tmp_path: Path) -> None:
    row = letter("twice", "Twice Cells, Inc.")
    with World(tmp_path / "home") as world:
        world.run([row], page(row, "First words."))
        world.run([row], page(row, "Other words."))
        world.run([row], page(row, "First words."))
    digest = sha256(f"{row.url} First words.".encode()).hexdigest()
    with answering(site_over(tmp_path / "home")) as client:
        dates = []
        for day in ("03", "05"):
            answer = client.get(f"/evidence/{digest}.warc.gz?at=2025-01-{day}T06:00:00Z")
            (kept,) = ArchiveIterator(BytesIO(answer.data))
            dates.append(kept.rec_headers.get_header("WARC-Date"))
    assert dates == ["2025-01-03T06:00:00Z", "2025-01-05T06:00:00Z"]


@pytest.mark.parametrize(
    "name",
    [
        "0" * 64,
        "x",
        "../stemwatch.db",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2fstemwatch.db",
        "A" * 64,
        "%00",
        "' OR 1=1",
    ],
)
def test_only_what_the_database_knows_is_given_out(client: Client, name: str) -> None:
    answer = client.get(f"/evidence/{name}.warc.gz".replace(" ", "%20"))
    assert answer.status == HTTPStatus.NOT_FOUND
    assert "Content-Disposition" not in answer.headers


def test_a_moment_that_is_none_is_a_wrong_question(client: Client, letters: Path) -> None:
    digest = captures(letters, CHARA.key)[0]
    assert client.get(f"/evidence/{digest}.warc.gz?at=yesterday").status == HTTPStatus.BAD_REQUEST
    assert client.get(f"/evidence/{digest}.warc.gz?at=1999-01-01T00:00:00Z").status == HTTPStatus.NOT_FOUND


def test_evidence_that_was_altered_is_not_given_out(tmp_path: Path) -> None:
    row = letter("altered", "Altered Cells, Inc.")
    with World(tmp_path / "home") as world:
        world.run([row], page(row))
    digest = captures(tmp_path / "home", row.key)[0]
    for file in (tmp_path / "home" / "evidence").iterdir():
        file.write_bytes(file.read_bytes()[:40] + b"x" * 100)
    with answering(site_over(tmp_path / "home")) as client:
        assert client.get(f"/evidence/{digest}.warc.gz").status == HTTPStatus.INTERNAL_SERVER_ERROR
