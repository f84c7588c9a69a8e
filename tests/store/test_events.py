"""Events in the store: tied at every apply, the same whatever came first."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from tests.store.builders import changed, page
from tests.store.publishers import AGENCY, CHARGED, JOINED, PROSECUTOR, STATE, SUIT, Publishers, Told, release

ALL = {AGENCY: SUIT, STATE: JOINED, PROSECUTOR: CHARGED}
SUIT_ID, JOINED_ID, CHARGED_ID = f"{AGENCY}/suit", f"{STATE}/joined", f"{PROSECUTOR}/charged"
TOGETHER = dict.fromkeys((SUIT_ID, JOINED_ID, CHARGED_ID), SUIT_ID)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Publishers]:
    with Publishers(tmp_path) as made:
        yield made


@pytest.mark.parametrize("order", list(permutations(ALL)))
def test_three_publishers_of_one_suit_are_one_event_whoever_comes_first(
    press: Publishers, order: tuple[str, ...]
) -> None:
    for source in order:
        press.publish(source, ALL[source])
    assert press.events() == TOGETHER


def test_notices_stay_separate_and_each_names_the_others(press: Publishers) -> None:
    for source, told in ALL.items():
        press.publish(source, told)
    dossier = press.store.dossier(JOINED_ID)
    assert dossier.notice.notice == JOINED_ID
    assert [(other.notice, other.regulator, other.url) for other in dossier.also] == [
        (SUIT_ID, "Agency", SUIT[0].url),
        (CHARGED_ID, "Prosecutor", CHARGED[0].url),
    ]
    timeline = press.store.clinic(dossier.notice.clinics[0]).notices
    assert {action.notice: action.event for action in timeline} == TOGETHER


def test_a_notice_alone_has_no_event(press: Publishers) -> None:
    press.publish(AGENCY, SUIT)
    assert press.events() == {}
    assert press.store.dossier(SUIT_ID).also == ()


def test_a_page_that_is_read_later_ties_its_notice(press: Publishers) -> None:
    held: Told = release("held", "Complaint filed in a matter of health")
    press.publish(AGENCY, SUIT)
    press.publish(STATE, held, only=())
    assert press.events() == {}
    press.publish(STATE, held)
    assert press.events() == {SUIT_ID: SUIT_ID, f"{STATE}/held": SUIT_ID}


def test_whoever_tells_of_somebody_else_now_leaves_the_event_and_one_alone_is_none(press: Publishers) -> None:
    press.publish(AGENCY, SUIT)
    press.publish(STATE, JOINED)
    row = changed(JOINED[0], title="State joins action against Orlin Biologics, Inc.")
    press.publish(STATE, (row, page(row, "It filed a complaint against Orlin Biologics, Inc.")))
    assert press.events() == {}


def test_a_docket_alone_ties_until_it_is_taken_back(press: Publishers) -> None:
    press.publish(AGENCY, release("hearing", "Notice of a hearing", text="See docket FDA-2023-N-1234."))
    row, read = release("heard", "On a hearing", "2024-03-20", text="It concerns docket FDA-2023-N-1234.")
    press.publish(STATE, (row, read))
    assert press.events() == dict.fromkeys((f"{AGENCY}/hearing", f"{STATE}/heard"), f"{AGENCY}/hearing")
    press.publish(STATE, (row, page(row, "It concerns docket FDA-2023-N-4321.", label="")))
    assert press.events() == {}


def test_a_later_stage_is_another_event(press: Publishers) -> None:
    press.publish(AGENCY, SUIT)
    press.publish(
        STATE, release("judged", "Court enters final judgment against Talvex Labs, LLC", "2024-03-04", "")
    )
    assert press.events() == {}


def test_clinics_that_people_split_are_two_events_until_it_is_undone(press: Publishers) -> None:
    press.publish(AGENCY, SUIT)
    press.publish(STATE, JOINED)
    clinic = press.store.dossier(SUIT_ID).notice.clinics[0]
    decision = press.store.split_clinic(clinic, [JOINED_ID], "Two firms of one name.", press.now)
    assert press.events() == {}
    press.store.undo(decision.decision, press.now)
    assert press.events() == {SUIT_ID: SUIT_ID, JOINED_ID: SUIT_ID}


def test_a_store_that_was_tied_in_another_way_is_tied_anew(press: Publishers) -> None:
    for source, told in ALL.items():
        press.publish(source, told)
    press.store.db.execute("DELETE FROM events")
    press.store.db.execute("DELETE FROM event_keys")
    press.store.rejudge()
    assert press.events() == TOGETHER
