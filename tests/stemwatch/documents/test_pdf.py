"""PDF to text: paragraphs made whole, and every file that gives none told in a sentence."""

import pytest

from stemwatch.documents import Unreadable, read
from tests.stemwatch.documents.builders import pdf, with_content

LINES = [
    "Harbour Centre",
    "Our cells from the umbilical cord cure multiple sclerosis. They come from well-",
    "known donors and have no side effects, as hundreds of patients will tell you if you ask",
    "them. The laboratory is known for its re-",
    "generative work.",
    "",
    "Exosomes by vein reverse the disease of Parkinson in nine of ten cases, and they also",
    "help with arthritis of the knee, the hip and the shoulder of people who were told to wait.",
    "• Autism in children",
    "• Loss of hair",
]


def lines(*pages: list[str]) -> list[str]:
    return read(pdf(*pages)).text.split("\n")


def test_lines_become_paragraphs_and_parted_words_whole() -> None:
    first, cells, exosomes, *items = lines(LINES)
    assert first == "Harbour Centre"
    assert "come from well-known donors" in cells
    assert cells.endswith("if you ask them. The laboratory is known for its regenerative work.")
    assert exosomes.startswith("Exosomes by vein")
    assert exosomes.endswith("who were told to wait.")
    assert items == ["• Autism in children", "• Loss of hair"]


def test_a_word_parted_by_its_line_loses_the_hyphen() -> None:
    page = [
        "The cells were given to forty people by a nurse, and the treat-",
        "ment was paid for in advance by all.",
    ]
    assert lines(page) == [
        "The cells were given to forty people by a nurse, and the treatment was paid for in advance by all."
    ]


def test_a_sentence_goes_on_behind_the_page_s_number() -> None:
    first = ["A line of print that is as long as the others", "We treat everyone who comes to us and their", "12"]
    assert "and their parents, too." in read(pdf(first, ["parents, too."])).text


def test_the_title_and_the_type_are_told() -> None:
    document = read(pdf(LINES, title="Cells for  all"), media_type="text/plain")
    assert (document.title, document.media_type, document.notes) == ("Cells for all", "application/pdf", ())


def test_a_file_locked_against_changes_alone_is_read() -> None:
    assert "Harbour Centre" in read(pdf(LINES, password="")).text


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (pdf(LINES, password="secret"), "flyer.pdf is locked with a password."),
        (pdf([]), "flyer.pdf is a scan:"),
        (pdf(LINES)[:-120], "flyer.pdf is a PDF that is broken or cut off."),
        (pdf(LINES)[:200], "flyer.pdf is a PDF that is broken or cut off."),
        (b"%PDF-1.7\n", "flyer.pdf is a PDF that is broken or cut off."),
        (b"no PDF at all", "flyer.pdf is said to be a PDF and is none."),
    ],
)
def test_a_file_without_text_says_why(body: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(body, name="flyer.pdf")


def test_a_page_that_unpacks_to_a_hundred_megabytes_is_not_unpacked() -> None:
    with pytest.raises(Unreadable, match="broken"):
        read(with_content(b"BT (a) Tj ET " + b" " * 100_000_000))


def test_one_bad_page_is_noted_and_the_others_are_read() -> None:
    body = pdf(LINES, ["second"]).replace(b"/Contents 5 0 R", b"/Contents 5 5 R")
    assert "second" in read(body).text
