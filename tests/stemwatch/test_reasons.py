"""What holds of every judgement, whatever the text: reasons point at it, and evidence never weighs against."""

from hypothesis import given
from hypothesis import strategies as st

from stemwatch.phrases import FIELDS
from stemwatch.relevance import judge
from stemwatch.text import comparable
from stemwatch.words import LABELS, PRODUCTS, ROUTES

WORDS = [
    "stem",
    "cell",
    "cells",
    "plant",
    "exosomes",
    "umbilical-cord",
    "fertility",
    "hct/p",
    "unapproved",
    "ß",
    "İ",
    "cord\u00adblood",
    "umbilical \u200b cord",
    "ＥＸＯＳＯＭＥ",
    "re\u0301gén\u00e9ration",
    "cellule* souches",
    "臍帯血",
    "NK細胞",
    "脂肪由来\n幹細胞",
    "줄기세포를",
    "外泌體",
]
anything = st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@given(st.dictionaries(st.sampled_from(FIELDS), anything))
def test_any_text_gets_a_label_a_share_and_reasons_that_are_in_it(fields: dict[str, str]) -> None:
    result = judge(fields)
    assert result.label in LABELS
    assert 0 <= result.score <= 1
    assert set(result.products) <= set(PRODUCTS)
    assert set(result.routes) <= set(ROUTES)
    assert judge(fields) == result


@given(st.dictionaries(st.sampled_from(FIELDS), anything))
def test_a_reason_points_at_the_very_characters_that_the_regulator_printed(fields: dict[str, str]) -> None:
    for reason in judge(fields).reasons:
        printed = fields[reason.field][reason.start : reason.end]
        assert comparable(printed).casefold() == reason.phrase
        assert judge({reason.field: printed}).reasons


@given(
    anything, st.sampled_from(["exosomes", "HCT/P", "unlicensed biological product", "stromal vascular fraction"])
)
def test_more_evidence_never_lowers_the_score(text: str, evidence: str) -> None:
    before = {"title": "Exosomes", "text": f"Exosomes. {text}"}
    after = {**before, "text": f"Exosomes. {text} | {evidence}."}
    assert judge(after).score >= judge(before).score
