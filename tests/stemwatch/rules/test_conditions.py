"""What each key of a rule means, how tables combine, and what a match says of itself."""

from typing import Any

import pytest

from stemwatch.rules import RuleSet
from stemwatch.rules.language import DEFAULTS
from stemwatch.words import CAUSES, LABELS, VERBS, Cause, Label, Verb
from tests.stemwatch.rules.samples import HARBOR, LETTERS, ORDERS, changed, rule, why

PLAINLY = "It is new, counts as relevant, and "


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"sources": [ORDERS, LETTERS]}, "is from us_fda_warning_letters."),
        ({"jurisdictions": ["JP", "US"]}, "is from US."),
        ({"regulators": ["FDA"]}, "is by FDA."),
        ({"kinds": ["order", "warning_letter"]}, "is of the kind warning letter."),
        ({"stages": ["warning"]}, "has come as far as warning."),
        ({"products": ["exosome", "placenta", "amniotic"]}, "is about exosome and amniotic."),
        ({"routes": ["intra_articular"]}, "speaks of the route intra articular."),
        ({"clinics": ["c-17"]}, "names c-17."),
        ({"clinics": ["Meridian Joint Institute"]}, "names Meridian Joint Institute."),
        ({"clinics": ["Harbor Cells"]}, "names Harbor Cells (spelt “Harbour Cells” in the notice)."),
        ({"people": ["Jorge Almeida"]}, "names Jorge Almeida."),
        ({"people": ["Dr. Jorge Almeida, MD"]}, "names Dr. Jorge Almeida, MD."),
        ({"people": ["Ana Perez"]}, "names Ana Perez."),
        ({"places": ["FL"]}, "names FL."),
        ({"places": ["St. Petersburg", "Saint Augustine"]}, "names Saint Augustine."),
        ({"query": 'knee "joint pain" -hip'}, 'fits the search knee "joint pain" -hip.'),
    ],
)
def test_a_change_that_meets_a_key_says_by_which_of_its_words(table: dict[str, Any], told: str) -> None:
    assert why(**table) == PLAINLY + told


@pytest.mark.parametrize(
    "table",
    [
        {"sources": [ORDERS]},
        {"jurisdictions": ["JP"]},
        {"regulators": ["MHLW"]},
        {"kinds": ["order"]},
        {"stages": ["settlement", "closed"]},
        {"products": ["placenta"]},
        {"routes": ["nebulised"]},
        {"clinics": ["c-1", "Kimera Labs"]},
        {"people": ["Ana Gomez"]},
        {"places": ["GA"]},
        {"places": ["of"]},
        {"query": "knee -exosomes"},
    ],
)
def test_a_change_without_any_word_of_a_key_does_not_meet_it(table: dict[str, Any]) -> None:
    assert why(**table) == ""


@pytest.mark.parametrize("verb", DEFAULTS["verbs"])
def test_without_a_word_about_it_everything_that_happens_to_a_relevant_notice_is_wanted(verb: Verb) -> None:
    assert why(changed(verb=verb)).endswith("and counts as relevant.")


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause != "source"])
def test_what_the_regulator_did_not_do_is_wanted_by_those_alone_who_ask_for_it(cause: Cause) -> None:
    assert why(changed(cause=cause)) == ""
    assert "is seen because" in why(changed(cause=cause), causes=["source", cause])


@pytest.mark.parametrize("label", LABELS)
def test_a_notice_is_wanted_by_those_who_asked_for_its_label(label: Label) -> None:
    assert why(changed(relevance=label), relevance=[label]) == f"It is new and counts as {label}."
    assert why(changed(relevance=label), relevance=[other for other in LABELS if other != label]) == ""
    assert bool(why(changed(relevance=label))) == (label == "relevant")


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_wanted_by_those_who_asked_for_it_and_a_baseline_by_nobody(verb: Verb) -> None:
    assert bool(why(changed(verb=verb), verbs=[verb])) == (verb != "baseline")
    assert why(changed(verb=verb), verbs=[other for other in VERBS if other != verb]) == ""


def test_all_keys_of_a_table_must_be_met() -> None:
    assert why(products=["exosome"], query="knee") == f"{PLAINLY[:-4]}is about exosome, and fits the search knee."
    assert why(products=["exosome"], query="hip") == ""


def test_tables_combine_by_all_any_and_none() -> None:
    knee, hip, exosome = {"query": "knee"}, {"query": "hip"}, {"products": ["exosome"]}
    assert why(all=[knee, exosome])
    assert why(all=[knee, hip]) == ""
    assert why(any=[hip, knee]) == f"{PLAINLY}fits the search knee."
    assert why(any=[hip, {"query": "elbow"}]) == ""
    assert why(none=[hip, {"jurisdictions": ["JP"]}])
    assert why(none=[hip, exosome]) == ""
    assert why(none=[{"all": [knee, hip]}])
    assert why(any=[{"all": [knee, {"none": [hip]}]}])


def test_every_way_in_which_any_is_met_is_told_once() -> None:
    ways: list[dict[str, Any]] = [{"query": "knee"}, {"places": ["Tampa"], "query": "knee"}]
    assert why(any=ways) == f"{PLAINLY[:-4]}fits the search knee, and names Tampa."


def test_the_defaults_hold_for_the_rule_and_not_for_the_tables_in_it() -> None:
    possible = changed(relevance="possible")
    assert why(possible, any=[{"relevance": ["possible"]}]) == ""
    assert why(possible, relevance=["possible"], none=[{"query": "hip"}])


def test_a_title_introduces_the_reasons() -> None:
    assert why(title="Knees", query="knee") == "“Knees”: it is new, counts as relevant, and fits the search knee."


def test_the_texts_are_read_for_those_rules_alone_that_look_at_them() -> None:
    assert not RuleSet({"mine": rule(products=["exosome"], none=[{"stages": ["closed"]}])}).reads_texts
    assert RuleSet({"mine": rule(none=[{"query": "hip"}])}).reads_texts
    assert RuleSet({"mine": rule(any=[{"clinics": ["Harbor Cells"]}])}).reads_texts


def test_one_change_meets_each_of_several_rules_in_their_order() -> None:
    rules = RuleSet({"b": rule(query="knee"), "no": rule(query="hip"), "a": rule(clinics=["c-17"])})
    assert [match.rule for match in rules.matches([HARBOR])] == ["b", "a"]
