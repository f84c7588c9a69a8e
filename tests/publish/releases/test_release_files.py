"""The files of a release say the same, survive hostile words, and open in the tools of their readers."""

import csv
import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pandas
import pytest
import sqlite_utils

from publish.releases.cells import executable, restore
from publish.releases.columns import FORMAT_VERSION, Table, to_line
from publish.releases.dictionary import rewritten
from publish.releases.release import Release
from publish.releases.tables import CHANGES, EVERY, FILES, NOTICES, TEXTS
from stemwatch.views import ChangeView, NoticeView, View

FILE_NAMES = {
    *("CITATION.cff", "README.txt", "SHA256SUMS", "croissant.json", "datapackage.json", "dataset.jsonld"),
    *(f"{table.name}.{ending}" for table in FILES for ending in ("csv", "jsonl")),
    "stemwatch.db",
}


def csv_rows(folder: Path, table: Table) -> list[list[str]]:
    with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == table.header
    return [[restore(cell) for cell in row] for row in rows]


def database_rows(folder: Path, table: Table) -> list[tuple[Any, ...]]:
    database = sqlite_utils.Database(folder / "stemwatch.db")
    rows = [tuple(row.values()) for row in database[table.name].rows_where(order_by=", ".join(table.key))]
    database.close()
    return rows


def lines(folder: Path, table: Table, view: type[View]) -> list[View]:
    whole = (folder / f"{table.name}.jsonl").read_bytes()
    assert whole.endswith(b"\n")
    return [msgspec.json.decode(line, type=view) for line in whole[:-1].split(b"\n")]


@pytest.mark.parametrize(("table", "view"), [(NOTICES, NoticeView), (CHANGES, ChangeView)])
def test_csv_json_lines_and_sqlite_hold_the_same_rows(export: Any, table: Table, view: type[View]) -> None:
    folder = export().folder
    views = export.hostile_notices() if table is NOTICES else export.hostile_changes()
    assert lines(folder, table, view) == views
    rows = database_rows(folder, table)
    assert rows == [table.row(to_line(view)) for view in views]
    assert csv_rows(folder, table) == [["" if cell is None else str(cell) for cell in row] for row in rows]


def test_a_row_is_flat_and_written_as_json_writes_it(export: Any) -> None:
    row = dict(
        zip(CHANGES.header, CHANGES.row(to_line(export.change(7, export.notice("a"), late=True))), strict=True)
    )
    assert row["change"] == 7
    assert row["posted_on"] == "2026-01-20"
    assert row["issued_on"] is None
    assert row["detected_at"] == "2026-01-20T06:30:01.500000Z"
    assert row["relevance"] == "relevant"
    assert row["score"] == 0.9
    assert row["products"] == '["umbilical_cord","exosome"]'
    assert (
        row["reasons"]
        == '[{"phrase":"umbilical cord","field":"subject","why":"names a product","start":0,"end":0}]'
    )
    assert row["edited"] == "[]"
    assert row["late"] == 1


def test_no_value_is_an_empty_cell_and_null(export: Any) -> None:
    row = dict(
        zip(NOTICES.header, NOTICES.row(to_line(export.notice("a", case_number="", fields={}))), strict=True)
    )
    assert row["case_number"] is None
    assert row["reissued_as"] is None
    assert row["fields"] == "{}"


@pytest.mark.parametrize(("table", "view"), [(NOTICES, NoticeView), (CHANGES, ChangeView)])
def test_every_field_of_a_view_has_a_column(table: Table, view: type[View]) -> None:
    assert {column.path[0] for column in table.columns} == set(view.__struct_fields__)


def test_every_column_is_explained_and_named_once() -> None:
    for table in EVERY:
        assert len(set(table.header)) == len(table.header)
        assert all(column.about.endswith((".", "`.")) for column in table.columns)


def test_the_manual_prints_the_columns_of_the_code() -> None:
    manual = (Path(__file__).parents[3] / "DATA_FORMAT.md").read_text(encoding="utf-8")
    assert rewritten(manual) == manual, "run: python -m publish.releases.dictionary DATA_FORMAT.md"
    assert f"**format version {FORMAT_VERSION}**" in manual


def test_the_order_of_the_keys_of_fields_does_not_change_a_file(export: Any) -> None:
    one = export.notice("a", fields={"office": "o", "subject": "s"})
    other = export.notice("a", fields={"subject": "s", "office": "o"})
    first = export(notices=lambda: [one], changes=list, texts=list)
    second = export(notices=lambda: [other], changes=list, texts=list)
    assert second == Release(first.folder, first.rows, new=False)


def test_no_cell_of_the_csv_files_is_executable(export: Any) -> None:
    folder = export().folder
    for table in FILES:
        with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if executable(cell)]


