"""Leaving: in one step, taken back until the address is erased; and what is erased leaves nothing."""

from collections.abc import Callable

import pytest

from stemwatch.deliveries import Owed, Settled
from stemwatch.signup import ERASED_AFTER, Wish
from tests.store.office import DAY, READER, SECOND, WEEKLY, Office


def test_unsubscribing_takes_one_step_withdraws_what_is_owed_and_says_so_once(office: Office) -> None:
    manage = office.subscribe()
    (kept,) = office.kept
    token = office.store.links(office.keyring)[kept.name]().unsubscribe
    debt = Owed(subscription=kept.name, change=0, identity="x", kind="daily", due_at=office.now)
    office.store.owe_windows([debt], {}, office.now)
    assert office.signups.may_unsubscribe(token, office.now)
    assert [office.signups.unsubscribe(token, office.now) for _ in range(2)] == [True, True]
    assert office.kept == []
    (letter,) = office.post()
    assert (letter.kind, letter.address) == ("gone", READER)
    managed = office.signups.manage(manage, office.now)
    assert managed is not None
    assert managed.erased_at == office.now + ERASED_AFTER
    assert [sent.status for sent in managed.sent] == ["withdrawn"]


def test_unsubscribing_can_be_taken_back_until_the_address_is_erased(office: Office) -> None:
    manage = office.subscribe()
    office.signups.unsubscribe(manage, office.now)
    assert office.signups.resume(manage, office.now)
    assert [Wish.of(one) for one in office.kept] == [WEEKLY]
    office.signups.unsubscribe(manage, office.now)
    office.now += ERASED_AFTER - SECOND
    assert office.store.tidy(office.now) == 0
    office.now += SECOND
    assert office.store.tidy(office.now) == 1
    assert not office.signups.resume(manage, office.now)


def erase_by_link(office: Office, manage: str) -> None:
    assert office.signups.erase(manage, office.now)


def erase_by_time(office: Office, manage: str) -> None:
    office.signups.unsubscribe(manage, office.now)
    office.now += ERASED_AFTER
    assert office.store.tidy(office.now) == 1


def erase_by_operator(office: Office, manage: str) -> None:
    (kept,) = office.kept
    office.store.remove_subscription(kept.name, office.now)


def erase_by_address(office: Office, manage: str) -> None:
    assert office.signups.erase_address("READER@example.org", office.now)
    assert not office.signups.erase_address("READER@example.org", office.now)


@pytest.mark.parametrize("erase", [erase_by_link, erase_by_time, erase_by_operator, erase_by_address])
def test_an_erased_address_leaves_nothing_that_holds_it_or_leads_to_it(
    office: Office, erase: Callable[[Office, str], None]
) -> None:
    manage = office.subscribe()
    office.ask()
    (mark, *_) = office.keyring.marks(READER)
    assert mark in office.dump
    erase(office, manage)
    office.now += DAY  # letters are counted until then
    office.store.tidy(office.now)
    assert mark not in office.dump
    tables = ("signups", "subscriptions", "subscribers", "links", "letters", "tokens", "letter_counts")
    assert [office.rows(table) for table in tables] == [0] * len(tables)
    assert office.post() == []
    assert office.signups.manage(manage, office.now) is None


def test_an_address_that_was_never_confirmed_is_erased_on_request(office: Office) -> None:
    office.ask()
    assert office.signups.erase_address(READER, office.now)
    assert [office.rows(table) for table in ("signups", "letters", "tokens")] == [0, 0, 0]
    assert office.post() == []


def test_whoever_left_or_is_not_reached_may_sign_up_anew(office: Office) -> None:
    manage = office.subscribe()
    office.signups.unsubscribe(manage, office.now)
    office.post()
    office.subscribe(wish=Wish(send="daily"))
    assert [one.send for one in office.kept] == ["daily"]
    refused = Settled(delivery=0, subscription=office.kept[0].name, outcome="dead", at=office.now, refused=True)
    office.store.settle([refused])
    office.now += DAY
    office.subscribe(wish=Wish(send="at_once"))
    assert [one.send for one in office.kept] == ["at_once"]
    assert office.store.disabled() == {}
