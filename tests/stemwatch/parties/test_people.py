"""People with a part in a firm, and those who have none."""

import pytest

from stemwatch.parties import parties


def people(text: str, title: str = "News") -> list[str]:
    return [person.name for person in parties({"title": title, "text": text}).people]


@pytest.mark.parametrize(
    "text",
    [
        "Velmoor Labs, LLC and its owner, Dr. Petra Castellane, must pay.",
        "The clinic in Millbrook is run by Petra Castellane.",
        "Petra Castellane, who operated the Velmoor Cell Clinic, admitted it.",
        "Petra Castellane, M.D., president of Velmoor Labs, LLC, told nobody.",
        "Petra Castellane, 52, of Springdale, Iowa, the owner of Velmoor Cell Clinic, was sentenced.",
        "A suit against Velmoor Labs, LLC, Ostrand Bio, Inc. (formerly Karn) and Petra Castellane.",
        "Petra Castellane of Velmoor Labs, LLC was indicted.",
        "FDA is debarring Petra Castellane of Velmoor Labs, LLC.",
        "A judge found that Velmoor Wellness Group and Petra Castellane misled patients.",
    ],
)
def test_a_part_in_a_firm_names_a_person(text: str) -> None:
    assert people(text) == ["Petra Castellane"]


def test_one_list_names_all_who_are_in_it() -> None:
    text = "Laura Karn and Stephen van Ostrand of Velmoor International were indicted."
    assert people(text) == ["Laura Karn", "Stephen van Ostrand"]


@pytest.mark.parametrize(
    "text",
    [
        "Attorney General Petra Castellane sued Velmoor Labs, LLC.",
        "U.S. Attorney Petra Castellane announced that Velmoor Labs, LLC will pay.",
        "U.S. District Judge Petra Castellane ordered Velmoor Labs, LLC to pay.",
        "Special Agent Petra Castellane said so.",
        "Press contact: Petra Castellane",
        "It belongs to Velmoor Labs, LLC, Cedar Falls, Iowa.",
        "The study by Castellane et al. was not about this.",
    ],
)
def test_officials_authors_and_towns_are_nobody(text: str) -> None:
    assert people(text) == []


LETTER = (
    "Dear Dr. Castellane:\nYour owner, Mr. John Ostrand, told our investigator, Mary Ficton, so. "
    "Send your answer to Ann Karn, Director, at ann.karn@fda.hhs.gov.\n"
    "Sincerely,\n/S/\nGreta Officialson\nDirector\nOffice of Compliance\n"
    "cc:\nPaul Karnsted\nVelmoor Research LLC\n12 Main Street\n"
)


def test_a_letter_names_officers_and_who_gets_a_copy_but_nobody_of_the_regulator() -> None:
    found = parties({"title": "Velmoor Labs, LLC", "office": "CBER", "subject": "CGMP", "text": LETTER}).people
    assert [(person.name, person.title, person.firm) for person in found] == [
        ("John Ostrand", "owner", ""),
        ("Paul Karnsted", "", "Velmoor Research LLC"),
    ]


def test_degrees_are_not_part_of_a_name() -> None:
    assert people("A settlement with Bryn J. Karnsted, D.O., PhD, Velmoor Labs, Inc., and others.") == [
        "Bryn J. Karnsted"
    ]
