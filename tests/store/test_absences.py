"""Absence is a claim: three good runs and a look; a reissue is one change."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from stemwatch.records import Expectations
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, START, SURGENEX, World, changed, letter, look

OLD = letter("prodx-health-720762-01082026", "ProDx Health", case_number="720762", posted_on=date(2026, 1, 20))
NEW = letter("prodx-health-720762-02102026", "PRODX HEALTH", case_number="720762", posted_on=date(2026, 2, 10))
TWIN = letter("prodx-health-720762-01082026-0", "ProDx Health", case_number="720762", posted_on=date(2026, 1, 20))
GONE = look(OLD, "gone")


@pytest.mark.parametrize("outcome", ["gone", "alive"])
def test_delisted_only_after_three_good_runs_and_a_look(world: World, outcome: str) -> None:
    world.run([CHARA, KIMERA])
    assert world.run([CHARA]) == []
    assert world.run([CHARA]) == []
    assert world.run([CHARA], look(KIMERA, outcome)) == [f"delisted {KIMERA.key}"]
    assert world.run([CHARA]) == []
    notice = world.notice(KIMERA)
    assert (notice.status, notice.absent_since) == ("delisted", START.date().replace(day=4))


def test_without_the_look_delisting_waits(world: World) -> None:
    world.run([CHARA, KIMERA])
    for _ in range(5):
        assert world.run([CHARA]) == []
    assert world.run([CHARA], look(KIMERA, "failed", why="500")) == []
    assert world.run([CHARA], look(KIMERA, "gone")) == [f"delisted {KIMERA.key}"]


def test_a_look_before_the_third_run_is_not_enough(world: World) -> None:
    world.run([CHARA, KIMERA])
    assert world.run([CHARA], look(KIMERA, "gone")) == []
    assert world.run([CHARA], look(KIMERA, "gone")) == []


def test_presence_in_between_starts_the_count_anew(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CHARA])
    world.run([CHARA])
    world.broken([KIMERA])
    assert world.notice(KIMERA).absent_since is None
    for _ in range(2):
        assert world.run([CHARA], look(KIMERA, "gone")) == []
    assert world.run([CHARA], look(KIMERA, "gone")) == [f"delisted {KIMERA.key}"]


def test_an_untrusted_run_counts_no_absence(world: World) -> None:
    world.run([CHARA, KIMERA])
    for _ in range(5):
        assert world.broken([CHARA], look(KIMERA, "gone")) == []
    assert world.store.known(NAME).notices[KIMERA.key].absent == 0


def test_an_older_bundle_counts_no_absence_and_forgives_none(world: World) -> None:
    world.run([CHARA, KIMERA])
    without, with_it = world.bundle([CHARA]), world.bundle([CHARA, KIMERA])
    world.run([CHARA])
    world.apply(without)
    assert world.store.known(NAME).notices[KIMERA.key].absent == 1
    world.apply(with_it)
    assert world.store.known(NAME).notices[KIMERA.key].absent == 1


def delist(world: World) -> None:
    world.run([CHARA, KIMERA])
    for _ in range(2):
        world.run([CHARA])
    world.run([CHARA], look(KIMERA, "gone"))


def test_what_comes_back_is_relisted_once(world: World) -> None:
    delist(world)
    assert world.run([CHARA, KIMERA]) == [f"relisted {KIMERA.key}"]
    assert world.run([CHARA, KIMERA]) == []
    notice = world.notice(KIMERA)
    assert (notice.status, notice.absent_since) == ("listed", None)


def test_what_comes_back_edited_is_one_relisted_that_names_the_edit(world: World) -> None:
    delist(world)
    assert world.run([CHARA, changed(KIMERA, subject="HCT/P")]) == [f"relisted {KIMERA.key}"]
    assert world.edited() == [("subject", "Deviations/CGMP", "HCT/P")]


def test_an_older_bundle_relists_nothing(world: World) -> None:
    world.run([CHARA, KIMERA])
    late = world.bundle([CHARA, KIMERA])
    for _ in range(3):
        world.run([CHARA], look(KIMERA, "gone"))
    assert world.notice(KIMERA).status == "delisted"
    assert world.apply(late) == []
    assert world.notice(KIMERA).status == "delisted"


def test_the_look_that_delisted_is_kept_as_evidence_of_its_notice(world: World) -> None:
    world.run([CHARA, KIMERA, SURGENEX])
    for _ in range(3):
        world.run([CHARA], look(KIMERA, "gone"), look(SURGENEX, "gone"))
    for row in (KIMERA, SURGENEX):
        evidence = world.store.dossier(f"{NAME}/{row.key}").evidence
        assert [capture.status for capture in evidence if capture.url == row.url] == [404]
    assert list(world.store.verify()) == []


def test_a_window_list_neither_delists_nor_reissues(tmp_path_factory: pytest.TempPathFactory) -> None:
    window = msgspec.structs.replace(SOURCE, list="window")
    with World(tmp_path_factory.mktemp("home"), window) as world:
        world.run([CHARA, OLD])
        for _ in range(4):
            assert set(world.run([CHARA, NEW], GONE)) <= {f"added {NEW.key}"}
        assert world.notice(OLD).status == "listed"


def test_a_reissue_is_one_change_that_ties_both(world: World) -> None:
    world.run([CHARA, OLD])
    assert world.run([NEW, CHARA], GONE) == [f"reissued {NEW.key}"]
    change = world.last()
    assert (change.related, change.cause) == (f"{NAME}/{OLD.key}", "source")
    old = world.notice(OLD)
    assert (old.status, old.reissued_as) == ("reissued", f"{NAME}/{NEW.key}")
    for _ in range(4):
        assert world.run([NEW, CHARA], GONE) == []


def test_a_reissue_noticed_late_is_told_when_the_old_one_is_found_gone(world: World) -> None:
    world.run([CHARA, OLD])
    assert world.broken([NEW, CHARA], GONE) == [f"added {NEW.key}"]
    assert world.run([NEW, CHARA]) == []
    assert world.run([NEW, CHARA], GONE) == [f"reissued {NEW.key}"]
    assert world.last().related == f"{NAME}/{OLD.key}"


def test_a_new_letter_is_no_reissue_while_the_old_address_lives(world: World) -> None:
    world.run([CHARA, OLD])
    assert world.run([NEW, CHARA], look(OLD, "alive")) == [f"added {NEW.key}"]


def test_a_reissued_notice_that_comes_back_is_simply_listed_again(world: World) -> None:
    world.run([CHARA, OLD])
    world.run([NEW, CHARA], GONE)
    assert world.run([NEW, CHARA, OLD]) == [f"relisted {OLD.key}"]
    notice = world.notice(OLD)
    assert (notice.status, notice.reissued_as, notice.absent_since) == ("listed", None, None)


@pytest.mark.parametrize("leaves", [OLD, TWIN])
def test_twins_never_reissue_each_other(world: World, leaves: msgspec.Struct) -> None:
    world.run([CHARA, OLD, TWIN])
    rest = [row for row in (CHARA, OLD, TWIN) if row is not leaves]
    row = OLD if leaves is OLD else TWIN
    brought = [world.run(rest, look(row, "gone")) for _ in range(3)]
    assert brought == [[], [], [f"delisted {row.key}"]]


def test_a_twin_that_appears_beside_its_letter_is_added(world: World) -> None:
    world.run([CHARA, OLD])
    assert world.run([CHARA, OLD, TWIN]) == [f"added {TWIN.key}"]


def test_firms_that_share_a_case_number_never_reissue_each_other(world: World) -> None:
    sugar = letter("sugar-vapor-613223", "Sugar Vapor", case_number="613223")
    dc = letter("dc-vapor-613223", "DC Vapor", case_number="613223")
    world.run([CHARA, sugar])
    assert world.run([CHARA, dc], look(sugar, "gone")) == [f"added {dc.key}"]


def test_letters_without_a_case_number_never_reissue_each_other(world: World) -> None:
    old, new = letter("hims-09092025", "Hims & Hers"), letter("hims-10102025", "Hims & Hers")
    world.run([CHARA, old])
    assert world.run([CHARA, new], look(old, "gone")) == [f"added {new.key}"]


def test_a_window_list_whose_items_age_out_stays_believable(tmp_path: Path) -> None:
    feed = msgspec.structs.replace(SOURCE, list="window", expectations=Expectations())
    with World(tmp_path, feed) as world:
        for first in range(0, 40, 5):
            world.run([letter(f"item-{number}") for number in range(first, first + 20)])
            assert world.view.verdict == "ok"


def test_a_complete_list_that_lost_too_much_is_not_believed(tmp_path: Path) -> None:
    with World(tmp_path, msgspec.structs.replace(SOURCE, expectations=Expectations())) as world:
        rows = [letter(f"firm-{number}") for number in range(40)]
        world.run(rows)
        verdicts = []
        for length in (37, 38):
            world.run(rows[:length])
            verdicts.append(world.view.verdict)
        assert verdicts == ["partial", "ok"]
