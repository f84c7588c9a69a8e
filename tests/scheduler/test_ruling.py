"""Rules are looked at on the command line before anybody relies on them."""

from collections.abc import Callable
from pathlib import Path

from tests.scheduler.conftest import NAME, Run

RULES = """
[rules.exosomes]
title = "Exosomes"
query = "exosome*"
[rules.brazil]
jurisdictions = ["BR"]
[[subscriptions]]
name = "press"
channel = "json://localhost"
rule = "exosomes"
[[subscriptions]]
name = "desk"
channel = "json://localhost"
relevance = ["possible"]
"""
Settings = Callable[[str], Path]


def test_every_rule_is_shown_with_what_it_covers_and_what_can_never_match(run: Run, settings: Settings) -> None:
    settings(RULES)
    done = run("rules", "check", "--json")
    rules = {record["rule"]: record for record in done.records}
    assert (done.code, done.err) == (0, "")
    assert list(rules) == ["exosomes", "brazil", "subscription desk"]
    assert rules["exosomes"]["subscriptions"] == ["press"]
    assert NAME in rules["exosomes"]["sources"]
    assert "query: exosome*" in rules["exosomes"]["asks"]
    assert (rules["brazil"]["subscriptions"], rules["brazil"]["sources"]) == ([], [])
    (warning,) = rules["brazil"]["warnings"]
    assert warning.startswith("It can never match: ")
    told = run("rules", "check")
    assert (told.code, told.err) == (0, f"Rule 'brazil': {warning}\n")
    assert "exosomes" in told.out


def test_a_rule_that_cannot_be_understood_ends_the_check(run: Run, settings: Settings) -> None:
    settings("[rules.exosomes]\nverb = ['added']\n")
    done = run("rules", "check")
    assert (done.code, done.out) == (2, "")
    assert "The rule 'exosomes' cannot be used: there is no key 'verb'; known: verbs, " in done.err


def test_a_rule_is_tried_on_what_is_stored(run: Run, moved: Path, settings: Settings) -> None:
    settings(RULES)
    (found,) = run("rules", "backtest", "exosomes", "--json").records
    assert found["happened"] > found["hits"] > 0
    assert found["hits"] == sum(month["changes"] + month["first_look"] for month in found["months"])
    newest = found["examples"][0]
    assert newest["why"][0].startswith("“Exosomes”: it is new, counts as relevant, and fits the search exosome*")
    (later,) = run("rules", "backtest", "exosomes", "--since", newest["day"], "--json").records
    assert 0 < later["hits"] < found["hits"]
    told = run("rules", "backtest", "exosomes")
    assert f"exosomes: {found['hits']} of {found['happened']} that happened" in told.err
    assert newest["title"] in told.out


def test_the_rule_of_a_subscription_can_be_tried_and_an_unknown_name_is_refused(
    run: Run, moved: Path, settings: Settings
) -> None:
    settings(RULES)
    (found,) = run("rules", "backtest", "desk", "--json").records
    assert all("counts as possible" in why for hit in found["examples"] for why in hit["why"])
    done = run("rules", "backtest", "exosome")
    assert (done.code, done.out) == (2, "")
    assert "There is no rule and no subscription 'exosome'; known: exosomes, " in done.err


def test_before_the_first_crawl_there_is_nothing_to_try_a_rule_on(run: Run, settings: Settings) -> None:
    settings(RULES)
    done = run("rules", "backtest", "exosomes")
    assert (done.code, done.out) == (0, "")
    assert "Nothing is stored of these days" in done.err
