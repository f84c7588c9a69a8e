"""Lists that are windows, that answer that nothing has changed, that reach back, or that give no days."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from stemwatch.records import Validators
from tests.store.builders import CHARA, KIMERA, NAME, SITE, SOURCE, SURGENEX, World, changed, letter, look, page

LISTS = {SITE: Validators(etag='"1"', last_modified="Tue, 28 Jan 2025 00:00:00 GMT")}
UNDATED = letter("undated", posted_on=None)


@pytest.fixture
def window(tmp_path: Path) -> Iterator[World]:
    """A window that has had its first good run."""
    with World(tmp_path / "home", msgspec.structs.replace(SOURCE, list="window")) as made:
        made.run([KIMERA], total=None)
        yield made


def test_the_validators_of_a_good_run_are_asked_with_next_time(world: World) -> None:
    world.run([CHARA], lists=LISTS)
    known = world.store.known(NAME)
    assert (known.lists, known.baselined, known.newest_on) == (LISTS, True, date(2025, 1, 28))
    assert known.notices[CHARA.key].row is not None
    assert known.notices[CHARA.key].row == msgspec.structs.replace(CHARA, capture="")


def test_a_run_that_is_not_believed_leaves_the_list_to_be_read_again(world: World) -> None:
    world.run([CHARA], lists=LISTS)
    world.broken([CHARA], lists={SITE: Validators(etag='"2"')})
    assert world.store.known(NAME).lists == LISTS
    world.run([CHARA], lists={})
    assert world.store.known(NAME).lists == {}


def test_another_reading_asks_for_the_whole_list(world: World) -> None:
    world.run([CHARA], lists=LISTS)
    world.store.sources = {NAME: msgspec.structs.replace(SOURCE, revision=2)}
    assert world.store.known(NAME).lists == {}


def test_a_notice_that_may_be_gone_keeps_the_list_from_being_left_unread(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CHARA], lists=LISTS)
    assert world.store.known(NAME).lists == {}
    world.run([CHARA])
    world.run([CHARA], look(KIMERA, "gone"), lists=LISTS)
    assert world.notice(KIMERA).status == "delisted"
    assert world.store.known(NAME).lists == LISTS


def test_an_unchanged_list_counts_nothing_absent_and_its_pages_are_read(world: World) -> None:
    world.run([CHARA, KIMERA], lists=LISTS)
    for _ in range(4):
        told = world.run([], page(CHARA, "Text."), unchanged=True, total=None, seen=0)
        assert (world.view.verdict, told) == ("ok", [])
    assert world.notice(KIMERA).absent_since is None
    assert world.notice(CHARA).page_read_at is not None
    assert world.store.known(NAME).lists == LISTS


def test_what_history_brings_is_silent_unless_it_is_news(window: World) -> None:
    old = msgspec.structs.replace(SURGENEX, backfilled=True)
    news = msgspec.structs.replace(CHARA, backfilled=True)
    window.run([KIMERA, old, news], total=None, backfilled=2)
    causes = {change.notice: change.cause for change in window.store.changes() if change.verb == "added"}
    assert causes == {f"{NAME}/{SURGENEX.key}": "backfill", f"{NAME}/{CHARA.key}": "source"}
    assert window.told() == [f"added {CHARA.key}"]


def test_a_gap_is_a_doubt_that_only_adds(window: World) -> None:
    told = window.run([CHARA, changed(KIMERA, title="Other")], total=None, gap="None was known.")
    assert (window.view.verdict, window.view.reason, told) == (
        "partial",
        "None was known.",
        [f"added {CHARA.key}"],
    )


def test_a_window_whose_notices_all_read_otherwise_has_another_layout(window: World) -> None:
    many = [letter(f"n-{number}") for number in range(12)]
    window.run(many, total=None)
    window.run([changed(row, title=f"Other {row.key}") for row in many], total=None)
    assert window.view.verdict == "partial"
    assert "12 of 12 notices read otherwise" in window.view.reason


def test_what_falls_out_of_a_window_stays_listed(window: World) -> None:
    for _ in range(4):
        assert window.run([SURGENEX], total=None)[1:] == []
    assert window.notice(KIMERA).status == "listed"


def test_a_page_gives_a_notice_the_day_that_its_list_lacks(world: World) -> None:
    world.run([UNDATED])
    world.run([UNDATED], page(UNDATED, posted_on=date(2019, 5, 15)))
    assert world.notice(UNDATED).posted_on == date(2019, 5, 15)
    assert world.run([changed(UNDATED, title="Other")]) == ["edited undated"]
    assert world.edited() == [("title", "Chara Biologics, Inc.", "Other")]
    assert world.notice(UNDATED).posted_on == date(2019, 5, 15)


def test_a_page_does_not_overrule_the_day_of_its_list(world: World) -> None:
    world.run([CHARA], page(CHARA, posted_on=date(1999, 1, 1)))
    assert world.notice(CHARA).posted_on == CHARA.posted_on


def test_notices_of_a_source_that_is_known_no_more_can_still_be_read(world: World) -> None:
    world.run([CHARA])
    world.store.sources = {}
    assert [notice.regulator for notice in world.store.all_notices()] == [NAME]
