"""A bundle is there whole or not at all, and a damaged one is never believed."""

import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stemwatch.bundle import CAPTURES, FORMAT, RECORDS, REPORT, Bundle, BundleWriter, Report, seal
from stemwatch.errors import StemwatchError
from tests.store.builders import CHARA, KIMERA, NAME, START, answer


def report(**values: Any) -> Report:
    fixed: dict[str, Any] = {"run": "run-1", "source": NAME, "revision": 1, "seconds": 1.0}
    return Report(started_at=START, finished_at=START, **{**fixed, **values})


def written(folder: Path) -> Path:
    with BundleWriter(folder / "work") as writer:
        writer.add(CHARA)
        answer(writer, CHARA.url, b"a body", START)
        writer.add(KIMERA)
        return writer.finish(report(), folder / "inbox")


def rewrite(path: Path, **members: bytes) -> None:
    """Replace members of a bundle the way a careless tool would: the ZIP file itself stays sound."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**content, **{name.replace("_", "."): data for name, data in members.items()}}.items():
            archive.writestr(name, data)


def refused(path: Path) -> str:
    with pytest.raises(StemwatchError) as error:
        list(Bundle(path).lines())
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_bundle_gives_back_its_records_in_order(tmp_path: Path) -> None:
    bundle = Bundle(written(tmp_path))
    records = [record for record, _ in bundle.lines()]
    assert (records[0], records[-1], len(records)) == (CHARA, KIMERA, 3)
    assert (bundle.report.run, sorted(bundle.report.digests)) == ("run-1", [CAPTURES, RECORDS])


def test_nothing_is_in_the_inbox_before_the_bundle_is_finished(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    with BundleWriter(tmp_path / "work") as writer:
        writer.add(CHARA)
        assert not inbox.exists()
        path = writer.finish(report(), inbox)
    assert list(inbox.iterdir()) == [path]
    assert list((tmp_path / "work").iterdir()) == []


def test_a_crawl_that_fails_leaves_nothing_in_the_inbox(tmp_path: Path) -> None:
    def fail() -> None:
        with BundleWriter(tmp_path / "work") as writer:
            writer.add(CHARA)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not (tmp_path / "inbox").exists()


def test_the_report_of_a_crawl_that_died_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    bundle = Bundle(seal(report(stopped="crashed", reason="Killed."), tmp_path / "work", tmp_path / "inbox"))
    assert (bundle.report.stopped, list(bundle.lines())) == ("crashed", [])
    assert not bundle.extract_captures(tmp_path / "evidence" / "x.warc.gz")
    assert not (tmp_path / "evidence").exists()


def test_the_captures_are_copied_out_whole(tmp_path: Path) -> None:
    path, target = written(tmp_path), tmp_path / "evidence" / "run-1.warc.gz"
    assert Bundle(path).extract_captures(target)
    with zipfile.ZipFile(path) as archive:
        assert target.read_bytes() == archive.read(CAPTURES)
    assert list(target.parent.iterdir()) == [target]


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none.bundle") in refused(tmp_path / "none.bundle")


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_zip_file_is_corrupt(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.bundle"
    path.write_bytes(content)
    assert refused(path).startswith("The bundle x.bundle is corrupt: ")


def test_a_bundle_cut_anywhere_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 37):
        path.write_bytes(whole[:length])
        assert "is corrupt" in refused(path)


@pytest.mark.parametrize("mask", [0x01, 0xFF])
def test_a_bundle_with_any_byte_flipped_is_refused_or_says_the_same(tmp_path: Path, mask: int) -> None:
    path = written(tmp_path)
    whole, before = path.read_bytes(), Bundle(path)
    lines = list(before.lines())
    for position in range(len(whole)):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ mask]) + whole[position + 1 :])
        with suppress(StemwatchError):
            altered = Bundle(path)
            assert (altered.report, list(altered.lines())) == (before.report, lines), position


@pytest.mark.parametrize("member", ["records_jsonl", "captures_warc_gz"])
def test_an_altered_member_is_refused_by_its_digest(tmp_path: Path, member: str) -> None:
    path = written(tmp_path)
    name = member.replace("_", ".")
    with zipfile.ZipFile(path) as archive:
        data = archive.read(name)
    rewrite(path, **{member: data[:-1] + b"x"})
    assert refused(path) == f"The bundle run-1.bundle is corrupt: {name} was altered."


def test_a_missing_member_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    with zipfile.ZipFile(path) as archive:
        data = archive.read(REPORT)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(REPORT, data)
    assert "is corrupt" in refused(path)


def test_a_line_cut_short_by_its_writer_is_named_by_number(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "work") as writer:
        writer.add(CHARA)
        writer._records.write(b'{"type":"listed","key":"cut')
        path = writer.finish(report(), tmp_path / "inbox")
    assert refused(path).startswith("The bundle run-1.bundle is corrupt: line 2 of records.jsonl: ")


@pytest.mark.parametrize("more", [{}, {"mood": "good"}, {"stopped": "bored"}])
def test_a_newer_format_asks_for_an_upgrade_whatever_it_holds(tmp_path: Path, more: dict[str, str]) -> None:
    path = written(tmp_path)
    newer = {**msgspec.to_builtins(Bundle(path).report), "format": FORMAT + 1, **more}
    rewrite(path, run_json=msgspec.json.encode(newer))
    assert refused(path) == (
        f"The bundle run-1.bundle has format {FORMAT + 1}, but this Stemwatch reads up to {FORMAT}: upgrade it."
    )


@pytest.mark.parametrize("content", [b"[]", b"{}", b"not json", b'{"run": 5}'])
def test_a_report_that_is_none_is_corrupt(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path)
    rewrite(path, run_json=content)
    assert "is corrupt" in refused(path)


@pytest.mark.parametrize("run", ["../../escaped", "/etc/escaped", "a/b", "..", "", "a\x00b", "x" * 200])
def test_a_run_id_that_could_name_a_file_elsewhere_is_refused(tmp_path: Path, run: str) -> None:
    path = written(tmp_path)
    rewrite(path, **{REPORT: msgspec.json.encode(report(run=run))})
    assert "which no crawl gives" in refused(path)
