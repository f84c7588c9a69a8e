"""Numbers under which a firm or a case is kept."""

import pytest

from stemwatch.parties import parties


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        *(("Velmoor Labs, FEI 3012345678, at", "fei", "3012345678"), ("FEI: 1234567", "fei", "1234567")),
        ("FDA Establishment Identifier (FEI) number 3012345678", "fei", "3012345678"),
        *(("MARCS-CMS 698004", "marcs", "698004"), ("CMS# 663150", "marcs", "663150")),
        *(("CBER-25-698004", "marcs", "698004"), ("WARNING LETTER\n24-654674\nDear", "marcs", "654674")),
        *(
            ("Case No. 0:18-cv-61047", "docket", "0:18-cv-61047"),
            ("Docket FDA-2025-N-0123", "docket", "FDA-2025-N-0123"),
        ),
        ("No. 19-13276", "docket", "19-13276"),
    ],
)
def test_a_number_is_known_by_what_stands_before_it(text: str, kind: str, value: str) -> None:
    assert [(number.kind, number.value) for number in parties({"text": text}).numbers] == [(kind, value)]


@pytest.mark.parametrize("text", ["call 240-402-9156", "320-25-72", "in 2018-2019", "ORDER 123456 units"])
def test_other_numbers_are_none(text: str) -> None:
    assert parties({"text": text}).numbers == ()


def test_a_number_is_told_once_where_it_stands_first() -> None:
    fields = {"reference": "CBER-25-698004", "text": "MARCS-CMS 698004"}
    assert [(number.field, number.value) for number in parties(fields).numbers] == [("reference", "698004")]
