"""Evidence: the bytes that travelled, found again by position and digest."""

from datetime import timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from stemwatch.errors import StemwatchError
from stemwatch.evidence import EvidenceWriter, holds, read_body
from stemwatch.records import Capture
from tests.store.builders import SITE, START


def write(path: Path, *bodies: bytes, **other: Any) -> list[Capture]:
    values: dict[str, Any] = {"url": SITE, "status": 200, "headers": [], "fetched_at": START, **other}
    with path.open("wb") as file:
        writer = EvidenceWriter(file)
        return [writer.write(body=body, **values) for body in bodies]


def members(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    with path.open("rb") as file:
        return [
            (record.rec_type, dict((record.http_headers or record.rec_headers).headers), record.raw_stream.read())
            for record in ArchiveIterator(file)
        ]


@given(bodies=st.lists(st.binary(max_size=300), min_size=1, max_size=4))
def test_bytes_come_back_as_they_travelled(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("warc") / "x.warc.gz"
    for body, capture in zip(bodies, write(path, *bodies), strict=True):
        assert read_body(path, capture.offset, capture.length) == body
        assert capture.sha256 == sha256(body).hexdigest()
        assert holds(path, capture) == ""


def test_a_compressed_body_is_kept_compressed(tmp_path: Path) -> None:
    body = bytes.fromhex("1f8b0800000000000003")
    (capture,) = write(tmp_path / "x", body, headers=[("Content-Encoding", "gzip")])
    assert read_body(tmp_path / "x", capture.offset, capture.length) == body


def test_headers_of_the_transfer_are_dropped_and_others_kept(tmp_path: Path) -> None:
    headers = [("Transfer-Encoding", "chunked"), ("Connection", "close"), ("ETag", '"1"'), ("X-Name", "España")]
    write(tmp_path / "x", b"5\r\nhello", headers=headers)
    ((_, kept, body),) = members(tmp_path / "x")
    assert set(kept) == {"ETag", "X-Name"}
    assert body == b"5\r\nhello"


def test_the_form_of_a_post_is_kept_beside_its_answer(tmp_path: Path) -> None:
    captures = write(tmp_path / "x", b"one", b"two", request=("POST", b"start=0&length=500"))
    found = [(kind, body) for kind, _, body in members(tmp_path / "x")]
    assert found == [
        (kind, body)
        for answer in (b"one", b"two")
        for kind, body in (("response", answer), ("request", b"start=0&length=500"))
    ]
    assert [holds(tmp_path / "x", capture) for capture in captures] == ["", ""]


def test_a_get_keeps_no_request(tmp_path: Path) -> None:
    write(tmp_path / "x", b"one")
    assert [kind for kind, _, _ in members(tmp_path / "x")] == ["response"]


def test_the_time_is_written_in_utc(tmp_path: Path) -> None:
    write(tmp_path / "x", b"one", fetched_at=START.astimezone(timezone(timedelta(hours=5))))
    with (tmp_path / "x").open("rb") as file:
        record = next(iter(ArchiveIterator(file)))
        assert record.rec_headers.get_header("WARC-Date") == "2025-01-02T06:00:00Z"


def test_an_altered_byte_is_found_wherever_it_lies_but_in_what_gzip_itself_ignores(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    (capture,) = write(path, b"a body that nobody may change")
    whole = path.read_bytes()
    unnoticed = []
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :])
        finding = holds(path, capture)
        if finding:
            assert "x.warc.gz" in finding
            assert "\n" not in finding
        else:
            unnoticed.append(position)
    assert set(unnoticed) <= set(range(4, 10)), "The time, level and system of RFC 1952."


def test_another_address_or_time_in_a_sound_record_is_found(tmp_path: Path) -> None:
    (capture,) = write(tmp_path / "x", b"one")
    for other in ({"url": "https://www.fda.gov/elsewhere"}, {"fetched_at": START + timedelta(days=1)}):
        assert "was altered at byte 0" in holds(tmp_path / "x", msgspec.structs.replace(capture, **other))


@pytest.mark.parametrize("url", ["https://www.mhlw.go.jp/stf/再生医療.html", "https://x.example/a?b=c d&e=%E5|f"])
def test_an_address_in_any_script_is_kept_as_it_is(tmp_path: Path, url: str) -> None:
    (capture,) = write(tmp_path / "x", b"one", url=url)
    assert holds(tmp_path / "x", capture) == ""


def test_another_body_at_its_place_is_named(tmp_path: Path) -> None:
    (capture,) = write(tmp_path / "x", b"before")
    (other,) = write(tmp_path / "y", b"after!")
    moved = msgspec.structs.replace(other, sha256=capture.sha256)
    assert holds(tmp_path / "y", moved) == f"The evidence file y was altered at byte 0: {SITE} differs."


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (capture,) = write(tmp_path / "x", b"one")
    assert holds(tmp_path / "none", capture) == "The evidence file none is missing."


@pytest.mark.parametrize("offset", [1, 10_000])
def test_a_wrong_position_is_named(tmp_path: Path, offset: int) -> None:
    (capture,) = write(tmp_path / "x", b"one")
    with pytest.raises(StemwatchError, match=f"byte {offset}"):
        read_body(tmp_path / "x", offset, capture.length)


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    (capture,) = write(tmp_path / "x", b"one" * 100)
    whole = (tmp_path / "x").read_bytes()
    (tmp_path / "x").write_bytes(whole[: len(whole) // 2])
    assert holds(tmp_path / "x", capture) != ""
