"""Quotations, differences, citations and the timeline: what they show of any text, and how much at most."""

import re
from datetime import UTC, date, datetime
from difflib import unified_diff

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.site.citing import Cited, bibtex, linked_data, sentence
from publish.site.differences import difference, weight_of
from publish.site.quoting import AROUND, LONGEST, MARKS, TOGETHER, passages, snippet
from publish.site.sizes import cut, weight
from publish.site.timeline import MOST, timeline
from stemwatch.changes import lines_replaced
from stemwatch.relevance import Reason
from stemwatch.views import CorrectionView, FieldChange, HistoryView
from tests.publish.conftest import notice

NOW = datetime(2025, 1, 28, 16, tzinfo=UTC)
TEXTS = st.text(st.sampled_from("ab <&>\"'\n\u202e\x02\x03é細{}\\$%"), max_size=300)


def reason(text: str, phrase: str, why: str = "names a product", field: str = "text") -> Reason:
    start = text.index(phrase)
    return Reason(phrase=phrase, field=field, why=why, start=start, end=start + len(phrase))


def test_phrases_that_stand_together_share_a_quotation() -> None:
    text = f"{'before ' * 60}the umbilical cord and exosomes of the firm{' after' * 60}"
    (passage,) = passages([reason(text, "umbilical cord"), reason(text, "exosomes", "exosomes")], {"text": text})
    assert [part.text for part in passage.parts if part.marked] == ["umbilical cord", "exosomes"]
    shown = "".join(part.text for part in passage.parts)
    assert shown.startswith("… before")
    assert shown.endswith("after …")
    assert "the umbilical cord and exosomes of" in shown
    assert passage.why == ("names a product", "exosomes")


def test_what_is_not_seen_takes_no_blank_with_it() -> None:
    text = "the \u202eexosome\u202c firm"
    (passage,) = passages([reason(text, "exosome")], {"text": text})
    assert "".join(part.text for part in passage.parts) == "the exosome firm"


def test_phrases_far_apart_are_quoted_each_in_its_place_weightiest_first() -> None:
    text = f"cord{' x' * 400} exosome"
    found = passages([reason(text, "exosome"), reason(text, "cord")], {"text": text})
    assert [passage.phrases for passage in found] == [("exosome",), ("cord",)]


def test_a_reason_without_a_place_is_told_by_its_phrase() -> None:
    (passage,) = passages([Reason(phrase="cord", field="text", why="old")], {"text": "other words"})
    assert (passage.parts, passage.phrases) == ((), ("cord",))
    beyond = Reason(phrase="cord", field="text", why="old", start=50, end=54)
    assert passages([beyond], {"text": "short"})[0].parts == ()


@given(TEXTS, st.lists(st.tuples(st.integers(0, 299), st.integers(1, 40)), max_size=12))
def test_a_quotation_is_bounded_and_shows_only_what_is_there(text: str, places: list[tuple[int, int]]) -> None:
    reasons = [
        Reason(phrase=text[at : at + size], field="text", why="x", start=at, end=at + size)
        for at, size in places
        if at + size <= len(text)
    ]
    squeezed = re.sub(r"[\s\u202e\x02\x03]", "", text)
    for passage in passages(reasons, {"text": text}):
        shown = "".join(part.text for part in passage.parts)
        assert len(shown) <= 2 * AROUND + TOGETHER * (LONGEST + AROUND) + 4
        assert re.sub(r"[\s…]", "", shown) in squeezed


@given(TEXTS)
def test_only_what_stands_between_the_marks_is_marked(text: str) -> None:
    clean = text.replace("\x02", "").replace("\x03", "")
    parts = snippet(f"before {MARKS[0]}found{MARKS[1]} {clean}")
    assert [part.text for part in parts if part.marked] == ["found"]
    assert not {"\x02", "\x03", "\u202e"} & set("".join(part.text for part in snippet(text)))


def lines_of(old: str, new: str) -> list[str]:
    return list(unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=0))[2:]


def test_a_reworded_line_shows_the_words_that_changed_and_a_new_one_stands_whole() -> None:
    shown = difference(lines_of("one two three four\nsame", "one two 3 four\nsame\nadded line"), 1000)
    assert [[(piece.kind, piece.text) for piece in line] for line in shown.lines] == [
        [("same", "one two"), ("del", "three"), ("ins", "3"), ("same", "four")],
        [("ins", "added line")],
    ]


