"""Whoever writes a rule that nothing can meet is told so, and nobody else is."""

from typing import Any

import pytest

from stemwatch.rules import examined
from tests.stemwatch.rules.samples import KNOWN, LETTERS, ORDERS, rule

NEVER = "It can never match: "


@pytest.mark.parametrize(
    ("table", "warning"),
    [
        ({"verbs": ["baseline"]}, f"{NEVER}a baseline is always silent."),
        ({"verbs": ["baseline", "added"]}, "The verb baseline is always silent and can be left out."),
        ({"products": []}, f"{NEVER}its list of products is empty."),
        ({"any": []}, f"{NEVER}its list any is empty."),
        (
            {"sources": [LETTERS], "jurisdictions": ["JP"]},
            f"{NEVER}no source that it may come from has the jurisdictions JP.",
        ),
        ({"jurisdictions": ["FR"]}, f"{NEVER}no source that it may come from has the jurisdictions FR."),
        (
            {"jurisdictions": ["JP"], "all": [{"regulators": ["FDA"]}]},
            f"{NEVER}no source that it may come from has the regulators FDA.",
        ),
        (
            {"verbs": ["added"], "all": [{"verbs": ["edited"]}]},
            f"{NEVER}verbs edited is none of those that it asks for otherwise (added).",
        ),
        (
            {"any": [{"relevance": ["possible"]}, {"query": "knee"}]},
            "Its part any[0] can never match: relevance possible is none of those that it asks for otherwise "
            "(relevant).",
        ),
        (
            {"any": [{"clinics": []}, {"all": [{"people": []}]}]},
            f"{NEVER}in any[0], its list of clinics is empty; in any[1], its list of people is empty.",
        ),
        ({"none": [{"relevance": ["relevant"]}]}, f"{NEVER}none[0] leaves out everything that the rest asks for."),
        (
            {"query": "knee", "none": [{"query": "hip"}, {"any": [{"query": "knee"}, {"query": "toe"}]}]},
            f"{NEVER}none[1] leaves out everything that the rest asks for.",
        ),
        (
            {"all": [{"products": ["exosome"]}], "none": [{"products": ["exosome", "amniotic"]}]},
            f"{NEVER}none[0] leaves out everything that the rest asks for.",
        ),
    ],
)
def test_a_contradiction_is_told_with_its_reason(table: dict[str, Any], warning: str) -> None:
    assert examined(rule(**table), KNOWN).warnings == (warning,)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"sources": [LETTERS], "jurisdictions": ["US"], "regulators": ["FDA", "MHLW"]},
        {"relevance": ["relevant", "possible"], "none": [{"relevance": ["relevant"]}]},
        {"products": ["exosome", "amniotic"], "none": [{"products": ["exosome"]}]},
        {"none": [{"relevance": ["relevant"], "query": "hip"}]},
        {"none": [{"none": [{"query": "hip"}]}]},
        {"query": "knee", "none": [{"query": "knee", "places": ["FL"]}]},
        {"any": [{"query": "knee"}, {"clinics": ["Harbor Cells"]}], "none": [{"jurisdictions": ["JP"]}]},
        {"all": [], "none": []},
    ],
)
def test_a_rule_that_something_can_meet_is_no_cause_for_a_warning(table: dict[str, Any]) -> None:
    assert examined(rule(**table), KNOWN).warnings == ()


def test_the_sources_that_a_rule_can_match_are_told() -> None:
    assert examined(rule(), KNOWN).sources == (ORDERS, LETTERS)
    assert examined(rule(jurisdictions=["US"]), KNOWN).sources == (LETTERS,)
    assert examined(rule(sources=[LETTERS, ORDERS], regulators=["MHLW"]), KNOWN).sources == (ORDERS,)
