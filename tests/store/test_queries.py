"""What people and crawls ask the store."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from stemwatch.cadence import JITTER, Cadence
from stemwatch.store import Search, Store, searching
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, START, SURGENEX, World, changed, look, page

EVERY = {NAME: Cadence(timedelta(hours=6))}


def keys(world: World, **asked: object) -> list[str]:
    return [notice.key for notice in world.store.notices(Search(**asked))]  # type: ignore[arg-type]


@pytest.fixture
def filled(world: World) -> World:
    world.run([CHARA, KIMERA, SURGENEX], page(KIMERA, "A vial of exosomes, 21 CFR 1271.3(d), was AT&T blue."))
    return world


def test_notices_come_newest_first(filled: World) -> None:
    assert keys(filled) == [CHARA.key, KIMERA.key, SURGENEX.key]


@pytest.mark.parametrize("query", ["kimera", "KIMERA labs", "exosomes", "649343", "1271.3(d)", "AT&T"])
def test_words_of_title_case_number_and_page_find_a_notice(filled: World, query: str) -> None:
    assert keys(filled, query=query) == [KIMERA.key]


@pytest.mark.parametrize(
    "query", ["exosomes AND kimera", "exo* -chara", 'text:"vial of exosomes"', "nothing OR kimera"]
)
def test_a_query_may_combine_words(filled: World, query: str) -> None:
    assert keys(filled, query=query) == [KIMERA.key]


@pytest.mark.parametrize("query", ["col:umn", "NEAR(exosomes vial)", "rowid:1", "'; DROP TABLE x; --y"])
def test_no_query_is_the_index_s_own_syntax(filled: World, query: str) -> None:
    assert keys(filled, query=query) == []
    assert len(keys(filled)) == 3


def test_a_find_shows_where_and_may_come_best_first(filled: World) -> None:
    (found,) = filled.store.notices(Search(query="vial", ranked=True))
    assert found.snippet == "A [vial] of exosomes, 21 CFR 1271.3(d), was AT&T blue."


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("search", [{}, {"query": "biologics OR labs"}, {"query": "labs OR vial", "ranked": True}])
@pytest.mark.parametrize(
    "narrowed", [{}, {"source": NAME}, {"since": date(2024, 1, 4)}, {"relevance": "possible"}]
)
def test_the_first_finds_are_those_that_all_finds_begin_with(
    filled: World, monkeypatch: pytest.MonkeyPatch, few: int, search: dict[str, Any], narrowed: dict[str, Any]
) -> None:
    monkeypatch.setattr(searching, "_FEW", few)
    found = filled.store.notices(Search(**search, **narrowed))
    everything = list(found)
    assert found.total == len(everything)
    assert found.first(2) == everything[:2]


def test_an_empty_query_finds_everything(filled: World) -> None:
    assert len(keys(filled, query="  ")) == 3


def test_every_word_must_occur(filled: World) -> None:
    assert keys(filled, query="kimera surgenex") == []


def test_accents_are_folded(world: World) -> None:
    world.run([changed(CHARA, title="Clínica España")])
    assert keys(world, query="clinica espana") == [CHARA.key]


def test_notices_are_narrowed_by_label_source_and_day(filled: World) -> None:
    label = filled.notice(KIMERA).relevance.label
    assert KIMERA.key in keys(filled, relevance=label)
    assert keys(filled, source="us_other") == []
    assert keys(filled, since=date(2024, 1, 4)) == [CHARA.key, KIMERA.key]


def test_the_search_follows_edits(filled: World) -> None:
    filled.run([changed(CHARA, title="Renamed Firm"), KIMERA, SURGENEX], page(KIMERA, "Other words."))
    assert keys(filled, query="renamed") == [CHARA.key]
    assert keys(filled, query="chara") == []
    assert keys(filled, query="exosomes") == []


def test_changes_are_read_from_a_cursor(filled: World) -> None:
    filled.run([CHARA, KIMERA])
    cursor = filled.last().change
    filled.run([changed(CHARA, subject="HCT/P"), KIMERA])
    assert [change.verb for change in filled.store.changes(since=cursor)] == ["edited"]
    assert list(filled.store.changes(since=cursor + 1)) == []


def test_a_source_never_crawled_shows_as_such(world: World) -> None:
    (view,) = world.store.source_views(EVERY)
    assert (view.verdict, view.last_ok_at, view.notices, view.due_at) == (None, None, 0, None)
    assert world.store.last_started_at() is None


def test_a_source_shows_its_last_good_check_beside_its_trouble(filled: World) -> None:
    filled.broken([CHARA])
    filled.broken([CHARA], retry_after=86_400)
    (view,) = filled.store.source_views(EVERY)
    assert (view.verdict, view.reason, view.notices) == ("blocked", "Apology page.", 3)
    assert (view.last_ok_at, view.verdict_since) == (START + timedelta(days=1), START + timedelta(days=2))
    assert view.newest_on == CHARA.posted_on
    assert view.due_at == filled.now + timedelta(days=1, minutes=5)
    assert filled.store.last_started_at() == filled.now


def test_fields_that_nobody_reads_stand_until_a_list_is_read_again(filled: World) -> None:
    def left_over() -> tuple[str, ...]:
        (view,) = filled.store.source_views(EVERY)
        return view.leftover

    filled.run([CHARA, KIMERA, SURGENEX], leftover=("Region",))
    assert left_over() == ("Region",)
    filled.run([], unchanged=True)
    filled.broken([])
    assert left_over() == ("Region",)
    filled.run([CHARA, KIMERA, SURGENEX])
    assert left_over() == ()


def test_a_source_is_due_after_its_pause(filled: World) -> None:
    (view,) = filled.store.source_views(EVERY)
    assert view.due_at is not None
    assert abs(view.due_at - filled.now - timedelta(hours=6)) <= JITTER * timedelta(hours=6)


def test_an_older_bundle_leaves_the_source_as_it_stands(filled: World) -> None:
    late = filled.bundle([CHARA], stopped="blocked")
    filled.run([CHARA, KIMERA, SURGENEX])
    before = filled.store.source_views(EVERY)
    filled.apply(late)
    assert filled.store.source_views(EVERY) == before


def test_a_crawl_starts_from_what_is_known(filled: World) -> None:
    filled.run([CHARA, KIMERA], look(CHARA, "failed", why="500"), page(KIMERA, "A vial.", etag='"7"'))
    known = filled.store.known(NAME).notices
    assert (known[SURGENEX.key].absent, known[SURGENEX.key].listed) == (1, True)
    assert (known[CHARA.key].fingerprint, known[CHARA.key].case_number) == (CHARA.fingerprint, "698004")
    assert known[CHARA.key].pages["notice"].failures == 1
    assert known[KIMERA.key].pages["notice"].etag == '"7"'


def test_sources_never_mix(world: World) -> None:
    second = msgspec.structs.replace(SOURCE, name="us_fda_untitled_letters")
    world.run([CHARA])
    with Store(world.home, {NAME: SOURCE, second.name: second}) as both:
        world.store.close()
        world.store, world.source = both, second
        assert world.run([CHARA]) == [f"baseline {CHARA.key}"]
        assert world.run([KIMERA]) == [f"added {KIMERA.key}"]
        assert both.known(NAME).notices[CHARA.key].absent == 0
        assert [notice.notice for notice in both.all_notices()] == sorted(
            [f"{second.name}/{CHARA.key}", f"{second.name}/{KIMERA.key}", f"{NAME}/{CHARA.key}"]
        )


def test_texts_are_those_of_the_letters(filled: World) -> None:
    closed = changed(CHARA, closed_out_url="https://www.fda.gov/closed")
    filled.run([closed, KIMERA, SURGENEX], page(closed, "Closed.", "closeout"))
    assert [notice for notice, _ in filled.store.texts()] == [f"{NAME}/{KIMERA.key}"]


def test_a_snapshot_shows_one_state_whatever_is_applied_meanwhile(filled: World) -> None:
    with Store(filled.home, filled.store.sources) as reader, reader.snapshot():
        before = len(list(reader.all_notices()))
        filled.run([CHARA, KIMERA])
        filled.run([changed(CHARA, title="New, Inc."), KIMERA])
        assert len(list(reader.all_notices())) == before
        assert not [notice for notice in reader.all_notices() if notice.title == "New, Inc."]


def test_a_new_lexicon_judges_every_notice_anew(filled: World) -> None:
    filled.store.rejudge()
    assert filled.store.rejudge() == 0
    right = [(notice.key, notice.relevance) for notice in filled.store.all_notices()]
    filled.store.db.execute("UPDATE notices SET label = 'unrelated', score = 0, reasons = '[]', products = '[]'")
    filled.store.db.execute("UPDATE instance SET lexicon = 'older'")
    moved = sum(relevance.label != "unrelated" for _, relevance in right)
    assert (filled.store.rejudge(), moved > 0) == (moved, True)
    assert [(notice.key, notice.relevance) for notice in filled.store.all_notices()] == right


def failures(world: World) -> int:
    (standing,) = world.store.standings()
    return standing.failures


def test_failures_in_a_row_are_counted_until_the_first_good_run(filled: World) -> None:
    assert failures(filled) == 0
    filled.broken([])
    filled.broken([])
    assert failures(filled) == 2
    filled.run([CHARA, KIMERA, SURGENEX], total=9)
    assert filled.view.verdict == "partial"
    assert failures(filled) == 0
    filled.broken([])
    filled.run([CHARA, KIMERA, SURGENEX])
    assert failures(filled) == 0


def test_a_source_that_never_answered_has_failed_each_time(world: World) -> None:
    (standing,) = world.store.standings()
    assert (standing.last_started_at, standing.failures) == (None, 0)
    for _ in range(3):
        world.broken([])
    assert failures(world) == 3


def test_the_newest_change_before_a_moment_is_found(filled: World) -> None:
    first = filled.last().change
    filled.run([changed(CHARA, subject="HCT/P"), KIMERA, SURGENEX])
    assert filled.store.newest_change(before=filled.now) == first
    assert filled.store.newest_change(before=filled.now + timedelta(seconds=1)) == filled.last().change
    assert filled.store.newest_change(before=START) == 0
