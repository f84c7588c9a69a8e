"""A name is found however it is spelt, and nothing else is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from stemwatch.matching import Document
from stemwatch.rules.names import Name, Spellings, allowance, near
from tests.stemwatch.rules.samples import changed, why


def spelt(name: str, text: str) -> str | None:
    return Name(name).spelling(Document({"body": text}))


@pytest.mark.parametrize(
    ("name", "text", "spelling"),
    [
        ("Harbor Cells", "sold by Harbor Cells of Tampa", "harbor cells"),
        ("Harbor Cells, LLC", "HARBOR CELLS INC.", "harbor cells"),
        ("Harbor Cells", "sold by Harbour Cells", "harbour cells"),
        ("Harbor Cells", "sold by Habror Cells", "habror cells"),
        ("Harbor Cells", "see www.harborcells.example", "harborcells"),
        ("Bioharbor", "Bio Harbor", "bio harbor"),
        ("Clínica Médula", "Clinica Medula", "clinica medula"),
        ("Harbor Cells", "Harbor sells", None),
        ("Harbor Cells", "harbor of cells", None),
        ("Harbor Cells", "Cells Harbor", None),
        ("Ward 12 Clinic", "Ward 13 Clinic", None),
        ("Cell", "cells", None),
        ("Inc.", "Foo Inc.", "inc"),
    ],
)
def test_near_spellings_count_and_others_do_not(name: str, text: str, spelling: str | None) -> None:
    assert spelt(name, text) == spelling


def test_a_name_does_not_run_from_one_field_into_the_next() -> None:
    assert Name("Harbor Cells").spelling(Document({"title": "Harbor", "body": "cells"})) is None


def test_the_spelling_is_told_as_the_notice_prints_it() -> None:
    subject = changed(clinic_names=(), texts={"title": "HARBOUR-CELLS Inc."})
    assert "Harbor Cells (spelt “HARBOUR-CELLS” in the notice)" in why(subject, clinics=["Harbor Cells"])


def test_a_name_that_the_notice_does_not_have_is_told_as_another_name_of_its_clinic() -> None:
    subject = changed(clinic_names=("Talvex Labs",), other_names=("Brinna Cove LLC",))
    assert "names Brinna Cove (by another name)." in why(subject, clinics=["Brinna Cove"])
    assert "names Brina Cove (by another name of “Brinna Cove”)." in why(subject, clinics=["Brina Cove"])
    assert "names Talvex Labs." in why(subject, clinics=["Talvex Labs"])
    assert why(subject, people=["Brinna Cove"]) == ""


def test_hostile_text_is_read_in_time() -> None:
    text = " ".join(["harborx" + letter for letter in "abcdefgh"] * 20_000)
    assert spelt("Harborxa Harborxb Zebra", text) is None
    assert spelt("Harborxa", "harborx" * 100_000) is None


letters = st.text(alphabet="harbo12", min_size=1, max_size=11)


@given(st.sets(letters, min_size=1), letters)
def test_the_index_of_spellings_finds_what_comparing_each_word_finds(words: set[str], word: str) -> None:
    assert set(Spellings(words).of(word)) == {name for name in words if near(name, [word])}


@given(letters, letters)
def test_a_near_spelling_is_as_many_letters_off_as_its_length_allows(name: str, word: str) -> None:
    digits = [[sign for sign in text if sign.isdigit()] for text in (name, word)]
    expected = OSA.distance(name, word) <= allowance(name) and name[0] == word[0] and digits[0] == digits[1]
    assert bool(near(name, [word])) == expected
