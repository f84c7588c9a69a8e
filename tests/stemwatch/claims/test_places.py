"""Where claims stand, whatever the text; and how much work they cost."""

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.claims import claims
from stemwatch.claims.sentences import LONGEST, sentences

WORDS = (
    "we|treat|MS|lupus|not|no|side effects|umbilical cord stem cells|IV drip|may|clinics|claim|“|”|—|.|!|?|,|:|;|"
    "\n|\n\n|•|- |$4,900|90 %|but|if|FDA approved|she|can walk|o  |\u202e|\xad|é|幹細胞|。|\r\n|…|risks include:"
).split("|")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.text(max_size=80)
NEUTRAL = "\n\nThe weather in the valley was mild that year, and the harvest came in early.\n\n"


@given(TEXTS)
@settings(max_examples=150)
def test_a_quote_is_what_stands_at_its_place(text: str) -> None:
    found = claims(text)
    assert all(text[claim.start : claim.end] == claim.quote and claim.quote.strip() for claim in found)
    assert [claim.start for claim in found] == sorted(claim.start for claim in found)
    assert len(set(found)) == len(found)


@given(TEXTS)
@settings(max_examples=100)
def test_sentences_cover_a_text_once(text: str) -> None:
    found = sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(0 < sentence.end - sentence.start <= LONGEST for sentence in found)


@given(TEXTS.filter(lambda text: "\n" not in text and "\r" not in text))
@settings(max_examples=100)
def test_a_neutral_paragraph_changes_no_claim(text: str) -> None:
    def told(whole: str) -> list[tuple[str, ...]]:
        return [
            (claim.category, claim.grade, claim.disease, claim.product, claim.quote) for claim in claims(whole)
        ]

    assert told(f"{text.strip()}{NEUTRAL}") == told(f"{text.strip()}\n\n") == told(f"{NEUTRAL}{text.strip()}")


def calls(work: Callable[[], Any]) -> int:
    """How many functions are called, C functions too."""
    count = 0

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


HOSTILE = (
    "no |treats multiple sclerosis |‘a’ claims |“ |. |no\n|• MS\n|o  |if a, |risks include:\n|?|$1|幹|a|\n|- |"
    "\u202e\u200f|:\n|we treat MS but not lupus, and it is said that |, we "
).split("|")


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text_and_not_faster(piece: str) -> None:
    claims(piece)
    short, long = ((piece * size)[:size] for size in (4_000, 16_000))
    assert calls(lambda: claims(long)) < 5 * calls(lambda: claims(short)) + 2_000


def test_a_text_of_one_endless_word_is_read() -> None:
    assert claims("a" * 5_000_000) == ()
    assert claims("?" * 1_000_000) == ()
