"""A recorded moment is what the site answered, readable by a person and by a replay."""

import gzip
import json
from pathlib import Path
from typing import Any

from spiders.common.recording import save_moment
from stemwatch.bundle import Bundle, BundleWriter, Report
from tests.spiders.listing import NOW, SOURCE, URL

PACKED = [
    ("Content-Type", "application/json"),
    ("Content-Encoding", "gzip"),
    ("Set-Cookie", "a=b"),
    ("X-Total", "3"),
]


def bundle(folder: Path, *answers: tuple[str, int, list[tuple[str, str]], bytes]) -> Bundle:
    """A bundle of a crawl that was answered so."""
    report = Report(run="crawl", source=SOURCE.name, revision=1, started_at=NOW, finished_at=NOW, seconds=0.0)
    with BundleWriter(folder / "work") as writer:
        for url, status, headers, body in answers:
            writer.capture(url=url, status=status, headers=headers, body=body, fetched_at=NOW)
        return Bundle(writer.finish(report, folder / "inbox"))


def moment(folder: Path) -> Any:
    return json.loads((folder / "moment.json").read_text(encoding="utf-8"))


def test_bodies_are_unpacked_and_headers_of_the_way_left_out(tmp_path: Path) -> None:
    save_moment(bundle(tmp_path, (URL, 200, PACKED, gzip.compress(b"[]"))), tmp_path / "moment", details=3)
    recorded = moment(tmp_path / "moment")
    (response,) = recorded["responses"]
    assert response["headers"] == {"Content-Type": "application/json", "X-Total": "3"}
    assert (tmp_path / "moment" / response["file"]).read_bytes() == b"[]"
    assert (recorded["at"], recorded["options"]) == (NOW.isoformat(), {"details": 3})


def test_an_answer_other_than_200_keeps_its_status_and_an_address_its_last_answer(tmp_path: Path) -> None:
    moved = [("Location", "/elsewhere")]
    once = (URL, 200, PACKED[:1], b"first")
    save_moment(
        bundle(tmp_path, once, (URL + "/a", 302, moved, b""), (URL, 200, PACKED[:1], b"last")), tmp_path / "m"
    )
    first, second = moment(tmp_path / "m")["responses"]
    assert (tmp_path / "m" / first["file"]).read_bytes() == b"last"
    assert (second["status"], second["headers"]) == (302, {"Location": "/elsewhere"})


def test_recording_anew_removes_what_was_recorded_before_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "moment"
    save_moment(
        bundle(tmp_path / "1", (URL, 200, PACKED[:1], b"{}"), (URL + "/old", 200, PACKED[:1], b"{}")), folder
    )
    (folder / "expected.jsonl").write_text("", encoding="utf-8")
    save_moment(bundle(tmp_path / "2", (URL, 200, PACKED[:1], b"[]")), folder)
    assert {path.name for path in folder.iterdir()} == {"moment.json", "expected.jsonl", "01-list.json"}
