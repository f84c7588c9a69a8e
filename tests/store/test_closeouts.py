"""Close-outs and responses: a change of their letter, never a new warning."""

from datetime import date
from typing import Any

import pytest

from stemwatch.records import Page
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, World, changed, letter, page

CLOSED = changed(
    KIMERA, closed_out_on=date(2025, 6, 3), closed_out_url="https://www.fda.gov/warning-letters/kimera-06022025"
)
RESPONDED = changed(KIMERA, responded_on=date(2025, 4, 1), responded_url="https://www.fda.gov/response/kimera")
OWN_ROW = letter(
    "kimera-labs-inc-649343-06022025", "KIMERA LABS INC", case_number="649343", posted_on=date(2025, 6, 3)
)
SAYS_SO = page(OWN_ROW, "FDA has evaluated your actions.", label="CLOSEOUT LETTER", kind="closeout_letter")


def test_a_close_out_column_that_fills_is_one_closed_out_and_no_edited(world: World) -> None:
    world.run([CHARA, KIMERA])
    assert world.run([CHARA, CLOSED]) == [f"closed_out {KIMERA.key}"]
    assert world.run([CHARA, CLOSED]) == []
    notice = world.notice(KIMERA)
    assert (notice.closed_out_on, notice.closed_out_url) == (CLOSED.closed_out_on, CLOSED.closed_out_url)
    assert notice.stage == "closed"


def test_a_response_is_one_responded(world: World) -> None:
    world.run([CHARA, KIMERA])
    assert world.run([CHARA, RESPONDED]) == [f"responded {KIMERA.key}"]
    assert world.run([CHARA, RESPONDED]) == []


def test_a_letter_closed_out_on_the_day_it_is_posted_is_added_and_closed_out_once(world: World) -> None:
    world.run([CHARA])
    assert world.run([CHARA, CLOSED]) == [f"added {KIMERA.key}", f"closed_out {KIMERA.key}"]
    assert (world.view.added, world.view.closed_out) == (1, 1)
    assert world.run([CHARA, CLOSED]) == []


def test_a_close_out_beside_an_edit_is_told_beside_it(world: World) -> None:
    world.run([KIMERA])
    brought = world.run([changed(CLOSED, subject="HCT/P")])
    assert sorted(brought) == [f"closed_out {KIMERA.key}", f"edited {KIMERA.key}"]


@pytest.mark.parametrize("by_page", [True, False])
def test_a_close_out_letter_with_a_row_of_its_own_closes_its_letter_and_is_not_added(
    world: World, by_page: bool
) -> None:
    world.run([CHARA, KIMERA])
    rows = [CHARA, KIMERA, OWN_ROW if by_page else changed(OWN_ROW, kind="closeout_letter")]
    assert world.run(rows, *([SAYS_SO] if by_page else [])) == [f"closed_out {KIMERA.key}"]
    notice = world.notice(KIMERA)
    assert (notice.closed_out_on, notice.closed_out_url) == (OWN_ROW.posted_on, OWN_ROW.url)
    assert world.run(rows) == []


def test_the_letter_says_when_and_where_such_a_row_closed_it(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CHARA, KIMERA, OWN_ROW], SAYS_SO)
    letter = world.store.dossier(f"{NAME}/{KIMERA.key}").notice
    assert (letter.stage, letter.closed_out_on, letter.closed_out_url) == (
        "closed",
        OWN_ROW.posted_on,
        OWN_ROW.url,
    )


def test_such_a_row_in_the_first_run_is_silent(world: World) -> None:
    world.run([CHARA, KIMERA, OWN_ROW], SAYS_SO)
    assert world.told() == []


def test_such_a_row_posted_together_with_its_letter_closes_it_once(world: World) -> None:
    world.run([CHARA])
    brought = world.run([OWN_ROW, KIMERA, CHARA], SAYS_SO)
    assert brought == [f"added {KIMERA.key}", f"closed_out {KIMERA.key}"]


def test_such_a_row_read_a_run_late_still_closes_its_letter(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CHARA, KIMERA, OWN_ROW])
    assert world.run([CHARA, KIMERA, OWN_ROW], SAYS_SO) == [f"closed_out {KIMERA.key}"]


