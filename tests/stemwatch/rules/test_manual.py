"""docs/rules.md: its examples do what it says, and it names every key and word there is."""

import re
import tomllib
from pathlib import Path

import pytest

from stemwatch.rules import Condition, Rule, RuleSet, examined, read_rule
from stemwatch.rules.language import DEEPEST, DEFAULTS, LONGEST_WORD, MOST_CONDITIONS, MOST_WORDS
from stemwatch.words import CAUSES, LABELS, PRODUCTS, ROUTES, STAGES, VERBS
from tests.stemwatch.rules.samples import HARBOR, KNOWN

MANUAL = (Path(__file__).resolve().parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n\[rules\.(\S+)\]\n(.*?)```.*?^> (.*?)$", MANUAL, re.MULTILINE | re.DOTALL)
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", MANUAL, re.MULTILINE))


@pytest.mark.parametrize(("name", "table", "why"), EXAMPLES, ids=[name for name, _, _ in EXAMPLES])
def test_an_example_meets_the_letter_it_speaks_of_and_says_why(name: str, table: str, why: str) -> None:
    rule = read_rule(name, tomllib.loads(table), KNOWN)
    assert [match.why for match in RuleSet({name: rule}).matches([HARBOR])] == [why]
    assert examined(rule, KNOWN).warnings == ()


def test_every_example_is_tried() -> None:
    assert len(EXAMPLES) == MANUAL.count("```toml") == 4


def test_every_key_is_explained_and_no_other() -> None:
    assert set(ROWS) == {*Condition.__struct_fields__, "title"} == set(Rule.__struct_fields__)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("stages", STAGES),
        ("verbs", VERBS),
        ("causes", CAUSES),
        ("relevance", LABELS),
        ("products", PRODUCTS),
        ("routes", ROUTES),
    ],
)
def test_every_word_of_a_key_is_named(key: str, words: tuple[str, ...]) -> None:
    assert set(re.findall(r"`(\w+)`", ROWS[key])) == set(words)


def test_the_defaults_and_limits_are_those_that_hold() -> None:
    (stated,) = [table for name, table, _ in EXAMPLES if name == "everything-relevant"]
    assert tomllib.loads(stated) == {key: list(words) for key, words in DEFAULTS.items()}
    limits = (
        f"at most {MOST_CONDITIONS} tables, {DEEPEST} deep; a list {MOST_WORDS} words of {LONGEST_WORD} characters"
    )
    assert limits in MANUAL
