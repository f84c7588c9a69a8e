"""What people type into a search: understood as they mean it, never taken for the index's own language."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.errors import UsageError
from stemwatch.search import FIELDS, expression

DOCUMENTS = {
    1: (
        "Chara Biologics, Inc.",
        "CBER",
        "BLA",
        "698004",
        "umbilical cord and exosomes at AT&T, see 21 CFR 211.22",
    ),
    2: ("Kimera Labs, Inc.", "Office of Biological Products", "IDE", "649343", "exosomes from placenta"),
    3: ("Lions Eye Bank", "CBER", "HCT/P", "", "corneas, no stem cell product"),
}


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE search USING fts5 ({', '.join(FIELDS.values())})")
    for number, values in DOCUMENTS.items():
        connection.execute(
            "INSERT INTO search (rowid, title, office, subject, case_number, body) VALUES (?,?,?,?,?,?)",
            (number, *values),
        )
    return connection


def found(index: sqlite3.Connection, query: str) -> list[int]:
    sql = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid"
    return [row[0] for row in index.execute(sql, [expression(query)])]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("exosomes", [1, 2]),
        ("exosomes umbilical", [1]),
        ("exosomes AND umbilical", [1]),
        ("umbilical OR placenta", [1, 2]),
        ("umbilical OR placenta exosomes", [1, 2]),
        ('"umbilical cord"', [1]),
        ('"cord umbilical"', []),
        ("exosomes NOT umbilical", [2]),
        ("exosomes -umbilical", [2]),
        ("umbil*", [1]),
        ("title:chara", [1]),
        ("title:exosomes", []),
        ("office:CBER -title:lions", [1]),
        ("case:649343", [2]),
        ("text:corneas OR (exosomes placenta)", [2, 3]),
        ("and", [1]),
        ("AT&T", [1]),
        ("chara & biologics", [1]),
        ("21 CFR 211.22", [1]),
        ("HCT/P", [3]),
        ("foo:bar", []),
        ("NEAR(exosomes umbilical)", []),
    ],
)
def test_a_query_finds_what_its_writer_meant(index: sqlite3.Connection, query: str, numbers: list[int]) -> None:
    assert found(index, query) == numbers


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "nothing to look for"),
        ("   ", "nothing to look for"),
        ("NOT exosomes", "NOT needs something to be found first"),
        ("-exosomes", "NOT needs something to be found first"),
        ('"umbilical cord', "a quotation mark is not closed"),
        ("(exosomes", "an opening bracket has no closing one"),
        ("exosomes)", "a closing bracket has no opening one"),
        ("()", "nothing to look for"),
        ("exosomes AND", "AND has nothing after it"),
        ("AND exosomes", "AND has nothing before it"),
        ("exosomes OR", "nothing to look for"),
        ("exosomes NOT", "the end stands where a word is due"),
        ('clinic:"chara"', "there is no field 'clinic'"),
        ("***", "nothing to look for"),
        ("(" * 30 + "a" + ")" * 30, "nested more than"),
        ("a" * 2000, "characters long"),
    ],
)
def test_a_query_that_cannot_be_understood_is_one_sentence(query: str, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        expression(query)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.text(alphabet=st.sampled_from("ab \"*()-:ANDORT^+{}'&\x00é日"), max_size=40))
def test_whatever_is_typed_the_index_understands_it_or_we_say_why_not(query: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE search USING fts5 ({', '.join(FIELDS.values())})")
    try:
        written = expression(query)
    except UsageError:
        return
    connection.execute("SELECT rowid FROM search WHERE search MATCH ?", [written]).fetchall()
    connection.close()