def test_pandas_opens_csv_and_json_lines(export: Any) -> None:
    folder = export().folder
    cells = pandas.read_csv(folder / "notices.csv", dtype=str, keep_default_na=False)
    objects = pandas.read_json(folder / "notices.jsonl", lines=True, dtype=False)
    titles = [view.title for view in export.hostile_notices()]
    assert list(cells["title"].str.removeprefix("'")) == titles
    assert list(objects["title"]) == titles
    assert list(objects["fields"]) == [json.loads(cell) for cell in cells["fields"]]
    changes = pandas.read_csv(folder / "changes.csv", parse_dates=["detected_at"])
    assert str(changes["detected_at"].dtype).endswith("UTC]")
    assert set(changes["late"]) == {0, 1}


def test_sqlite_utils_finds_a_notice_by_its_words(export: Any) -> None:
    database = sqlite_utils.Database(export().folder / "stemwatch.db")
    texts = database.table("texts")
    assert [row["title"] for row in texts.search("script", quote=True)] == ["<script>alert(1)</script>"]
    assert len(list(texts.search("naive exosomes"))) == len(export.hostile_notices()) - 1
    assert [row["notice"] for row in texts.search('title : "Example Biologics"')] == ["us_fda_warning_letters/900"]
    assert [row["office"] for row in texts.search("office : semicolon")] == ['quote " comma , semicolon ; pipe |']
    database.close()


def test_the_search_index_outlives_a_readers_vacuum(export: Any) -> None:
    database = sqlite_utils.Database(export().folder / "stemwatch.db")
    database.vacuum()
    assert [row["title"] for row in database.table("texts").search("script")] == ["<script>alert(1)</script>"]
    database.execute("INSERT INTO texts_fts (texts_fts) VALUES ('integrity-check')")
    database.close()


def test_the_sqlite_file_has_keys_indexes_and_the_format_version(export: Any) -> None:
    database = sqlite_utils.Database(export().folder / "stemwatch.db")
    assert database.table("notices").pks == ["notice"]
    assert database.table("changes").pks == ["change"]
    for name in ("changes", "texts"):
        keys = [(key.column, key.other_table, key.other_column) for key in database.table(name).foreign_keys]
        assert keys == [("notice", "notices", "notice")]
    assert ["source", "posted_on"] in [index.columns for index in database.table("notices").indexes]
    assert ["notice"] in [index.columns for index in database.table("changes").indexes]
    assert database.execute("PRAGMA user_version").fetchone() == (FORMAT_VERSION,)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database["texts"].count == len(export.hostile_notices()) - 1 + 1
    database.close()


def test_every_notice_can_be_searched_and_one_without_page_has_no_text(export: Any) -> None:
    rows = database_rows(export().folder, TEXTS)
    assert rows[-1] == ("us_fda_warning_letters/900", "Example Biologics, Inc.", None, None, None)
    assert rows[0][-1] == "About =1+1, with naïve exosomes."


def test_a_text_whose_notice_is_missing_is_left_out(export: Any) -> None:
    folder = export(notices=lambda: [export.notice("a")], changes=list, texts=lambda: [("x/y", "gone")]).folder
    assert [row[0] for row in database_rows(folder, TEXTS)] == ["us_fda_warning_letters/a"]


def test_sha256sums_holds_every_file_and_sha256sum_accepts_it(export: Any) -> None:
    folder = export().folder
    assert {path.name for path in folder.iterdir()} == FILE_NAMES
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == FILE_NAMES - {"SHA256SUMS"}
    assert sums == {name: sha256((folder / name).read_bytes()).hexdigest() for name in sums}
    if program := shutil.which("sha256sum"):
        subprocess.run([program, "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


def test_the_readme_says_what_was_looked_at_and_what_may_have_changed(export: Any) -> None:
    never = msgspec.structs.replace(
        export.source, source="gb_mhra_alerts", last_ok_at=None, newest_on=None, verdict=None, reason="a\nb"
    )
    text = (export(sources=[never, export.source]).folder / "README.txt").read_text(encoding="utf-8")
    assert text.startswith("Stemwatch: release of 2026-01-27\n")
    assert "last good check: 2026-01-26 06:00 UTC" in text
    assert "newest notice:   2026-01-20" in text
    assert "blocked, the site answered with an apology page" in text
    assert "last good check: never" in text
    assert "may have been resolved since" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 110


def test_an_empty_store_gives_empty_tables_that_open(export: Any) -> None:
    release = export(**dict.fromkeys([table.name for table in (*FILES, TEXTS)], list) | {"sources": []})
    assert release.rows == dict.fromkeys([table.name for table in (*FILES, TEXTS)], 0)
    assert len(pandas.read_csv(release.folder / "changes.csv")) == 0
    assert (release.folder / "notices.jsonl").read_bytes() == b""
    assert database_rows(release.folder, CHANGES) == []
