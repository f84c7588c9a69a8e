"""What a release says of itself is true, and holds before the validators of those who read it."""

import json
import logging
from hashlib import sha256
from typing import Any

import mlcroissant
import msgspec
import pytest
import yaml
from frictionless import validate

from publish.releases.release import Release
from publish.releases.tables import FILES
from tests.publish.conftest import Export


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return Export(tmp_path_factory.mktemp("releases"))(parquet=True)


def test_frictionless_finds_every_row_as_the_data_package_says(release: Release) -> None:
    report = validate(str(release.folder / "datapackage.json"))
    assert report.flatten(["type", "note"]) == []
    assert [task.name for task in report.tasks] == [table.name for table in FILES]


def test_frictionless_finds_a_row_that_is_not_as_the_data_package_says(export: Any) -> None:
    folder = export().folder
    cells = folder / "labels.csv"
    cells.write_bytes(cells.read_bytes().replace(b"2026-01-27T", b"yesterday T"))
    assert not validate(str(folder / "datapackage.json")).valid


def test_croissant_is_sound_and_its_records_can_be_read(
    release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(str(release.folder / "croissant.json"))
    assert caplog.messages == []
    assert not dataset.metadata.issues.errors
    for table in FILES:
        records = list(dataset.records(table.name))
        assert len(records) == release.rows[table.name]
        assert {name.partition("/")[2] for name in records[0]} == set(table.header)


@pytest.mark.parametrize(
    ("name", "listed"), [("croissant.json", "distribution"), ("dataset.jsonld", "distribution")]
)
def test_every_data_file_is_named_with_its_checksum(release: Release, name: str, listed: str) -> None:
    about = json.loads((release.folder / name).read_bytes())
    found = {file["contentUrl"]: file["sha256"] for file in about[listed]}
    data = [path for path in release.folder.iterdir() if path.suffix in (".csv", ".jsonl", ".parquet", ".db")]
    assert found == {path.name: sha256(path.read_bytes()).hexdigest() for path in data}
    assert len(found) == 3 * len(FILES) + 1


def test_the_licence_of_every_source_is_told(export: Any) -> None:
    other = msgspec.structs.replace(export.source, source="gb_list", licence="Open Government Licence v3.0")
    folder = export(sources=[other, export.source]).folder
    licences = ["Open Government Licence v3.0", "Public domain (17 U.S.C. 105)"]
    package = json.loads((folder / "datapackage.json").read_bytes())
    assert [source["licence"] for source in package["sources"]] == licences
    linked = json.loads((folder / "dataset.jsonld").read_bytes())
    assert linked["license"] == licences
    assert [source["license"] for source in linked["isBasedOn"]] == licences
    text = (folder / "README.txt").read_text(encoding="utf-8")
    assert all(f"terms:           {licence}" in text for licence in licences)


def test_the_citation_names_the_release(release: Release) -> None:
    cff = yaml.safe_load((release.folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cff["cff-version"], cff["type"], cff["version"]) == ("1.2.0", "dataset", "2026-01-27")
    assert cff["date-released"] == "2026-01-27"
    assert {"message", "title", "authors"} <= cff.keys()
    text = " ".join((release.folder / "README.txt").read_text(encoding="utf-8").split())
    assert "Stemwatch (2026). Stemwatch: regulators' notices" in text


def test_no_metadata_file_holds_a_path_of_this_machine(release: Release) -> None:
    for path in release.folder.iterdir():
        if path.suffix in (".json", ".jsonld", ".txt", ".cff"):
            assert str(release.folder.parent) not in path.read_text(encoding="utf-8")
