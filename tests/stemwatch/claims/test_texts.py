"""Whole texts: what a clinic's advertisement claims is found, and a text that promises nothing asserts nothing."""

import tomllib
from pathlib import Path

import pytest

from stemwatch.claims import claims

HERE = Path(__file__).parent
EXPECTED = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))


def text(name: str) -> str:
    return (HERE / "texts" / f"{name}.txt").read_text(encoding="utf-8")


def test_every_text_has_its_expectations() -> None:
    assert sorted(path.stem for path in (HERE / "texts").iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_text_claims_exactly_what_is_expected(name: str) -> None:
    found = {f"{claim.category} {claim.grade} {claim.disease}".strip() for claim in claims(text(name))}
    assert found == set(EXPECTED[name]["claims"])


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["balanced"]])
def test_a_text_that_promises_nothing_asserts_nothing(name: str) -> None:
    assert [claim for claim in claims(text(name)) if claim.grade == "asserts"] == []


def test_what_a_clinic_says_is_quoted_where_it_stands() -> None:
    quotes = {(claim.category, claim.quote) for claim in claims(text("clinic_news")) if claim.grade == "asserts"}
    assert ("safety", "There's no danger whatsoever.") in quotes
    assert any(category == "testimonial" and "hiking with her children" in quote for category, quote in quotes)
    assert any(category == "testimonial" and "back in his workshop" in quote for category, quote in quotes)
    assert any(category == "offer" and "$14,900" in quote for category, quote in quotes)


def test_product_and_route_are_carried_to_where_they_are_not_named_again() -> None:
    story = "Umbilical cord stem cells are given by IV drip. The cells cure lupus."
    (cure,) = [claim for claim in claims(story) if claim.category == "disease"]
    assert (cure.disease, cure.product, cure.route) == (
        "Lupus Erythematosus, Systemic",
        "umbilical_cord",
        "intravenous",
    )
