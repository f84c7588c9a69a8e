"""Two normal forms: what is kept, and what is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.text import clean, clean_lines, comparable


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Chara \t Biologics,\nInc. ", "Chara Biologics, Inc."),
        ("Cha\u00adra\u200b\u200d\u2060\ufeff", "Chara"),
        ("a\x00b\x1bc\x7fd\ud800", "abcd"),
        ("one\u00a0two\u2009three\x85four", "one two three four"),
        ("“typographic” – kept", "“typographic” – kept"),
    ],
)
def test_clean_keeps_one_line_as_a_reader_sees_it(raw: str, kept: str) -> None:
    assert clean(raw) == kept


def test_clean_lines_keeps_paragraphs_and_no_empty_lines() -> None:
    assert clean_lines(" One \r\n\r\n  two\tthree \n \n\x85four\n") == "One\ntwo three\nfour"


@pytest.mark.parametrize("dash", "‐‑‒–—―−")
def test_every_dash_compares_as_a_hyphen(dash: str) -> None:
    assert comparable(f"HCT{dash}P") == "HCT-P"


@pytest.mark.parametrize("quote", "‘’‚‛′`´")
def test_every_single_quote_compares_as_an_apostrophe(quote: str) -> None:
    assert comparable(f"Whartons{quote} jelly") == "Whartons' jelly"


@pytest.mark.parametrize("quote", "“”„‟″«»")
def test_every_double_quote_compares_as_a_plain_one(quote: str) -> None:
    assert comparable(f"{quote}cure") == '"cure'


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u200f"])
def test_marks_without_width_do_not_count(mark: str) -> None:
    assert comparable(f"exo{mark}some") == "exosome"


def test_compatibility_forms_compare_as_plain_letters() -> None:
    assert comparable("ﬁrm №１") == "firm No1"


def test_letters_and_case_count() -> None:
    assert comparable("LLC") != comparable("Llc")
    assert comparable("España") != comparable("Espana")


@given(st.text())
def test_what_was_cleaned_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


@given(st.lists(st.text(alphabet="ab-' é", min_size=1)), st.sampled_from([" ", "\u00a0", "  ", "\t\u200b "]))
def test_how_words_are_spaced_never_counts(words: list[str], gap: str) -> None:
    assert comparable(gap.join(words)) == comparable(" ".join(words))
