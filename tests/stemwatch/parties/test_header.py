"""The fields beside the text, and what the forms of titles say."""

import pytest

from stemwatch.parties import parties


def of_title(title: str, **fields: str) -> list[tuple[str, str]]:
    return [(firm.name, firm.tie) for firm in parties({"title": title, **fields}).firms]


def test_the_title_of_a_letter_is_its_firm_with_its_other_names() -> None:
    assert of_title("Velmoor Labs, LLC, previously operating as Ostrand Bio, formerly Karn", office="CBER") == [
        ("Velmoor Labs, LLC", "subject"),
        ("Ostrand Bio", "former"),
        ("Karn", "former"),
    ]


@pytest.mark.parametrize(
    ("title", "firm"),
    [
        ("Untitled Letter - Velmoor Cells", "Velmoor Cells"),
        ("Warning Letter Regarding Unsubstantiated Claims: Velmoor Bio", "Velmoor Bio"),
        ("Exosome solution, 5 mL (Velmoor Biologics, LLC)", "Velmoor Biologics, LLC"),
        ("United States v. Velmoor Cells, Inc.", "Velmoor Cells, Inc."),
        ("State of Texas v. Velmoor Cell Clinic, et al.", "Velmoor Cell Clinic"),
        ("People v. Velmoor Regen Center", "Velmoor Regen Center"),
        ("Velmoor Stem Cell Holdings, Inc., et al.", "Velmoor Stem Cell Holdings, Inc."),
        ("United States v. Velmoor Cells, LLC, 403 F. Supp. 3d 1279", "Velmoor Cells, LLC"),
        ("Unregistered Vials Sold by Velmoor Trading", "Velmoor Trading"),
    ],
)
def test_forms_of_titles_name_their_subject(title: str, firm: str) -> None:
    assert of_title(title) == [(firm, "subject")]


def test_an_order_names_a_person() -> None:
    assert [person.name for person in parties({"title": "Petra Castellane: Final Debarment Order"}).people] == [
        "Petra Castellane"
    ]


def test_the_general_words_of_a_headline_are_no_firm() -> None:
    text = "Velmoor Med Spa injected exosomes."
    assert of_title("Attorney General Sues Med Spa over Exosome Injections", text=text) == [
        ("Velmoor Med Spa", "subject")
    ]


def test_a_headline_that_shortens_a_name_adds_none() -> None:
    text = "A judge found that Velmoor Wellness Group misled people."
    assert of_title("Court Orders Velmoor Wellness to Pay", text=text) == [("Velmoor Wellness Group", "subject")]


def test_several_recipients_have_their_own_titles() -> None:
    fields = {
        "recipient_firm": "Velmoor, Inc.",
        "recipient": "Mr. Jon Doe; Ann Karn, PharmD",
        "recipient_title": "CEO; Owner",
    }
    assert [(person.name, person.title, person.firm) for person in parties(fields).people] == [
        ("Jon Doe", "CEO", "Velmoor, Inc."),
        ("Ann Karn", "Owner", "Velmoor, Inc."),
    ]


@pytest.mark.parametrize("recipient", ["(b)(6)", "Owner", "", "Dr. Karn"])
def test_what_is_no_whole_name_is_nobody(recipient: str) -> None:
    assert parties({"recipient": recipient, "recipient_firm": "Velmoor, Inc."}).people == ()


def test_a_letter_to_a_physician_names_no_firm() -> None:
    found = parties({"title": "Petra A. Castellane, M.D., Ph.D.", "office": "CDER", "subject": "CGMP"})
    assert found.firms == ()
    assert [person.name for person in found.people] == ["Petra A. Castellane"]
