"""A filter finds what the rule finds: asked of SQL where it can say it, of the texts where it cannot."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.errors import UsageError
from stemwatch.rules import Condition
from stemwatch.rules.evaluating import prepared_table
from stemwatch.rules.reading import Reading
from stemwatch.store import filtering
from stemwatch.store.filtering import Filter, Posted
from stemwatch.words import CAUSES, LABELS, PRODUCTS, ROUTES, STAGES, VERBS
from tests.store.builders import changed
from tests.store.clinics import TAMPA, told
from tests.store.publishers import AGENCY, SOURCES, STATE, Publishers

EXOSOMES = told("exosomes-1", "Talvex Labs, LLC", "2024-03-01", text="Exosomes for the knee.", **TAMPA)
MISSPELT = told(
    "misspelt-2", "Talvec Labs Inc.", "2024-04-01", text="An eye injection, given in Reno. Marta Okell."
)
PLAIN = told("plain-3", "A grocer settles", "2023-01-01")
JOINED = told("joined-4", "BrinnaCove", "2022-05-01", text="Intravenous infusion of cord blood, seen in New York.")
CLOSED = told("closed-5", "Orlin Biologics", "2021-05-01", recipient="Amil Okell", address="Reno, NV 89501")
OLDER = told("older-7", "Talvex Labs LLC dba Velda Marrow", "2020-05-01", recipient="Vora Lind, M.D.", **TAMPA)
ABROAD = told("abroad-8", "Sunrise Clinic", "2024-06-01", address="4 Bay Road; Nassau; Bahamas")
ALONE = told(
    "alone-9", "Tessa Marsh, M.D.", "2024-07-01", recipient="Tessa Marsh, M.D.", address="Austin, TX 78701"
)
UNDATED = told("undated-6", "Undated Clinic", "2021-05-01", text="c-1234567 and Tampa, FL 33601")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishers]:
    """Two sources with a baseline each, then new notices, a close-out, an edit, and changes of other causes."""
    with Publishers(tmp_path_factory.mktemp("filtering") / "home") as world:
        row, page = UNDATED
        undated = (msgspec.structs.replace(row, posted_on=None, issued_on=None).stamped(), page)
        world.publish(AGENCY, PLAIN, CLOSED, OLDER)
        world.publish(STATE, JOINED)
        closed = (changed(CLOSED[0], closed_out_on=date(2025, 1, 3), closed_out_url="https://x.test/c"), CLOSED[1])
        world.publish(AGENCY, changed_page(PLAIN), closed, EXOSOMES)
        world.publish(STATE, JOINED, MISSPELT, undated, ABROAD, ALONE)
        world.store.db.execute("UPDATE changes SET cause = 'parser' WHERE id = 1")
        yield world


def changed_page(told: Any) -> Any:
    return changed(told[0], subject="Unapproved umbilical cord products"), told[1]


def meant(world: Publishers, table: Condition) -> list[int]:
    """The changes that meet the table, each held against it."""
    ready = prepared_table(table)
    read = world.store.subjects(world.store.changes(), texts=True)
    return [subject.change for subject in read if ready.met(Reading(subject)) is not None]


def found(made: Filter, most: int) -> tuple[list[int], list[str]]:
    """Changes and notices, some at a time."""
    changes: list[int] = []
    after: int | None = 0
    while after is not None:
        piece = made.changes(most, after)
        changes += [change.change for change in piece.items]
        after = piece.after
    notices: list[str] = []
    place: Posted | None = None
    while True:
        part = made.notices(most, place)
        notices += [notice.notice for notice in part.items]
        place = part.after
        if place is None:
            return changes, notices


def lists(*words: str) -> st.SearchStrategy[Any]:
    return st.none() | st.lists(st.sampled_from(words), max_size=3, unique=True).map(tuple)


CLINICS = (
    *("c-1234567", "Talvex Labs", "Brinna Cove", "Orlinn Biologics LLC", "Nobody", "Orlin", "Velda Marow"),
    *("VeldaMarrow", "Tessa Marsh", "Marsh"),
)
PEOPLE = (
    "Martha Okell",
    "Amil Okell",
    "Nobody",
    "Vora Lind",
    "Voralind",
    "Lind Vora",
    "Tesa Marsh",
    "Talvex Labs",
)
PLACES = (
    *(
        "New York",
        "Tampa",
        "FL",
        "Reno",
        'Ren"o',
        "Florida",
        "florida",
        "Nevada",
        "NV",
        "TX",
        "US",
        "United States",
    ),
    *("States", "Bahamas", "BS", "Nassau", "Tampa FL", "US-FL", "Mexico", "Ta", "Austin", "New"),
)
LEAVES = st.fixed_dictionaries(
    {},
    optional={
        "sources": lists(*SOURCES),
        "jurisdictions": lists("US", "JP"),
        "regulators": lists("Agency", "State"),
        "kinds": lists("warning_letter", "order"),
        "stages": lists(*STAGES),
        "verbs": lists(*VERBS),
        "causes": lists(*CAUSES),
        "relevance": lists(*LABELS),
        "products": lists(*PRODUCTS),
        "routes": lists(*ROUTES),
        "clinics": lists(*CLINICS),
        "people": lists(*PEOPLE),
        "places": lists(*PLACES),
        "query": st.none() | st.sampled_from(["exosome* OR knee", "title:talvex", '"cord blood"', "cells -knee"]),
    },
)
TABLES = st.recursive(
    LEAVES.map(lambda keys: Condition(**keys)),
    lambda inner: st.builds(
        lambda keys, every, some, no: Condition(**keys, all=tuple(every), any=some, none=tuple(no)),
        LEAVES,
        st.lists(inner, max_size=2),
        st.none() | st.lists(inner, max_size=2).map(tuple),
        st.lists(inner, max_size=1),
    ),
    max_leaves=4,
)


@pytest.mark.parametrize(
    ("key", "word"),
    [
        (key, word)
        for key, words in (("clinics", CLINICS), ("people", PEOPLE), ("places", PLACES))
        for word in words
    ],
)
def test_a_filter_by_one_name_finds_exactly_what_the_rule_finds(world: Publishers, key: str, word: str) -> None:
    table = msgspec.structs.replace(Condition(), **{key: (word,)})
    assert found(world.store.filter(table), 3)[0] == meant(world, table)
    assert world.store.filter(Condition(none=(table,))).changes(50).items


def test_names_that_no_text_spells_are_found(world: Publishers) -> None:
    def keys(**table: Any) -> set[str]:
        return {notice.key for notice in world.store.filter(Condition(**table)).notices(20).items}

    assert keys(people=("Vora Lind",)) == {OLDER[0].key}
    assert keys(places=("Nevada",)) == {CLOSED[0].key}
    assert keys(places=("FL",)) == {OLDER[0].key, EXOSOMES[0].key}
    assert keys(places=("Bahamas",)) == keys(places=("BS",)) == {ABROAD[0].key}
    assert keys(clinics=("Velda Marrow",)) == {OLDER[0].key, EXOSOMES[0].key}
    assert keys(clinics=("Tessa Marsh",), places=("Texas",)) == {ALONE[0].key}


@settings(max_examples=120)
@given(table=TABLES, most=st.integers(1, 4))
def test_a_filter_finds_exactly_what_the_rule_finds(world: Publishers, table: Condition, most: int) -> None:
    changes = meant(world, table)
    of = {change.change: change.notice for change in world.store.changes()}
    newest = [notice.notice for notice in world.store.notices()]
    told, notices = found(world.store.filter(table), most)
    assert told == changes
    assert notices == [notice for notice in newest if notice in {of[change] for change in changes}]


def test_clinics_and_people_are_found_in_near_spellings_and_clinics_by_id(world: Publishers) -> None:
    def keys(**table: Any) -> set[str]:
        return {notice.key for notice in world.store.filter(Condition(**table)).notices(10).items}

    row = next(notice for notice in world.store.all_notices() if notice.key == EXOSOMES[0].key)
    assert keys(clinics=row.clinics) == {EXOSOMES[0].key, OLDER[0].key}
    assert keys(clinics=("Talvex Labs",)) == {EXOSOMES[0].key, OLDER[0].key, MISSPELT[0].key}
    assert keys(clinics=("Brinna Cove",)) == {JOINED[0].key}
    assert keys(people=("Martha Okell",)) == {MISSPELT[0].key}


def test_days_bound_what_is_found_and_leave_out_what_has_none(world: Publishers) -> None:
    made = world.store.filter(Condition())
    piece = made.notices(10, since=date(2022, 5, 1), until=date(2024, 3, 1))
    assert [str(notice.posted_on) for notice in piece.items] == ["2024-03-01", "2023-01-01", "2022-05-01"]
    assert piece.after is None


def test_what_is_read_in_vain_is_bounded_and_can_be_gone_on_with(
    world: Publishers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtering, "MOST_READ", 2)
    table = Condition(none=(Condition(clinics=("Talvec Labs",)),))
    made = world.store.filter(table)
    first = made.changes(1)
    assert first.items
    assert first.after is not None
    told, _ = found(made, 2)
    assert told == meant(world, table)


def test_a_search_that_cannot_be_understood_is_refused(world: Publishers) -> None:
    with pytest.raises(UsageError, match="not closed"):
        world.store.filter(Condition(query='"open'))


def test_the_words_of_a_hostile_place_are_no_search(world: Publishers, tmp_path: Path) -> None:
    for place in ('"', 'x" OR "a', "a\x00b", "NEAR(a b)", "title : a", "* * * *"):
        assert world.store.filter(Condition(places=(place,))).changes(5).items == ()


def test_a_name_that_a_notice_does_not_have_any_more_is_not_found_in_it(tmp_path: Path) -> None:
    row, page = OLDER
    with Publishers(tmp_path / "home") as own:
        own.publish(AGENCY, OLDER)
        moved = (
            changed(row, subject="Deviations"),
            msgspec.structs.replace(page, fields={"recipient": "Amil Okell"}),
        )
        own.publish(AGENCY, moved)
        for table in (Condition(people=("Vora Lind",)), Condition(places=("Florida",))):
            assert (own.store.filter(table).notices(5).items, meant(own, table)) == ((), [])
        assert len(own.store.filter(Condition(people=("Amil Okell",))).notices(5).items) == 1
