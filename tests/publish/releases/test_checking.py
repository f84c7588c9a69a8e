"""What was planted in a release is found by its name; sound releases are not doubted."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from publish.releases.checking import check_releases
from publish.releases.files import CHECKSUMS


@pytest.fixture
def release(export: Any) -> Path:
    """The newer of two releases."""
    export()
    made: Path = export(now=export.now + timedelta(days=1)).folder
    return made


def findings(release: Path) -> list[str]:
    found = list(check_releases(release.parent))
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found)
    return found


def test_sound_releases_hold(release: Path) -> None:
    assert findings(release) == []


def test_every_file_of_a_release_is_watched(release: Path) -> None:
    for path in sorted(release.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(whole + b"!")
        assert findings(release), path.name
        path.write_bytes(whole)
    assert findings(release) == []


def test_a_missing_and_a_foreign_file_are_named(release: Path) -> None:
    (release / "notices.csv").unlink()
    (release / "more.csv").write_text("")
    assert findings(release) == [
        f"The release {release} holds more.csv, of which {CHECKSUMS} knows nothing.",
        f"The release {release} lacks 'notices.csv'.",
    ]


def test_a_folder_in_the_place_of_a_file_is_named(release: Path) -> None:
    (release / "notices.csv").unlink()
    (release / "notices.csv").mkdir()
    assert findings(release) == [f"In the release {release}, notices.csv was altered."]


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b""])
def test_checksums_that_are_gone_or_garbled_are_named(release: Path, content: bytes | None) -> None:
    (release / CHECKSUMS).unlink()
    if content is not None:
        (release / CHECKSUMS).write_bytes(content)
    assert all(CHECKSUMS in finding for finding in findings(release))
    assert findings(release)


def test_a_link_to_nowhere_and_a_folder_without_releases_are_named(release: Path, tmp_path: Path) -> None:
    latest = release.parent / "latest"
    latest.unlink()
    latest.symlink_to("2001-01-01")
    assert findings(release) == [f"{latest} leads to no release."]
    assert list(check_releases(tmp_path / "none")) != []
    (tmp_path / "empty").mkdir()
    assert list(check_releases(tmp_path / "empty")) == [f"There is no release in {tmp_path / 'empty'}."]
