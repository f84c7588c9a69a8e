"""What was planted is found; what is sound is not doubted."""

from datetime import date
from pathlib import Path

import pytest

from stemwatch.store import Store
from tests.store.builders import CHARA, KIMERA, NAME, World, changed, letter, look, page


@pytest.fixture
def filled(world: World) -> World:
    world.run([CHARA, KIMERA], page(CHARA, "Words."))
    return world


def findings(world: World) -> list[str]:
    found = list(world.store.verify())
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found)
    return found


def evidence(world: World) -> Path:
    return world.home / "evidence" / "run-001.warc.gz"


def test_a_life_of_every_kind_of_change_holds(filled: World) -> None:
    closed = changed(CHARA, closed_out_on=date(2025, 6, 3), closed_out_url="https://www.fda.gov/closed")
    filled.run([closed, KIMERA], page(closed, "Closed.", "closeout"))
    filled.broken([closed, letter("new")], page(letter("new")))
    for _ in range(3):
        filled.run([closed, letter("new")], look(KIMERA, "gone"))
    filled.run([closed, letter("new"), changed(KIMERA, subject="HCT/P")], page(closed, "Edited."))
    assert [change.verb for change in filled.store.changes()].count("relisted") == 1
    assert findings(filled) == []


def test_an_altered_evidence_file_is_found(filled: World) -> None:
    whole = evidence(filled).read_bytes()
    evidence(filled).write_bytes(whole[: len(whole) // 2] + bytes(50) + whole[len(whole) // 2 + 50 :])
    found = findings(filled)
    assert found
    assert all("run-001.warc.gz" in sentence for sentence in found)


def test_a_missing_evidence_file_is_found(filled: World) -> None:
    evidence(filled).unlink()
    assert findings(filled) == ["The evidence file run-001.warc.gz is missing."] * 2


def test_a_notice_and_a_page_without_proof_are_found(filled: World) -> None:
    filled.store.db.execute("DELETE FROM captures")
    assert sorted(findings(filled)) == [
        f"The notice of {NAME}/{CHARA.key} has no evidence.",
        f"The notice of {NAME}/{KIMERA.key} has no evidence.",
        f"The notice page of {NAME}/{CHARA.key} has no evidence.",
    ]


def test_a_row_that_points_nowhere_is_found(filled: World) -> None:
    filled.store.db.execute("PRAGMA foreign_keys = OFF")
    filled.store.db.execute("DELETE FROM runs")
    assert any("points at a missing row of runs" in sentence for sentence in findings(filled))


def test_a_damaged_database_is_found(world: World) -> None:
    world.run([letter(f"firm-{number}", f"Firm {number}") for number in range(300)])
    sql = "SELECT rootpage FROM sqlite_master WHERE name = 'notices_by_label'"
    start = 4096 * (world.store.db.execute(sql).fetchone()[0] - 1)
    world.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    world.store.close()
    path = world.home / "stemwatch.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:start] + b"\xff" * 64 + whole[start + 64 :])
    with Store(world.home, world.store.sources) as store:
        assert any("database" in finding for finding in store.verify())
