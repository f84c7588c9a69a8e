"""A rule that cannot be understood does not load, and one sentence names the rule, the key and what is known."""

from typing import Any

import pytest

from stemwatch.errors import UsageError
from stemwatch.rules import Condition, Rule, read_rule
from tests.stemwatch.rules.samples import KNOWN


def nested(depth: int) -> dict[str, Any]:
    table: dict[str, Any] = {"query": "knee"}
    for _ in range(depth - 1):
        table = {"all": [table]}
    return table


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"relevence": ["possible"]}, "there is no key 'relevence'; known: relevance, "),
        ({"any": [{"querry": "a"}]}, "in any[0], there is no key 'querry'; known: query, "),
        ({"any": [{"title": "a"}]}, "in any[0], there is no key 'title'; "),
        ({"any": [{"query": "a"}, {}]}, "any[1] has no key, so it would hold for everything"),
        ({"verbs": ["aded"]}, "verbs has the unknown word 'aded'; known: added, "),
        ({"causes": ["us"]}, "causes has the unknown word 'us'; known: "),
        ({"stages": ["settled"]}, "stages has the unknown word 'settled'; known: settlement, "),
        ({"products": ["exosomes"]}, "products has the unknown word 'exosomes'; known: exosome, "),
        ({"routes": ["nasal"]}, "routes has the unknown word 'nasal'; known: intranasal, "),
        ({"relevance": ["Relevant"]}, "relevance has the unknown word 'Relevant'; known: relevant, "),
        ({"sources": ["us_fda_letters"]}, "sources has the unknown word 'us_fda_letters'; known: us_fda_warning_"),
        ({"regulators": ["fda"]}, "regulators has the unknown word 'fda'; known: FDA, MHLW"),
        ({"kinds": ["letter"]}, "kinds has the unknown word 'letter'; known: "),
        ({"jurisdictions": ["Germany"]}, "jurisdictions has the unknown word 'Germany'; known: DE, "),
        ({"jurisdictions": ["XX"]}, " more"),
        ({"none": [{"all": [{"verbs": ["new"]}]}]}, "in none[0].all[0], verbs has the unknown word 'new'"),
        (
            {"query": '"knee'},
            "query cannot be used. The search '\"knee' cannot be understood: a quotation mark is",
        ),
        (
            {"any": [{"query": "(knee"}]},
            "in any[0], query cannot be used. The search '(knee' cannot be understood",
        ),
        ({"query": ""}, "there is nothing to look for"),
        ({"query": ["knee"]}, "query must be one text in quotation marks"),
        ({"title": 3}, "title must be one text in quotation marks"),
        ({"verbs": "added"}, "verbs must be a list of words in quotation marks"),
        ({"clinics": [3]}, "clinics must be a list of words in quotation marks"),
        ({"any": {"query": "a"}}, "any must be a list of tables"),
        ({"none": ["a"]}, "none must be a list of tables"),
        ({"clinics": ["..."]}, "clinics has '...', which holds no letter and no digit"),
        ({"people": ["a" * 201]}, "people has a word of more than 200 characters"),
        ({"title": "a" * 201}, "its title is longer than 200 characters"),
        ({"places": ["a"] * 501}, "places has 501 words; 500 are the most"),
        ({"any": [{"query": "a"}] * 200}, "it has 201 tables; 200 are the most"),
        (nested(9), "its tables are nested more than 8 deep"),
        (nested(5_000), "its tables are nested more than 8 deep"),
        ([], "it is no table of keys"),
    ],
)
def test_it_is_refused_in_one_sentence(table: object, sentence: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_rule("knees", table, KNOWN)
    told = str(refused.value)
    assert told.startswith("The rule 'knees' cannot be used: ")
    assert sentence in told
    assert (told.endswith("."), told.count("\n"), refused.value.exit_code) == (True, 0, 2)
    assert len(told) < 500


def test_it_is_kept_as_it_was_written() -> None:
    table = {"title": "Knees", "query": "knee", "any": [{"places": ["FL"]}, {"clinics": ["c-1"], "none": []}]}
    inner = (Condition(places=("FL",)), Condition(clinics=("c-1",)))
    assert read_rule("knees", table, KNOWN) == Rule(title="Knees", query="knee", any=inner)


def test_a_rule_may_go_as_deep_as_the_limit() -> None:
    assert len(list(read_rule("knees", nested(8), KNOWN).within())) == 8


@pytest.mark.parametrize("name", ["", "two words", "a" * 81, "subscription\npress"])
def test_a_name_is_one_word(name: str) -> None:
    with pytest.raises(UsageError, match="a name is made of letters, digits, - and _"):
        read_rule(name, {}, KNOWN)
