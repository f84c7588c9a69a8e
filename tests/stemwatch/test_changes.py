"""The difference of one notice, as a function."""

from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.changes import PageContent, Stored, compare, compare_pages, field_changes, same_firm
from stemwatch.records import Listed
from stemwatch.text import comparable
from stemwatch.words import Status
from tests.store.builders import CHARA, changed, page

fields = st.dictionaries(st.sampled_from("abc"), st.text(alphabet="xy -–'’\u200b", max_size=4))


def stored(row: Listed, status: Status = "listed") -> Stored:
    return Stored(
        content=row.content(), closed_out_on=row.closed_out_on, responded_on=row.responded_on, status=status
    )


CLOSED = changed(CHARA, closed_out_on=date(2025, 6, 3))


@given(fields)
def test_nothing_differs_from_itself(one: dict[str, str]) -> None:
    assert list(field_changes(one, one)) == []


@given(fields, fields)
def test_a_difference_reads_the_same_backwards(one: dict[str, str], other: dict[str, str]) -> None:
    there = [(edit.field, edit.old, edit.new) for edit in field_changes(one, other)]
    back = [(edit.field, edit.new, edit.old) for edit in field_changes(other, one)]
    assert there == back


@given(fields, fields)
def test_a_difference_names_just_the_fields_that_read_otherwise(
    one: dict[str, str], other: dict[str, str]
) -> None:
    named = {edit.field for edit in field_changes(one, other)}
    assert named == {name for name in "abc" if comparable(one.get(name, "")) != comparable(other.get(name, ""))}


def test_a_listed_notice_compared_with_its_own_row_is_no_change() -> None:
    assert compare(stored(CLOSED), CLOSED, trusted=True).verbs == ()


def test_a_close_out_is_told_by_trusted_and_untrusted_runs_alike() -> None:
    for trusted in (True, False):
        assert compare(stored(CHARA), CLOSED, trusted=trusted).verbs == ("closed_out",)


def test_a_close_out_that_moves_or_vanishes_is_an_edit() -> None:
    assert [edit.new for edit in compare(stored(CLOSED), CHARA, trusted=True).edited] == [""]
    moved = changed(CHARA, closed_out_on=date(2025, 7, 1))
    assert compare(stored(CLOSED), moved, trusted=True).verbs == ("edited",)


def test_an_untrusted_run_sees_no_edit() -> None:
    row = changed(CHARA, title="Other, Inc.")
    assert compare(stored(CLOSED), row, trusted=False) == compare(stored(CLOSED), CLOSED, trusted=False)


def test_a_return_outweighs_its_edits_and_stands_first() -> None:
    row = changed(CLOSED, title="Other, Inc.")
    difference = compare(stored(CHARA, "delisted"), row, trusted=True)
    assert difference.verbs == ("relisted", "closed_out")
    assert [edit.field for edit in difference.edited] == ["title"]


def test_pages_tell_label_fields_and_that_the_text_was_edited() -> None:
    old = PageContent(label="WARNING LETTER", fields={"reference": "CBER-25-698004"}, text="One.")
    new = page(CHARA, "Two.", label="CLOSEOUT LETTER", fields={"email": "(b)(6)"})
    assert [edit.field for edit in compare_pages(old, new)] == ["email", "label", "reference", "text"]
    assert compare_pages(old, msgspec.structs.replace(new, label=old.label, fields=old.fields, text="One. ")) == ()


def test_a_firm_is_the_same_whatever_its_case_and_punctuation() -> None:
    assert same_firm("ProDx Health, Inc.", "PRODX HEALTH INC")
    assert not same_firm("DC Vapor", "Sugar Vapor")
    assert not same_firm("", "")
    assert not same_firm("---", "...")
