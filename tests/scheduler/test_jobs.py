"""The steps of the flow: applied in order, once, and never stopped by one bad bundle."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from scheduler.clock import Clock
from scheduler.crawling import Options
from scheduler.house import House
from scheduler.jobs import apply_inbox, crawl_and_apply
from stemwatch.bundle import seal
from stemwatch.config import Config
from stemwatch.errors import StemwatchError
from stemwatch.views import RunView
from tests.scheduler.conftest import NOWHERE
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, START, SURGENEX, World


@pytest.fixture
def house(world: World) -> House:
    return House(world.home, Config(), Clock(START + timedelta(days=9)), {}, {NAME: SOURCE})


def told(outcome: RunView | StemwatchError) -> str:
    """The run of a bundle that was applied, the sentence of one that was not."""
    return outcome.run if isinstance(outcome, RunView) else str(outcome)


def outcomes(house: House, world: World) -> list[str]:
    return [told(outcome) for outcome in apply_inbox(house, world.store)]


def inbox(world: World) -> list[str]:
    return sorted(path.name for path in (world.home / "inbox").iterdir())


@pytest.fixture
def three(world: World) -> list[Path]:
    """Three bundles that wait, each with one letter more; the newest was written first."""
    made = [world.bundle(rows) for rows in ([CHARA], [CHARA, KIMERA], [CHARA, KIMERA, SURGENEX])]
    for bundle in reversed(made):
        copied = bundle.path.read_bytes()
        bundle.path.unlink()
        bundle.path.write_bytes(copied)
    return [bundle.path for bundle in made]


def test_the_inbox_is_applied_oldest_first_and_emptied(world: World, house: House, three: list[Path]) -> None:
    assert outcomes(house, world) == ["run-001", "run-002", "run-003"]
    assert inbox(world) == []
    changes = [(change.verb, change.notice.partition("/")[2]) for change in world.store.changes()]
    assert changes == [("baseline", CHARA.key), ("added", KIMERA.key), ("added", SURGENEX.key)]


def test_an_inbox_that_is_empty_or_absent_is_nothing_to_do(world: World, house: House) -> None:
    assert outcomes(house, world) == []
    (world.home / "inbox").mkdir()
    assert outcomes(house, world) == []


@pytest.mark.parametrize("damage", [b"", b"no archive", None], ids=["empty", "no archive", "cut short"])
def test_a_corrupt_bundle_is_set_aside_and_the_others_are_applied(
    world: World, house: House, three: list[Path], damage: bytes | None
) -> None:
    broken = three[1].read_bytes()[:-40] if damage is None else damage
    three[1].write_bytes(broken)
    first, sentence, last = outcomes(house, world)
    assert (first, last) == ("run-001", "run-003")
    aside = three[1].with_suffix(".rejected")
    assert "run-002.bundle is corrupt" in sentence
    assert sentence.endswith(f"It was set aside as {aside}.")
    assert inbox(world) == [aside.name]
    assert aside.read_bytes() == broken


def test_what_was_set_aside_is_not_tried_again(world: World, house: House, three: list[Path]) -> None:
    three[0].write_bytes(b"no archive")
    assert len(outcomes(house, world)) == 3
    assert outcomes(house, world) == []


def test_a_bundle_of_an_unknown_source_is_set_aside_by_name(world: World, house: House) -> None:
    report = msgspec.structs.replace(world.bundle([CHARA]).report, source="us_fda_unheard_of", digests={})
    seal(report, world.home / "work", world.home / "inbox")
    (sentence,) = outcomes(house, world)
    assert "run-001.bundle is of the unknown source 'us_fda_unheard_of'" in sentence
    assert inbox(world) == ["run-001.rejected"]


def test_a_bundle_of_a_newer_format_is_set_aside_and_asks_for_an_upgrade(world: World, house: House) -> None:
    report = msgspec.structs.replace(world.bundle([CHARA]).report, format=99, digests={})
    seal(report, world.home / "work", world.home / "inbox")
    (sentence,) = outcomes(house, world)
    assert "upgrade it" in sentence
    assert inbox(world) == ["run-001.rejected"]


def test_a_bundle_that_was_applied_before_it_could_be_removed_changes_nothing(world: World, house: House) -> None:
    bundle = world.bundle([CHARA])
    kept = world.home / "kept"
    shutil.copy(bundle.path, kept)
    assert outcomes(house, world) == ["run-001"]
    before = list(world.store.changes())
    shutil.move(kept, bundle.path)
    assert outcomes(house, world) == ["run-001"]
    assert list(world.store.changes()) == before
    assert inbox(world) == []


def test_a_bundle_that_another_process_applied_meanwhile_is_no_error(
    world: World, house: House, three: list[Path]
) -> None:
    applying = apply_inbox(house, world.store)
    next(applying)
    three[1].unlink()
    assert [told(outcome) for outcome in applying] == ["run-003"]


def test_other_files_in_the_inbox_are_left_alone(world: World, house: House, three: list[Path]) -> None:
    for name in ("packed", "run-009.bundle.part", "notes.txt"):
        (world.home / "inbox" / name).write_text("mine")
    assert len(outcomes(house, world)) == 3
    assert inbox(world) == ["notes.txt", "packed", "run-009.bundle.part"]


def test_a_database_that_cannot_be_written_leaves_the_bundle_where_it_is(
    world: World, house: House, three: list[Path]
) -> None:
    world.store.db.execute("PRAGMA query_only = ON")
    assert all("could not be written" in sentence for sentence in outcomes(house, world))
    world.store.db.execute("PRAGMA query_only = OFF")
    assert outcomes(house, world) == ["run-001", "run-002", "run-003"]


def test_no_crawl_begins_while_the_clock_stands_before_the_newest_run(world: World, house: House) -> None:
    world.run([CHARA])
    early = Clock(datetime.fromisoformat("2024-12-31T00:00:00+00:00"))
    behind = House(world.home, Config(), early, {"STEMWATCH_MIRROR": NOWHERE}, {NAME: SOURCE})
    with pytest.raises(StemwatchError, match="The clock says 2024-12-31T00:00:00Z, but the newest run began at"):
        crawl_and_apply(behind, world.store, NAME, Options(), lambda told: None)
    assert not (world.home / "locks").exists()


def test_what_is_applied_is_what_the_bundle_holds(world: World, house: House) -> None:
    report = world.bundle([CHARA, KIMERA]).report
    (view,) = apply_inbox(house, world.store)
    assert isinstance(view, RunView)
    assert (view.run, view.seen, view.baseline, view.verdict) == (report.run, 2, 2, "ok")
