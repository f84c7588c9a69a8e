"""How a firm that a text names stands to the notice."""

import pytest

from stemwatch.parties import parties

LETTER = {"title": "Velmoor Labs, LLC", "office": "CBER", "subject": "CGMP"}


def ties(text: str, letter: bool = False) -> list[tuple[str, str, str]]:
    fields = {**LETTER, "text": f"Dear Dr. Doe:\n{text}"} if letter else {"title": "News", "text": text}
    return [(firm.name, firm.tie, firm.of) for firm in parties(fields).firms if firm.field == "text"]


@pytest.mark.parametrize(
    "words",
    [
        "d/b/a",
        "dba",
        "doing business as",
        "which does business as",
        "also known as",
        "a/k/a",
        "trading as",
        "now known as",
    ],
)
def test_another_name_belongs_to_the_firm_before_it(words: str) -> None:
    assert ties(f"It sued Velmoor Labs, LLC, {words} Brinlow Cells.") == [
        ("Velmoor Labs, LLC", "subject", ""),
        ("Brinlow Cells", "alias", "Velmoor Labs, LLC"),
    ]


@pytest.mark.parametrize("words", ["formerly", "formerly known as", "f/k/a", "previously operating as"])
def test_an_earlier_name_belongs_to_the_firm_before_it(words: str) -> None:
    assert ties(f"It sued Velmoor Labs, LLC ({words} Brinlow).")[1] == ("Brinlow", "former", "Velmoor Labs, LLC")


def test_another_name_of_a_substance_is_none_of_a_firm() -> None:
    assert ties("The tablets contain Ephedra, also known as Ma Huang.", letter=True) == []


def test_those_sued_together_are_codefendants_of_the_first() -> None:
    assert ties("A complaint against Velmoor Labs, LLC, Petra Doe, Ostrand Bio, Inc. and Karn Group LLC.") == [
        ("Velmoor Labs, LLC", "subject", ""),
        ("Ostrand Bio, Inc.", "codefendant", "Velmoor Labs, LLC"),
        ("Karn Group LLC", "codefendant", "Velmoor Labs, LLC"),
    ]


def test_a_letter_tells_affiliates_parents_suppliers_and_customers_of_the_one_it_addresses() -> None:
    text = (
        "Dr. Doe also controls the Ostrand Academy of Cells, Inc. (OAC). You are a subsidiary of Karn Holdings, "
        "Inc. Your product is manufactured by Brinlow Tissue Bank, LLC. You asked Tavmoor Testing, Inc., "
        "your contract testing laboratory. You distributed your products to Quistgard Pain Clinic."
    )
    assert ties(text, letter=True) == [
        ("Ostrand Academy of Cells, Inc.", "affiliate", "Velmoor Labs, LLC"),
        ("OAC", "alias", "Ostrand Academy of Cells, Inc."),
        ("Karn Holdings, Inc.", "parent", "Velmoor Labs, LLC"),
        ("Brinlow Tissue Bank, LLC", "supplier", "Velmoor Labs, LLC"),
        ("Tavmoor Testing, Inc.", "supplier", "Velmoor Labs, LLC"),
        ("Quistgard Pain Clinic", "customer", "Velmoor Labs, LLC"),
    ]


def test_a_firm_that_a_letter_mentions_without_a_tie_is_named() -> None:
    assert ties("We also wrote to Ostrand Bio, Inc. last year.", letter=True) == [
        ("Ostrand Bio, Inc.", "named", "")
    ]


def test_the_short_name_that_a_letter_introduces_is_an_alias() -> None:
    text = "We inspected your firm, Velmoor Labs, LLC (hereafter “VL”), last year."
    assert ties(text, letter=True) == [("VL", "alias", "Velmoor Labs, LLC")]


def test_between_private_parties_nobody_is_the_subject() -> None:
    fields = {"title": "Doe v. Velmoor Cell Clinic, LLC", "text": "Complaint against Velmoor Cell Clinic, LLC."}
    assert {firm.tie for firm in parties(fields).firms} == {"named"}


def test_a_release_that_names_its_office_is_no_letter() -> None:
    release = {
        "title": "Two Charged in Scheme to Sell Unapproved Cell Vials",
        "office": "USAO - Iowa, Northern",
        "text": "A grand jury indicted Tavholme Labs, Inc. and its owner, Petra Castellane.",
    }
    found = parties(release)
    assert [(firm.name, firm.tie) for firm in found.firms] == [("Tavholme Labs, Inc.", "subject")]
    assert [person.name for person in found.people] == ["Petra Castellane"]