def test_a_letter_closed_by_such_a_row_stays_closed_when_it_is_edited(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CHARA, KIMERA, OWN_ROW], SAYS_SO)
    assert world.run([CHARA, changed(KIMERA, subject="HCT/P"), OWN_ROW]) == [f"edited {KIMERA.key}"]
    assert [field for field, _, _ in world.edited()] == ["subject"]
    assert world.notice(KIMERA).closed_out_on == OWN_ROW.posted_on


def test_what_a_page_says_its_notice_is_survives_an_edit_of_the_list(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CHARA, KIMERA, OWN_ROW], SAYS_SO)
    world.run([CHARA, KIMERA, changed(OWN_ROW, subject="Close-out")])
    assert [field for field, _, _ in world.edited()] == ["subject"]
    assert world.notice(OWN_ROW).kind == "closeout_letter"


def test_the_column_that_follows_such_a_row_is_no_second_close_out(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CHARA, KIMERA, OWN_ROW], SAYS_SO)
    column = changed(KIMERA, closed_out_on=OWN_ROW.posted_on, closed_out_url=OWN_ROW.url)
    assert world.run([CHARA, column, OWN_ROW]) == []


def test_a_close_out_letter_of_nobody_we_know_is_added(world: World) -> None:
    world.run([CHARA, SURGENEX])
    assert world.run([CHARA, SURGENEX, OWN_ROW], SAYS_SO) == [f"added {OWN_ROW.key}"]


def test_a_close_out_letter_closes_only_a_letter_of_its_own_firm(world: World) -> None:
    other = letter("dc-vapor-649343", "DC Vapor", case_number="649343")
    world.run([other])
    assert world.run([other, OWN_ROW], SAYS_SO) == [f"added {OWN_ROW.key}"]


def test_a_linked_close_out_page_is_stored_as_what_it_is_to_its_letter(world: World) -> None:
    world.run([CHARA, KIMERA], page(KIMERA, "The letter."))
    world.run([CHARA, CLOSED], page(CLOSED, "The close-out.", "closeout"))
    pages = world.store.dossier(f"{NAME}/{KIMERA.key}").pages
    assert [(found.role, found.text) for found in pages] == [
        ("notice", "The letter."),
        ("closeout", "The close-out."),
    ]


def test_an_edit_of_a_close_out_page_cannot_pass_for_one_of_the_letter(world: World) -> None:
    world.run([CHARA, CLOSED], page(CLOSED, "One.", "closeout"))
    assert world.run([CHARA, CLOSED], page(CLOSED, "Two.", "closeout")) == [f"edited {KIMERA.key}"]
    assert world.edited() == [("closeout text", "", "")]


def withdrawn(text: str = "An alert.", **other: Any) -> Page:
    return page(CHARA, text, label="", closed_out_on=date(2025, 6, 3), **other)


def test_a_page_that_says_its_notice_was_withdrawn_closes_it_once_and_for_good(world: World) -> None:
    rows = [CHARA, KIMERA]
    world.run(rows, page(CHARA, "An alert.", label=""))
    assert world.run(rows, withdrawn()) == [f"closed_out {CHARA.key}"]
    assert world.run(rows, withdrawn()) == []
    retitled = changed(CHARA, title="Chara Biologics, Inc. (old)")
    assert world.run([retitled, KIMERA]) == [f"edited {CHARA.key}"]
    notice = world.notice(CHARA)
    assert (notice.stage, notice.status, notice.closed_out_on) == ("closed", "listed", date(2025, 6, 3))


def test_a_notice_that_is_already_withdrawn_when_first_read_is_told_of_as_such(world: World) -> None:
    world.run([KIMERA])
    assert world.run([KIMERA, CHARA], withdrawn()) == [f"added {CHARA.key}", f"closed_out {CHARA.key}"]


def test_a_withdrawal_that_a_page_read_late_tells_of_alerts_nobody(world: World) -> None:
    world.run([KIMERA, CHARA])
    assert world.run([KIMERA, CHARA], withdrawn()) == [f"closed_out {CHARA.key}"]
    (change,) = [change for change in world.store.changes() if change.verb == "closed_out"]
    assert change.cause == "backfill"
    assert world.store.unmatched() == []


def test_a_withdrawal_that_is_taken_back_leaves_the_matter_open(world: World) -> None:
    rows = [CHARA, KIMERA]
    world.run(rows, withdrawn())
    world.run(rows, page(CHARA, "An alert again.", label=""))
    assert world.notice(CHARA).closed_out_on is None
