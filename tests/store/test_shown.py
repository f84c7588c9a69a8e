"""What pages ask of the store beyond what commands do."""

from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from stemwatch.store import Search
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, World, changed, letter, page

TEXT = "An umbilical cord stem cell product, an unapproved new drug and an unlicensed biological product."


@pytest.fixture
def full(world: World) -> World:
    """A baseline of two letters, one of another matter; then a close-out and a new letter."""
    other = letter("pies-1", "Pies, Inc.", subject="Food/Misbranded", office="Center for Food Safety")
    world.run([KIMERA, other], page(KIMERA, TEXT), page(other, "Pies with undeclared nuts."))
    closed = changed(KIMERA, closed_out_on=date(2025, 1, 3))
    world.run([closed, other, CHARA], page(CHARA, TEXT))
    return world


def keys(world: World, **asked: object) -> list[str]:
    return [view.key.partition("-")[0] for view in world.store.notices(Search(**asked))]  # type: ignore[arg-type]


def test_a_search_is_narrowed_by_each_of_its_words(full: World) -> None:
    assert keys(full) == ["pies", "chara", "kimera"] or keys(full) == ["chara", "pies", "kimera"]
    assert keys(full, related=True) == ["chara", "kimera"]
    assert keys(full, related=True, stage="closed") == ["kimera"]
    assert keys(full, related=True, stage="warning") == ["chara"]
    assert keys(full, related=True, until=date(2024, 6, 1)) == ["kimera"]
    assert keys(full, kind="recall") == []
    assert keys(full, sources=()) == []
    assert keys(full, sources=(NAME,), query="umbilical", related=True, ranked=True) != []


def test_finds_are_skipped_in_every_order(full: World) -> None:
    for asked in (Search(), Search(query="inc"), Search(query="inc", ranked=True), Search(related=True)):
        found = full.store.notices(asked)
        one_by_one = [found.first(1, skip)[0].notice for skip in range(found.total)]
        assert one_by_one == [view.notice for view in found.first(found.total)]
        assert found.first(5, found.total) == []


def test_a_snippet_has_the_marks_that_were_asked_for(full: World) -> None:
    (view,) = full.store.notices(Search(query="kimera", marks=("<<", ">>")))
    assert "<<Kimera>>" in view.snippet


def test_a_notice_whose_page_is_unread_has_a_snippet_of_its_title(world: World) -> None:
    world.run([CHARA])
    (view,) = world.store.notices(Search(query="chara"))
    assert view.snippet == "[Chara] Biologics, Inc."


def test_changes_are_read_from_both_ends_without_the_first_look(full: World) -> None:
    store = full.store
    every = [change.change for change in store.changes()]
    news = [change.change for change in store.changes_after(0, 10)]
    assert news == [change.change for change in store.changes_before(None, 10)][::-1]
    assert [change.verb for change in store.changes_after(0, 10)] == ["added", "closed_out"]
    assert [change.change for change in store.changes_after(0, 10, everything=True)] == every
    assert [change.change for change in store.changes_before(every[-1], 10, everything=True)] == every[-2::-1]
    assert store.changes_after(every[-1], 10) == []
    assert len(store.changes_before(None, 1)) == 1


def test_parties_are_told_with_their_clinic_and_how_they_stand(full: World) -> None:
    (party,) = full.store.parties(f"{NAME}/{CHARA.key}")
    assert (party.name, party.tie) == ("Chara Biologics, Inc.", "subject")
    assert party.clinic is not None
    about = full.store.notices_about([party.clinic], 5)
    assert [view.key for view in about[party.clinic]] == [CHARA.key]
    assert full.store.parties("no/such") == ()
    assert full.store.notices_about([], 5) == {}


def test_a_correction_is_told_with_its_notice(full: World) -> None:
    change = full.last()
    full.store.correct(change.change, "It was another firm.", full.now)
    (told,) = full.store.corrections(change.notice)
    assert (told.change, told.why) == (change.change, "It was another firm.")
    assert full.store.corrections(f"{NAME}/{SURGENEX.key}") == ()


def test_a_capture_is_found_by_its_digest_the_first_unless_a_moment_is_given(world: World) -> None:
    for text in ("First words.", "Other words.", "First words."):
        world.run([CHARA], page(CHARA, text))
    digest = sha256(f"{CHARA.url} First words.".encode()).hexdigest()
    first, again = datetime(2025, 1, 3, 6, tzinfo=UTC), datetime(2025, 1, 5, 6, tzinfo=UTC)
    for asked, expected in ((None, first), (first, first), (again, again)):
        found = world.store.capture(digest, asked)
        assert found is not None
        assert found.fetched_at == expected
    assert world.store.capture(digest, datetime(2025, 1, 4, 6, tzinfo=UTC)) is None
    assert world.store.capture("0" * 64) is None


def test_the_kinds_that_occur_are_listed(full: World) -> None:
    assert full.store.kinds() == ["warning_letter"]


def test_a_long_text_is_quoted_from_where_the_words_stand(world: World) -> None:
    often = "The umbilical cord. " + "cord " * 20_000
    late = "other words. " * 4_000 + "Here stands the umbilical cord of a late page."
    rows = [letter("often-1", "Often, Inc."), letter("late-1", "Late, Inc.")]
    world.run(rows, page(rows[0], often), page(rows[1], late))
    found = {view.key: view.snippet for view in world.store.notices(Search(query='"umbilical cord" -zebra'))}
    assert "[umbilical cord]" in found["often-1"]
    assert "Here stands the [umbilical cord]" in found["late-1"]
