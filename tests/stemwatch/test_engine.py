"""How a phrase is written, and where it is found. The plain way of looking stands beside it as the judge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.engine import Engine, understood
from stemwatch.folding import fold


def found(text: str, *phrases: str) -> list[str]:
    folded = fold(text)
    places = Engine(phrases).places(folded, phrases)
    return [text[slice(*folded.place(start, end))] for start, end, _ in places]


@pytest.mark.parametrize(
    ("text", "phrase", "wording"),
    [
        ("the Stem-Cells here", "stem cell*", "Stem-Cells"),
        ("stem/cell", "stem cell", "stem/cell"),
        ("systemcell stem cell", "stem cell", "stem cell"),
        ("HCT/P’s and more", "hct/p's", "HCT/P’s"),
        ("more than minimally manipulated", "more than minimal* manipulat*", "more than minimally manipulated"),
        ("CELULAS MADRE", "célula* madre", "CELULAS MADRE"),
        ("自己NK細胞の投与", "nk細胞", "NK細胞"),
        ("自己脂肪由来幹細胞", "脂肪由来", "脂肪由来"),
        ("제대혈을 판매", "제대혈", "제대혈"),
        ("자가줄기세포를", "*줄기세포", "줄기세포"),
    ],
)
def test_a_phrase_is_found_as_its_language_writes_it(text: str, phrase: str, wording: str) -> None:
    assert found(text, phrase) == [wording]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("stem cellar", "stem cell"),
        ("stem. Cell", "stem cell"),
        ("unstem cell", "stem cell"),
        ("minimal manipulation", "minimal* x"),
        ("자가줄기세포", "줄기세포"),
    ],
)
def test_a_word_ends_where_its_language_ends_it(text: str, phrase: str) -> None:
    assert found(text, phrase) == []


def test_the_longest_phrase_wins_and_a_long_one_that_fails_hides_nothing() -> None:
    assert found("plant stem cells", "stem cell*", "plant stem cell*") == ["plant stem cells"]
    assert found("plant stem cells sold", "stem cell*", "plant stem cells solder") == ["stem cells"]
    assert found("cord blood bank data", "cord blood", "cord blood bank*", "bank data") == ["cord blood bank"]


def test_neighbours_share_the_blank_between_them() -> None:
    assert found("exosome cord exosome", "exosome", "cord") == ["exosome", "cord", "exosome"]


def test_a_phrase_that_has_no_meaning_here_hides_nothing() -> None:
    text, phrases = fold("plant stem cell"), ("plant stem cell", "stem cell")
    assert [number for *_, number in Engine(phrases).places(text, (None, "meant"))] == [1]


@pytest.mark.parametrize("phrase", ["", " ", "*", "a *", "ho*rn", "*horn", "a ** b", "幹細胞*", "$$", "a $* b"])
def test_what_is_no_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="is not a phrase"):
        understood(phrase)


WORDS = ["stem", "cell", "cells", "cord", "blood", "stemcell", "x"]
PHRASES = (
    "stem cell",
    "stem cell*",
    "stem*",
    "cell*",
    "cord blood",
    "blood",
    "cord blood stem*",
    "cell x",
    "stem* x",
)


def plainly(text: str) -> list[tuple[int, int]]:
    """Word by word: at each place the phrase that reaches furthest, then on behind it."""
    words, place, places = text.split(), 0, []
    while place < len(words):
        reach = max((_reach(words[place:], phrase.split()) for phrase in PHRASES), default=0)
        if reach:
            places.append((place, place + reach))
        place += reach or 1
    return places


def _reach(words: list[str], phrase: list[str]) -> int:
    pairs = list(zip(words, phrase, strict=False))
    fits = all(word.startswith(part[:-1]) if part.endswith("*") else word == part for word, part in pairs)
    return len(phrase) if fits and len(pairs) == len(phrase) else 0


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_one_pass_finds_what_the_plain_way_finds(text: str) -> None:
    expected = [" ".join(text.split()[start:end]) for start, end in plainly(text)]
    assert found(text, *PHRASES) == expected
