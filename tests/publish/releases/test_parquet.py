"""Parquet files hold the rows of the other formats with types of their own, and open in pandas and DuckDB."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest

from publish.releases.columns import to_line
from publish.releases.parquet import written_beside
from publish.releases.release import Release
from publish.releases.tables import CHANGES, FILES, NOTICES
from stemwatch.errors import StemwatchError
from tests.publish.conftest import Export, hostile_changes, hostile_notices
from tests.publish.releases.test_release import contents, files_no_larger_than


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Export(tmp_path_factory.mktemp("releases"))(parquet=True)


def asked(sql: str, path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(sql, [str(path)]).fetchall()


@pytest.mark.parametrize("table", FILES, ids=lambda table: table.name)
def test_duckdb_reads_the_same_from_every_format(release: Release, table: Any) -> None:
    path = release.folder / table.name
    order = ", ".join(f'"{name}"' for name in table.key)
    ways = {
        "csv": "read_csv(?, all_varchar = true, header = true, quote = '\"', escape = '\"', delim = ',')",
        "jsonl": "read_json(?, format = 'newline_delimited')",
        "parquet": "read_parquet(?)",
    }
    count = [(release.rows[table.name],)]
    for ending, way in ways.items():
        assert asked(f"SELECT count(*) FROM {way}", path.with_suffix(f".{ending}")) == count
    keys = asked(f"SELECT {order} FROM read_parquet(?)", path.with_suffix(".parquet"))
    assert keys == sorted(keys)


def test_cells_of_parquet_are_those_of_sqlite_with_dates_and_times(release: Release) -> None:
    rows = asked("SELECT * FROM read_parquet(?)", release.folder / "changes.parquet")
    for row, view in zip(rows, hostile_changes(), strict=True):
        flat = dict(zip(CHANGES.header, CHANGES.row(to_line(view)), strict=True))
        held = dict(zip(CHANGES.header, row, strict=True))
        assert held["late"] is view.late
        assert held["posted_on"] == view.posted_on == date(2026, 1, 20)
        assert isinstance(held["detected_at"], datetime)
        assert held["detected_at"].astimezone(view.detected_at.tzinfo) == view.detected_at
        same = flat.keys() - {"late", "posted_on", "issued_on", "detected_at"}
        assert {name: held[name] for name in same} == {name: flat[name] for name in same}


def test_pandas_opens_parquet(release: Release) -> None:
    frame = pandas.read_parquet(release.folder / "notices.parquet")
    assert list(frame.columns) == list(NOTICES.header)
    assert list(frame["title"]) == [view.title for view in hostile_notices()]
    assert [json.loads(cell) for cell in frame["fields"]] == [view.fields for view in hostile_notices()]


def test_parquet_files_are_byte_identical_and_summed(export: Any, tmp_path: Path) -> None:
    first, second = export(parquet=True).folder, export.into(tmp_path / "b")(parquet=True).folder
    assert contents(first) == contents(second)
    sums = (first / "SHA256SUMS").read_text()
    assert all(f"  {table.name}.parquet\n" in sums for table in FILES)


def test_a_release_without_parquet_has_no_such_file_and_says_so(export: Any) -> None:
    folder = export().folder
    assert not list(folder.glob("*.parquet"))
    assert "Parquet" not in (folder / "README.txt").read_text(encoding="utf-8")


def test_a_disk_that_takes_no_parquet_is_told(tmp_path: Path) -> None:
    lines = {table.name: b"" for table in FILES}
    for name, text in lines.items():
        (tmp_path / f"{name}.jsonl").write_bytes(text)
    with pytest.raises(OSError, match="File too large"), files_no_larger_than(0), written_beside(tmp_path):
        pass


def test_lines_that_are_no_rows_are_told_in_one_sentence(tmp_path: Path) -> None:
    for table in FILES:
        (tmp_path / f"{table.name}.jsonl").write_bytes(b"{}\n")
    with (
        pytest.raises(StemwatchError, match=r"could not be written: KeyError: 'source'\."),
        written_beside(tmp_path),
    ):
        pass
