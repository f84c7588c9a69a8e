"""A search finds a text in memory exactly when the search index finds it."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stemwatch.errors import UsageError
from stemwatch.matching import Document
from stemwatch.search import FIELDS, expression, parse

COLUMNS = tuple(FIELDS.values())
words = st.sampled_from(
    ["knee", "Knees", "joint", "pain", "STEM", "cells", "cell's", "émile", "Emile", "日本", "e\u0301"]
)
signs = st.text(alphabet=st.sampled_from(" -.,;'\"&/\u0301é²日ǡ\u200b\U0001f3fbſ"), max_size=3)
texts = st.lists(st.tuples(words, signs).map("".join), max_size=8).map(" ".join)
documents = st.fixed_dictionaries(dict.fromkeys(COLUMNS, texts))
terms = st.one_of(
    words,
    words.map(lambda word: word[:2] + "*"),
    st.lists(words, min_size=1, max_size=3).map(lambda found: f'"{" ".join(found)}"'),
    st.lists(words, min_size=2, max_size=2).map(lambda found: f'"{found[0]} {found[1][:2]}"*'),
    st.tuples(st.sampled_from(list(FIELDS)), words).map(":".join),
    st.tuples(words, signs, words).map("".join),
)
queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" AND ", " OR ", " NOT ", " ", " -"]), inner).map("".join),
        inner.map(lambda query: f"({query})"),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    shape = f"{', '.join(COLUMNS)}, tokenize = 'unicode61 remove_diacritics 2'"
    connection.execute(f"CREATE VIRTUAL TABLE search USING fts5 ({shape})")
    yield connection
    connection.close()


def indexed(index: sqlite3.Connection, document: dict[str, str], written: str) -> bool:
    index.execute("DELETE FROM search")
    index.execute(
        f"INSERT INTO search VALUES ({', '.join('?' * len(COLUMNS))})", [document[column] for column in COLUMNS]
    )
    return index.execute("SELECT 1 FROM search WHERE search MATCH ?", [written]).fetchone() is not None


@given(documents, queries)
@example({**dict.fromkeys(COLUMNS, ""), "title": "joint", "body": "pain"}, '"joint pain"')
@example({**dict.fromkeys(COLUMNS, ""), "body": "Émile's knees"}, '"emile s kne"*')
def test_a_search_finds_what_the_index_finds(
    index: sqlite3.Connection, document: dict[str, str], query: str
) -> None:
    try:
        node = parse(query)
    except UsageError:
        return
    assert Document(document).finds(node) == indexed(index, document, expression(query))


@given(documents, st.text(alphabet=st.sampled_from("knepa b\"*()-:ANDORT'&\u0301é日²"), max_size=25))
def test_whatever_is_typed_finds_what_the_index_finds(
    index: sqlite3.Connection, document: dict[str, str], query: str
) -> None:
    try:
        node = parse(query)
    except UsageError:
        return
    assert Document(document).finds(node) == indexed(index, document, expression(query))