@given(TEXTS, TEXTS, st.integers(0, 400))
def test_a_difference_keeps_within_its_bytes_and_counts_what_it_leaves_out(old: str, new: str, most: int) -> None:
    diff = lines_of(old, new)
    everything, shown = difference(diff, 10**6), difference(diff, most)
    assert shown.lines == everything.lines[: len(shown.lines)]
    assert everything.more == 0
    assert (shown.more == 0) == (shown.lines == everything.lines)
    assert len(shown.lines) <= 1 or sum(map(weight_of, shown.lines)) <= most


@given(TEXTS, st.integers(-5, 400))
def test_a_text_is_cut_to_the_bytes_it_takes_on_a_page(text: str, most: int) -> None:
    shown = cut(text, most)
    assert text.startswith(shown)
    assert weight(shown) <= max(0, most)
    assert shown == text or weight(text[: len(shown) + 1]) > most


@pytest.mark.parametrize("lines", [3, 6_000])
def test_texts_of_many_lines_are_compared_in_little_time(lines: int) -> None:
    before = [f"line {n}" for n in range(lines)]
    after = [*before[:1], "new", *before[2:]]
    assert list(lines_replaced(before, after))[1:] == ["-line 1", "+new"]
    assert list(lines_replaced(before, [*before, "end"]))[1:] == ["+end"]
    assert list(lines_replaced(before, before[1:]))[1:] == ["-line 0"]


def cited(title: str = "Example Biologics, Inc.") -> Cited:
    return Cited(notice("a", title), "https://watch.example.org/notices/a", NOW, "ab" * 32)


def test_a_citation_names_author_day_address_retrieval_and_proof() -> None:
    assert sentence(cited(), "Warning letter") == (
        "FDA (2026). Example Biologics, Inc. Warning letter, posted 20 January 2026. "
        "https://www.fda.gov/warning-letters/a. Retrieved 28 January 2025 by Stemwatch, SHA-256 "
        f"{'ab' * 32}. https://watch.example.org/notices/a."
    )
    assert "@misc{us-fda-warning-letters-a,\n  author = {{FDA}}," in bibtex(cited(), "Warning letter")


def test_without_an_address_that_lasts_a_citation_names_the_notice_by_its_id() -> None:
    unplaced = cited()._replace(address="")
    assert sentence(unplaced, "Order").endswith(". Notice us_fda_warning_letters/a.")
    assert "notice us\\_fda\\_warning\\_letters/a" in bibtex(unplaced, "Order")


@given(TEXTS)
def test_a_bibtex_entry_is_balanced_whatever_the_title(title: str) -> None:
    bare = re.sub(r"\\[{}$&#%_]", "", bibtex(cited(title), "Order"))
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"(?<!\\)[$%&#]", bare.replace("https://", ""))


@given(TEXTS)
def test_linked_data_cannot_end_its_element(title: str) -> None:
    assert not set(linked_data(cited(title))) & set("<>&")


def history(number: int, **other: object) -> HistoryView:
    values = {"verb": "edited", "cause": "source", "run": "r", "edited": (), "related": None, "diff": ()}
    return HistoryView(**{"change": number, "detected_at": NOW, **values, **other})  # type: ignore[arg-type]


def test_the_timeline_is_in_order_of_days_with_what_was_corrected() -> None:
    about = notice("a", issued_on=date(2025, 1, 2), posted_on=date(2025, 1, 28), closed_out_on=date(2025, 3, 1))
    edit = FieldChange(field="title", old="Old", new="New")
    wrong = CorrectionView(change=2, why="another firm", corrected_at=NOW)
    line = timeline(about, [history(1, verb="added"), history(2, edited=(edit,))], [wrong])
    assert [entry.dated or entry.verb for entry in line.entries] == [
        *("issued", "posted", "added", "edited", "closed_out"),
    ]
    assert line.entries[3].corrections == (wrong,)
    assert line.entries[3].edited == (edit,)


def test_a_long_life_shows_its_newest_part_and_says_how_much_is_left_out() -> None:
    many = [history(n, diff=("@@ -1 +1 @@", "-" + "x" * 4000, "+" + "y" * 4000)) for n in range(200)]
    line = timeline(notice("a", posted_on=None), many, [])
    assert (len(line.entries), line.more) == (MOST, 200 - MOST)
    shown = sum(weight_of(each) for entry in line.entries if entry.words for each in entry.words.lines)
    assert shown < 40_000
