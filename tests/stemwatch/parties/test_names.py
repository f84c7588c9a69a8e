"""Names in running text: what is a firm's, what may be a person's, what is neither."""

import pytest

from stemwatch.parties.names import Names
from stemwatch.parties.vocabulary import vocabulary


def found(text: str, *kinds: str) -> list[str]:
    return [text[name.start : name.end] for name in Names(vocabulary()).find(text) if name.kind in kinds]


@pytest.mark.parametrize(
    "name",
    [
        *("Velmoor Labs, LLC", "Velmoor Labs, Inc.", "Velmoor Bio Co., Ltd.", "Velmoor GmbH", "Velmoor Pty Ltd"),
        *(
            "Velmoor S.A. de C.V.",
            "Velmoor Gyógyszer Zrt.",
            "Velmoor s.r.o.",
            "Velmoor Medical PC",
            "Velmoor S.p.A.",
        ),
    ],
)
def test_a_legal_form_makes_a_firm(name: str) -> None:
    assert found(f"The notice names {name} of Springdale.", "firm") == [name]


def test_a_business_word_makes_a_firm_beside_a_word_of_its_own() -> None:
    text = "Patients of the Velmoor Pain Clinic had been sent there by a Regenerative Medicine Center."
    assert found(text, "business") == ["Velmoor Pain Clinic"]


def test_a_place_makes_a_firm_of_words_of_the_trade() -> None:
    assert found("It belongs to the Cell Therapy Institute of Nevada.", "business") == [
        "Cell Therapy Institute of Nevada"
    ]


def test_foreign_business_words_stand_first() -> None:
    assert found("La Clínica Velmoor y Laboratorios Ostrand", "business") == [
        "Clínica Velmoor",
        "Laboratorios Ostrand",
    ]


def test_two_firms_joined_by_and_are_two() -> None:
    text = "against Velmoor Stem Cell and Ostrand Surgery, LLC"
    assert found(text, "firm", "business") == ["Velmoor Stem Cell", "Ostrand Surgery, LLC"]


def test_and_within_a_name_stays() -> None:
    assert found("sold by Karn and Ostrand Medical Group LLC", "firm") == ["Karn and Ostrand Medical Group LLC"]


def test_a_person_before_of_is_not_part_of_the_firm() -> None:
    text = "Petra Castellane of Velmoor Cell Center, Inc."
    assert found(text, "firm", "person") == ["Petra Castellane", "Velmoor Cell Center, Inc."]


def test_a_state_behind_a_comma_is_no_legal_form() -> None:
    assert found("a clinic in Boulder, CO 80301 and Pittsburgh, PA", "firm") == []


@pytest.mark.parametrize(
    "body",
    [
        *(
            "Federal Trade Commission",
            "Food and Drug Administration",
            "Center for Biologics Evaluation and Research",
        ),
        *("Health Canada", "Department of Public Health", "United States", "National Institutes of Health"),
    ],
)
def test_public_bodies_are_neither_firms_nor_people(body: str) -> None:
    assert found(f"as the {body} has said", "firm", "business", "person", "generic") == []


def test_words_of_a_headline_do_not_become_part_of_a_name() -> None:
    text = "Attorney General Sues Velmoor Regenerative Center over Deceptive Stem Cell Claims"
    assert found(text, "business") == ["Velmoor Regenerative Center"]


@pytest.mark.parametrize(
    "name", ["Petra Castellane", "Joel B. Karnsted", "Stephen van Ostrand", "Ana “Nina” Karnsted"]
)
def test_two_to_four_words_may_be_a_person(name: str) -> None:
    assert found(f"They met {name} there.", "person") == [name]


@pytest.mark.parametrize(
    "words", ["Umbilical Cord", "Chief Executive Officer", "Ostrand Road", "US Stemology", "STEM CELL"]
)
def test_words_of_the_trade_offices_and_streets_are_no_people(words: str) -> None:
    assert found(f"about {words} here", "person") == []
