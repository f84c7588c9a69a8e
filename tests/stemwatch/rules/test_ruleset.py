"""The index yields exactly what asking every rule of every change yields."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.rules import RuleSet, Subject, examined
from stemwatch.rules.evaluating import prepared
from stemwatch.rules.reading import Reading
from stemwatch.words import CAUSES, LABELS, PRODUCTS, STAGES, VERBS
from tests.stemwatch.rules.samples import KNOWN, LETTERS, ORDERS, changed, rule

words = (
    "knee",
    "joint",
    "pain",
    "harbor",
    "harbour",
    "cells",
    "harborcells",
    "meridian",
    "bio",
    "Tampa",
    "biopain",
)
texts = st.lists(st.sampled_from(words), max_size=6).map(" ".join)
names = st.sampled_from(["Harbor Cells", "Meridian", "Biopain", "Pain Bio", "c-17", "Joint Pain Center", "Knees"])
queries = st.sampled_from(
    ["knee", "kne*", '"joint pain"', "knee OR harbour", "pain -knee", "title:joint", "(bio OR tampa) meridian"]
)


def some(of: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(of), min_size=1, max_size=3, unique=True)


keys = st.fixed_dictionaries(
    {},
    optional={
        "sources": some((LETTERS, ORDERS)),
        "jurisdictions": some(("US", "JP", "FR")),
        "verbs": some(VERBS),
        "causes": some(CAUSES),
        "relevance": some(LABELS),
        "stages": some(STAGES),
        "products": some(PRODUCTS),
        "clinics": st.lists(names, max_size=2),
        "people": st.lists(names, max_size=2),
        "places": some(("Tampa", "FL", "Joint")),
        "query": queries,
    },
).filter(bool)
tables = st.recursive(
    keys,
    lambda inner: st.fixed_dictionaries(
        {"query": queries},
        optional={key: st.lists(inner, max_size=3) for key in ("all", "any", "none")},
    ),
    max_leaves=6,
)
subjects = st.builds(
    changed,
    verb=st.sampled_from([verb for verb in VERBS if verb != "baseline"]),
    source=st.sampled_from([LETTERS, ORDERS]),
    relevance=st.sampled_from(LABELS),
    stage=st.sampled_from(["", *STAGES]),
    products=some(PRODUCTS).map(tuple),
    clinics=st.sampled_from([(), ("c-17",)]),
    clinic_names=st.lists(texts, max_size=2).map(tuple),
    other_names=st.lists(texts, max_size=1).map(tuple),
    people=st.lists(texts, max_size=1).map(tuple),
    texts=st.fixed_dictionaries({"title": texts, "body": texts}),
)


@settings(max_examples=60)
@given(st.lists(tables, max_size=8), st.lists(subjects, max_size=6))
def test_the_index_finds_what_asking_every_rule_finds(raw: list[dict[str, Any]], changes: list[Subject]) -> None:
    rules = {str(number): rule(**table) for number, table in enumerate(raw)}
    told = [msgspec.structs.replace(subject, change=number) for number, subject in enumerate(changes)]
    found = [(match.change, match.rule, match.reasons) for match in RuleSet(rules).matches(told)]
    expected = [
        (subject.change, name, tuple(reasons))
        for subject in told
        for name, asked in rules.items()
        if (reasons := prepared(asked).met(Reading(subject))) is not None
    ]
    assert found == expected


@given(tables, st.lists(subjects, min_size=1, max_size=6))
def test_a_rule_of_which_it_is_said_that_it_never_matches_never_does(
    table: dict[str, Any], changes: list[Subject]
) -> None:
    asked = rule(**table)
    if any(warning.startswith("It can never match") for warning in examined(asked, KNOWN).warnings):
        placed = [msgspec.structs.replace(change, **_of(change.source)) for change in changes]
        assert list(RuleSet({"mine": asked}).matches(placed)) == []


def _of(source: str) -> dict[str, str]:
    return {"jurisdiction": KNOWN.sources[source].jurisdiction, "regulator": KNOWN.sources[source].regulator}


def test_what_the_index_has_learned_from_early_changes_does_not_lose_later_ones() -> None:
    rules = RuleSet({"mine": rule(query="knee", products=["exosome"])})
    early = [changed(change=number, texts={"body": "knee"}, products=()) for number in range(200)]
    assert [match.change for match in rules.matches([*early, changed(change=999)])] == [999]
    assert [match.change for match in rules.matches([changed(change=1000)])] == [1000]


@pytest.mark.parametrize(
    ("table", "body"),
    [
        ({"clinics": ["Bioharbor"]}, "sold by Bio Harbor"),
        ({"clinics": ["Bio Harbor"]}, "sold by Bioharbour"),
        ({"clinics": ["Bio Harbor"]}, "sold by Bio Harbour"),
        ({"any": [{"query": "knee"}, {"none": [{"query": "knee"}]}]}, "hip"),
        ({"places": ["Saint Augustine"]}, "in Saint Augustine"),
        ({"query": '"joint pai"*'}, "joint pains"),
    ],
)
def test_the_index_leads_to_a_rule_whichever_way_it_is_met(table: dict[str, Any], body: str) -> None:
    subject = msgspec.structs.replace(changed(clinic_names=(), people=(), places=()), texts={"body": body})
    assert len(list(RuleSet({"mine": rule(**table)}).matches([subject]))) == 1
