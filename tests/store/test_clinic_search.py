"""Finding clinics."""

import pytest

from stemwatch.errors import UsageError
from tests.store.builders import World, letter, page
from tests.store.clinics import ABOUT, ALL, OLD, ORLIN, apply, clinic_of, told

OWN = told(
    "fenmore-8",
    "Fenmore Cells",
    email="info@fenmorecells.com",
    address="1 Elm Road; Provo, UT 84601; United States",
)


def found(world: World, query: str, *, everything: bool = False) -> list[tuple[str, str]]:
    return [(view.name, view.found) for view in world.store.clinics(query, everything=everything)]


@pytest.fixture
def known(world: World) -> World:
    apply(world, *ALL, OWN)
    return world


@pytest.mark.parametrize("query", ["Orlin Biologics", "ORLIN BIOLOGICS, INC.", "OrlinBiologics"])
def test_a_name_is_found_however_it_is_written(known: World, query: str) -> None:
    assert found(known, query)[0] == ("Orlin Biologics, Inc.", "name")


@pytest.mark.parametrize("query", ["brinna cove", "brinna", "Talvex Labs Inc.", "talv"])
def test_old_and_other_names_and_beginnings_are_found(known: World, query: str) -> None:
    assert [name for name, _ in found(known, query)] == ["Talvex Labs Inc."]


@pytest.mark.parametrize("query", ["Okell", "dr. amil okell", "Amil B. Okell"])
def test_a_person_leads_to_the_clinic(known: World, query: str) -> None:
    assert found(known, query)[0][0] == "Orlin Biologics, Inc."


@pytest.mark.parametrize(
    "query", ["https://www.fenmorecells.com/about?x=1", "fenmorecells.com", "office@fenmorecells.com", "provo"]
)
def test_a_web_address_and_a_town_lead_to_the_clinic(known: World, query: str) -> None:
    assert [name for name, _ in found(known, query)] == ["Fenmore Cells"]


def test_an_id_leads_to_the_clinic(known: World) -> None:
    assert found(known, clinic_of(known, ORLIN[0]).upper()) == [("Orlin Biologics, Inc.", "id")]


def test_a_misspelt_name_is_marked_as_close_never_as_found(known: World) -> None:
    assert found(known, "Orlim Biologic") == [("Orlin Biologics, Inc.", "close")]
    assert found(known, "zzzzqq") == []
    assert {way for _, way in found(known, "orlin")} == {"words"}


def test_clinics_of_unrelated_notices_alone_are_shown_on_request(world: World) -> None:
    row = letter("soup-1", "Quillfen Soup Company", office="Human Foods Program", subject="Seafood HACCP")
    world.run([row])
    assert (found(world, "quillfen"), found(world, "")) == ([], [])
    assert found(world, "quillfen", everything=True) == [("Quillfen Soup Company", "words")]
    apply(world, (row, page(row, ABOUT)))
    assert found(world, "quillfen") == [("Quillfen Soup Company", "words")]


def test_without_a_query_every_clinic_is_listed_by_name(known: World) -> None:
    assert [name for name, _ in found(known, "")] == ["Fenmore Cells", "Orlin Biologics, Inc.", "Talvex Labs Inc."]


@pytest.mark.parametrize(
    "query", ['"', "' OR 1=1 --", "a" * 999, "\x00", "((", "*", "NEAR(", "http://[", "@", "\u202e"]
)
def test_whatever_is_typed_is_only_words(known: World, query: str) -> None:
    assert all(way == "close" for _, way in found(known, query))


def test_a_search_that_is_too_long_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="1,001 characters"):
        list(world.store.clinics("a" * 1001))


def test_an_entry_counts_the_notices_and_tells_when_it_was_named(known: World) -> None:
    (view,) = known.store.clinics("talvex")
    assert (view.notices, view.relevant, str(view.first_on), str(view.last_on)) == (
        4,
        4,
        "2019-05-01",
        "2024-05-01",
    )
    assert OLD[0].title in view.names
