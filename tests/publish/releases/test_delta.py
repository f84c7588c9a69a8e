"""A delta, applied to the release it starts from, gives the release it came with, letter by letter."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.apply_delta import KEYS, apply
from publish.releases.clinic_tables import CLINIC_NAMES
from publish.releases.columns import to_line
from publish.releases.delta import entries
from publish.releases.tables import FILES
from stemwatch.dataset import ClinicNameRow
from stemwatch.errors import StemwatchError

RECIPE = Path(__file__).parents[3] / "docs" / "apply_delta.py"
NAMES = st.text(st.sampled_from("ab/-_ é\u2028'\",:{}row\x1f"), max_size=5)
TABLES = st.dictionaries(st.tuples(NAMES, NAMES), st.dates() | st.none(), max_size=12)


def lines(rows: dict[tuple[str, str], Any]) -> list[bytes]:
    return [
        to_line(ClinicNameRow(clinic=clinic, name=name, first_on=rows[clinic, name], last_on=None))
        for clinic, name in sorted(rows)
    ]


@given(TABLES, TABLES)
def test_what_differs_leads_from_any_table_to_any_other(before: Any, after: Any) -> None:
    old, new = lines(before), lines(after)
    found = list(entries(CLINIC_NAMES, old, new))
    rows = {CLINIC_NAMES.key_of(line): line for line in old}
    for entry in found:
        if entry.step == "removed":
            del rows[entry.key]
        else:
            assert (entry.key in rows) == (entry.step == "corrected")
            rows[entry.key] = bytes(entry.row)
    assert [rows[key] for key in sorted(rows)] == new
    same = {key for key, day in before.items() if after.get(key, ...) == day}
    assert len(found) == len((before.keys() | after.keys()) - same)


@given(TABLES, TABLES)
def test_the_recipe_of_the_manual_gives_the_next_release(tmp_path_factory: Any, before: Any, after: Any) -> None:
    folder = tmp_path_factory.mktemp("delta")
    old, delta, new = folder / "old", folder / "delta", folder / "new"
    old.mkdir()
    delta.mkdir()
    (old / "clinic_names.jsonl").write_bytes(b"".join(line + b"\n" for line in lines(before)))
    (old / "SHA256SUMS").write_text("")
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (delta / "delta.json").write_text(json.dumps({"since": "old", "since_sha256": nothing}))
    found = entries(CLINIC_NAMES, lines(before), lines(after))
    (delta / "delta.jsonl").write_bytes(b"".join(msgspec.json.encode(entry) + b"\n" for entry in found))
    apply(old, delta, new)
    assert (new / "clinic_names.jsonl").read_bytes() == b"".join(line + b"\n" for line in lines(after))


def next_release(export: Any) -> Any:
    """The samples a day later: a notice corrected, one new, one gone with what hung on it."""
    views = export.hostile_notices()
    views[3] = msgspec.structs.replace(views[3], title="Corrected, Inc.")
    views[-1:] = [export.notice("950"), export.notice("951")]
    changes = [change for change in export.hostile_changes() if not change.notice.endswith("/900")]
    streams = {"notices": lambda: views, "changes": lambda: changes, "relations": list}
    return export(now=export.now + timedelta(days=1), **streams)


def test_a_release_with_its_delta_follows_from_the_one_before(export: Any, tmp_path: Path) -> None:
    first, second = export().folder, next_release(export).folder
    command = [sys.executable, str(RECIPE), str(first), str(second), str(tmp_path / "new")]
    subprocess.run(command, check=True)
    for table in FILES:
        name = f"{table.name}.jsonl"
        assert (tmp_path / "new" / name).read_bytes() == (second / name).read_bytes()


def test_a_delta_says_what_it_starts_from_and_how_much_it_holds(export: Any) -> None:
    first, second = export().folder, next_release(export).folder
    assert not (first / "delta.json").exists()
    about = json.loads((second / "delta.json").read_bytes())
    assert about["since"] == "2026-01-27"
    assert about["rows"]["notices"] == {"added": 2, "corrected": 1, "removed": 1}
    assert about["rows"]["relations"] == {"added": 0, "corrected": 0, "removed": 2}
    assert "delta.jsonl" in (second / "SHA256SUMS").read_text()


def test_a_delta_is_refused_by_another_release_than_its_own(export: Any, tmp_path: Path) -> None:
    export()
    second = next_release(export).folder
    result = subprocess.run(
        [sys.executable, str(RECIPE), str(second), str(second), str(tmp_path / "new")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "leads on from the release 2026-01-27, which" in result.stderr


def test_no_delta_is_made_from_a_damaged_release(export: Any) -> None:
    first = export().folder
    (first / "labels.jsonl").write_bytes(b"")
    with pytest.raises(StemwatchError, match=r"is damaged: labels\.jsonl does not match SHA256SUMS; restore it"):
        next_release(export)
    assert export.names() == {"2026-01-27", "latest"}


def test_the_same_content_again_is_no_release_although_its_delta_is_empty(export: Any) -> None:
    export()
    second = next_release(export)
    assert not next_release(export).new
    assert json.loads((second.folder / "delta.json").read_bytes())["since"] == "2026-01-27"


def test_rows_out_of_order_are_no_release(export: Any) -> None:
    with pytest.raises(ValueError, match="may not follow"):
        export(notices=lambda: [export.notice("b"), export.notice("a")])
    assert export.names() == set()


def test_the_recipe_knows_every_table_and_its_key() -> None:
    assert {table.name: list(table.key) for table in FILES} == KEYS
