"""Who a notice names: what holds for every notice, and whole notices read at once."""

import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.parties import digest, parties
from stemwatch.parties.records import Brand, Firm, Parties, Person

LETTER = {
    "title": "Quorlind Health Partners LLC dba Quorlind Cell Center",
    "recipient_firm": "Quorlind Health Partners LLC dba Quorlind Cell Center",
    "recipient": "Dr. Petra Castellane, MD, PhD",
    "recipient_title": "President and CEO",
    "address": "12 Harbor Road, Suite 4; Cedar Falls, IA 50613-1234; United States",
    "email": "office@quorlind-cells.com",
    "reference": "CBER-25-700001",
    "office": "Center for Biologics Evaluation and Research",
    "subject": "CGMP",
    "text": (
        "WARNING LETTER\nDear Dr. Castellane:\nWe inspected your firm, Quorlind Health Partners LLC (hereafter "
        "“Quorlind”), FEI 3012345678, located at 12 Harbor Road, Suite 4, Cedar Falls, IA 50613. Your website, "
        "https://www.quorlind-cells.com/therapy, offers your product, VelaCord™. It is manufactured by "
        "Tavholme Labs, Inc. Dr. Castellane also controls the Ostrand Academy of Cells, Inc."
        "\nSincerely,\nGreta Officialson\nDirector"
    ),
}

WORDS = [
    *(
        "Quorlind",
        "LLC",
        ", Inc.",
        "d/b/a",
        "your firm, ",
        "formerly",
        "Dr.",
        "Petra Castellane",
        ", M.D.",
        "located at",
    ),
    *(
        "12 Main St, Cedar Falls, IA 50613",
        "www.quorlind.com",
        "FEI 3012345678",
        "™",
        "「クリニック」に対し",
        "바이오를",
        "株式会社",
    ),
    *(
        "\u202e",
        "\u00ad",
        "ﬁrm",
        "İ",
        "ß",
        "🧬",
        "\x00",
        "\u0301",
        " and ",
        " of ",
        "against ",
        "(",
        "“",
        "\n",
        "; ",
        "USA",
    ),
]
TEXTS = st.one_of(
    st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join), st.lists(st.sampled_from(WORDS)).map("".join)
)
NAMES = (
    "title",
    "recipient_firm",
    "firm",
    "recipient",
    "recipient_title",
    "address",
    "country",
    "email",
    "text",
    "products",
)


def mentions(found: Parties) -> list[tuple[str, int, int]]:
    groups = (found.firms, found.people, found.websites, found.numbers, found.addresses, found.brands)
    return [(mention.field, mention.start, mention.end) for group in groups for mention in group]


@given(st.dictionaries(st.sampled_from(NAMES), TEXTS), st.sampled_from(["en", "ja", "ko", "zh", "fr"]))
def test_every_mention_is_what_the_field_says_there(fields: dict[str, str], language: str) -> None:
    found = parties(fields, language)
    for field, start, end in mentions(found):
        assert 0 <= start < end <= len(fields[field])
    named: tuple[Firm | Person | Brand, ...] = (*found.firms, *found.people, *found.brands)
    assert all(one.name == fields[one.field][one.start : one.end] for one in named)
    for number in found.numbers:
        assert number.value == fields[number.field][number.start : number.end]


def test_a_letter_names_its_firm_its_recipient_and_their_ties() -> None:
    found = parties(LETTER)
    assert [(firm.name, firm.tie) for firm in found.firms] == [
        ("Quorlind Health Partners LLC", "subject"),
        ("Quorlind Cell Center", "alias"),
        ("Quorlind", "alias"),
        ("Tavholme Labs, Inc.", "supplier"),
        ("Ostrand Academy of Cells, Inc.", "affiliate"),
    ]
    assert [(person.name, person.title) for person in found.people] == [("Petra Castellane", "President and CEO")]
    assert [(site.domain, site.kind, site.own) for site in found.websites] == [
        ("quorlind-cells.com", "email", True),
        ("quorlind-cells.com", "site", True),
    ]
    assert [(number.kind, number.value) for number in found.numbers] == [
        ("marcs", "700001"),
        ("fei", "3012345678"),
    ]
    assert [(at.city, at.region, at.country) for at in found.addresses] == [("Cedar Falls", "IA", "US")]
    assert [brand.name for brand in found.brands] == ["VelaCord"]


def test_a_press_release_that_names_its_office_is_no_letter() -> None:
    fields = {
        "title": "United States Sues Clinic and Its Owner",
        "office": "Civil Division",
        "text": "The United States filed a complaint against Quorlind Health Partners LLC and Petra Castellane.",
    }
    assert [firm.name for firm in parties(fields).firms] == ["Quorlind Health Partners LLC"]


def test_a_notice_without_fields_names_nobody() -> None:
    assert parties({}) == Parties()


def test_the_digest_is_the_same_each_time() -> None:
    assert digest() == digest()


HOSTILE = [
    *(
        "A ",
        "A, ",
        "1 A, ",
        "Aa ",
        "Aa Bb and ",
        "Dr. Ann Bee, ",
        "Quorlind LLC, ",
        "12 Main ",
        "a.",
        "a.a@",
        "www.",
        "\n",
    ),
    *(
        " ",
        "(",
        "「",
        "「クリニック」",
        "((旧",
        "바이오 ",
        "d/b/a X ",
        "Aa®",
        "CBER-25-1",
        "MD, ",
        "\u202e",
        "A.",
        "Aa-",
    ),
]


def calls(text: str, language: str) -> int:
    """How many functions were called, Python's own included."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        parties({"title": text, "text": text, "address": text, "recipient": text}, language)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_costs_no_more_than_its_length(unit: str, language: str) -> None:
    once, twice = (calls(unit * (size // len(unit)), language) for size in (2_000, 4_000))
    assert twice < 2.5 * once + 1000
