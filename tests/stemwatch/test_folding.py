"""Texts are folded for looking, and each place in a folded text leads back to the characters that were stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.folding import Folded, _piece_by_piece, fold


def words(text: str) -> str:
    return fold(text).text.strip()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Stem Cells", "stem cells"),
        ("stem-cell", "stem cell"),
        ("stem–cell", "stem cell"),
        ("stem\n \tcell", "stem cell"),
        ("stem\u00a0cell", "stem cell"),
        ("ste\u00adm ce\u200bll", "stem cell"),
        ("Wharton’s", "wharton s"),
        ("Wharton's", "wharton s"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("ﬁxed", "fixed"),
        ("CÉLULAS", "celulas"),
        ("ce\u0301lulas", "celulas"),
        ("Straße", "strasse"),
        ("œil", "oeil"),
        ("exosome™ gel", "exosome  gel"),
        ("stem, cell", "stem  cell"),
        ("PRP療法", "prp 療法"),
        ("自己NK細胞", "自己 nk 細胞"),
        ("幹\n細胞", "幹細胞"),
        ("幹、細胞", "幹 細胞"),
        ("ｴｸｿｿｰﾑ", "エクソソーム"),
        ("か\u3099ん", "がん"),
        ("줄기세포 치료", "줄기세포 치료"),
        ("", ""),
        ("\u200b", ""),
    ],
)
def test_what_a_reader_takes_for_the_same_is_the_same(text: str, folded: str) -> None:
    assert words(text) == folded


@given(st.text(alphabet="ab Ée\u0301\u00ad\u200b\n-–’ﬁ幹細줄기ｶﾞ\u3099ßA1_,", max_size=40))
def test_each_word_leads_back_to_characters_that_fold_to_it(text: str) -> None:
    folded = fold(text)
    place = 0
    for word in folded.text.split(" "):
        if word:
            start, end = folded.place(place, place + len(word))
            assert 0 <= start < end <= len(text)
            assert fold(text[start:end]).text.strip() == word
        place += len(word) + 1


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=40))
def test_the_quick_way_gives_what_the_long_way_gives(text: str) -> None:
    quick, long = fold(text), _piece_by_piece(text)
    assert quick.text.split() == long.text.split()


@given(st.text(max_size=60))
def test_any_text_folds_to_small_words_between_blanks(text: str) -> None:
    folded = fold(text)
    assert isinstance(folded, Folded)
    assert folded.text.startswith(" ")
    assert folded.text.endswith(" ")
    assert folded.text == folded.text.casefold()
