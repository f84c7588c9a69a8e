"""Bundles that arrive late, twice, or not at all: what the newest says stands, and nothing is told twice."""

import shutil
from collections import Counter
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

import pytest

from stemwatch.bundle import Bundle
from stemwatch.records import Listed, Page
from tests.store.builders import CHARA, KIMERA, SURGENEX, World, changed, page

RENAMED = changed(KIMERA, title="Kimera Laboratories, Inc.")
CLOSED = changed(CHARA, closed_out_on=CHARA.posted_on, closed_out_url="https://www.fda.gov/closed")
RUNS: tuple[tuple[list[Listed], list[Page]], ...] = (
    ([CHARA, KIMERA], [page(CHARA)]),
    ([CHARA, RENAMED, SURGENEX], [page(KIMERA)]),
    ([CLOSED, RENAMED, SURGENEX], [page(SURGENEX)]),
    ([CLOSED, KIMERA, SURGENEX], []),
)


def made(world: World) -> list[Path]:
    """Four bundles of one machine that nobody has applied."""
    return [world.bundle(rows, pages).path for rows, pages in RUNS]


def arrive(world: World, bundles: Iterable[Path]) -> None:
    for path in bundles:
        world.store.apply(Bundle(path), world.now)


def standing(world: World) -> list[tuple[object, ...]]:
    sql = """SELECT n.key, n.title, n.fingerprint, n.status, n.closed_out_on, p.fingerprint, p.failures
             FROM notices n LEFT JOIN pages p ON p.notice = n.id ORDER BY n.key"""
    return list(world.store.db.execute(sql))


def told(world: World) -> list[tuple[str, str]]:
    return sorted((change.notice, change.verb) for change in world.store.changes() if change.verb != "baseline")


@pytest.fixture
def in_order(tmp_path: Path) -> World:
    world = World(tmp_path / "in order")
    arrive(world, made(world))
    return world


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=lambda order: "".join(map(str, order)))
def test_the_newest_stands_in_whatever_order_they_come(
    world: World, in_order: World, order: tuple[int, ...]
) -> None:
    bundles = made(world)
    arrive(world, [bundles[number] for number in order])
    after, changes = standing(world), told(world)
    assert after == standing(in_order)
    assert Counter(changes) <= Counter(told(in_order))
    arrive(world, reversed(bundles))
    assert (standing(world), told(world)) == (after, changes), "What came before changes nothing."
    assert list(world.store.verify()) == []


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_one_that_is_lost_is_made_up_for_by_the_newest(world: World, in_order: World, lost: int) -> None:
    bundles = made(world)
    arrive(world, [bundle for number, bundle in enumerate(bundles) if number != lost])
    said = [row[:5] for row in standing(world)]
    assert said == [row[:5] for row in standing(in_order)]


def test_a_look_from_before_the_first_is_part_of_it(world: World) -> None:
    early, first = (world.bundle(rows).path for rows in ([CHARA, KIMERA], [CHARA]))
    arrive(world, [first, early])
    assert told(world) == []
    assert [change.verb for change in world.store.changes()] == ["baseline", "baseline"]


def test_what_travels_may_be_a_copy_under_another_name(world: World, tmp_path: Path) -> None:
    path = world.bundle([CHARA]).path
    copy = Path(shutil.copy(path, tmp_path / "copy.bundle"))
    arrive(world, [path, copy])
    assert len(list(world.store.changes())) == 1
