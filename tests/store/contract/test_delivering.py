"""Deliver: one sender at a time holds what is due, and its outcome is on record."""

from datetime import timedelta
from threading import Thread

import pytest

from stemwatch.deliveries import Correction, Delivery
from stemwatch.errors import UsageError
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, SURGENEX, changed, letter, page
from tests.store.contract.conftest import Make
from tests.store.contract.places import MINUTE, Place

DAY = timedelta(days=1)


def test_a_claim_is_exclusive_until_its_lease_ends(place: Place, pair: tuple[int, int]) -> None:
    place.owe(place.owed(pair[0]))
    first = place.claim_one()
    assert place.claim(store=place.again()) == []
    assert place.claim(after=4 * MINUTE) == []
    again = place.claim_one(after=5 * MINUTE)
    assert (again.id, again.key, first.attempts, again.attempts) == (first.id, first.key, 1, 2)


def test_the_key_differs_between_installations(make: Make) -> None:
    keys = set()
    for place in (make(SOURCE), make(SOURCE)):
        one, _ = place.two_changes(KIMERA, SURGENEX, beside=CHARA)
        place.owe(place.owed(one))
        keys.add(place.claim_one().key)
    assert len(keys) == 2


def test_senders_at_the_same_time_share_the_queue_without_doubles(place: Place, pair: tuple[int, int]) -> None:
    place.owe(*(place.owed(change, subscription=f"s{number}") for change in pair for number in range(20)))
    taken: list[list[Delivery]] = [[], [], []]
    stores = [place.again() for _ in taken]

    def send(number: int) -> None:
        while found := place.claim(store=stores[number], limit=2):
            taken[number].extend(found)

    threads = [Thread(target=send, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    send(0)
    for thread in threads:
        thread.join()
    assert sorted(delivery.id for found in taken for delivery in found) == list(range(1, 41))


def test_the_oldest_due_go_first_without_those_that_rest_and_full_lanes(
    place: Place, pair: tuple[int, int]
) -> None:
    one, two = pair
    place.owe(
        place.owed(one, subscription="late", due_at=place.now + MINUTE),
        place.owed(one, subscription="second", due_at=place.now - MINUTE, lane="a"),
        place.owed(two, subscription="first", due_at=place.now - 2 * MINUTE, lane="b"),
        place.owed(two, subscription='it\'s "quoted"', lane="a"),
    )
    names = ["first", "second", 'it\'s "quoted"']
    assert [row.subscription for row in place.claim(limit=9, resting=names, after=-DAY)] == []
    held = place.claim(limit=2)
    assert [row.subscription for row in held] == names[:2]
    place.store.give_back(held)
    assert [row.subscription for row in place.claim(limit=9, full={"a"})] == ["first"]
    (quoted,) = place.claim(limit=9, resting={"second"})
    assert (quoted.subscription, quoted.attempts) == (names[2], 1)


def test_what_is_given_back_counts_as_no_attempt(place: Place, pair: tuple[int, int]) -> None:
    place.owe(place.owed(pair[0]))
    place.store.give_back([place.claim_one()])
    assert place.claim_one().attempts == 1
    place.store.give_back([])


def test_a_sender_that_starts_alone_takes_over_every_lease(place: Place, pair: tuple[int, int]) -> None:
    place.owe(*(place.owed(change) for change in pair))
    sent, _ = place.claim(limit=2)
    place.settle(sent, "sent")
    other = place.again()
    other.release_leases()
    assert [row.attempts for row in place.claim(store=other, limit=2)] == [2]


def test_what_was_accepted_is_on_record_and_never_claimed_again(place: Place, pair: tuple[int, int]) -> None:
    place.owe(place.owed(pair[0]))
    delivery = place.claim_one()
    place.settle(delivery, "sent", subject="One letter", answer="250 queued")
    place.store.release_leases()
    assert place.claim(after=9 * DAY) == []
    row = place.ledger(delivery)
    assert (row.status, row.subject, row.answer, row.attempts) == ("sent", "One letter", "250 queued", 1)
    assert (row.sent_at, row.next_try_at, row.key) == (place.now, None, delivery.key)
    assert row.notices == (f"{NAME}/{KIMERA.key}",)


def test_what_failed_is_tried_again_after_its_pause_and_all_of_its_subscription_rest(
    place: Place, pair: tuple[int, int]
) -> None:
    place.owe(*(place.owed(change) for change in pair), place.owed(pair[0], subscription="other"))
    delivery = place.claim(limit=1)[0]
    until, rest = place.now + 10 * MINUTE, place.now + 3 * MINUTE
    place.settle(delivery, "retry", error="429 Too Many Requests", until=until, rest=rest, parts=2)
    assert [row.subscription for row in place.claim(limit=9)] == ["other"]
    assert [row.id for row in place.claim(limit=9, after=3 * MINUTE)] != [delivery.id]
    assert place.ledger(delivery).next_try_at == until
    again = next(row for row in place.claim(limit=9, after=10 * MINUTE) if row.id == delivery.id)
    assert (again.attempts, again.parts, place.ledger(again).error) == (2, 2, "429 Too Many Requests")


def test_what_is_held_counts_as_no_attempt_and_is_due_later(place: Place, pair: tuple[int, int]) -> None:
    place.owe(place.owed(pair[0]))
    delivery = place.claim_one()
    place.settle(delivery, "held", until=place.now + DAY)
    assert place.claim(after=DAY - MINUTE) == []
    assert place.claim_one(after=DAY).attempts == 1
    assert place.ledger(delivery).due_at == place.now + DAY


def test_what_is_dead_is_kept_and_not_tried(place: Place, pair: tuple[int, int]) -> None:
    place.owe(place.owed(pair[0]))
    delivery = place.claim_one()
    place.settle(delivery, "dead", error="404 Not Found")
    assert place.claim(after=9 * DAY) == []
    (row,) = place.store.deliveries(failed=True)
    assert (row.status, row.error, row.subscription) == ("failed", "404 Not Found", "press")
    assert list(place.store.deliveries(subscription="other")) == []
    assert list(place.store.disabled()) == []


def test_a_channel_that_refuses_too_often_in_a_row_is_disabled(place: Place) -> None:
    place.run([CHARA])
    place.run([CHARA, *(letter(f"firm-{number}") for number in range(5))])
    place.owe(*(place.owed(change.change) for change in place.store.unmatched()))
    for number, delivery in enumerate(place.claim(limit=5)):
        assert list(place.store.disabled()) == []
        if number == 1:
            place.settle(delivery, "sent")
        else:
            place.settle(delivery, "dead", refused=True, patience=3, error="410 Gone")
    assert set(place.again().disabled()) == {"press"}


def test_what_is_called_off_is_withdrawn(place: Place, pair: tuple[int, int]) -> None:
    place.owe(*(place.owed(change) for change in pair), place.owed(pair[0], subscription="other"))
    sent = place.claim_one()
    place.settle(sent, "sent")
    assert place.store.call_off(["press", "nobody"], "The subscription was paused.", place.now) == 1
    assert place.store.call_off(["press"], "Again.", place.now) == 0
    assert [row.subscription for row in place.claim(limit=9, after=DAY)] == ["other"]
    assert [row.status for row in place.store.deliveries(subscription="press")] == ["sent", "withdrawn"]
    assert list(place.store.deliveries(failed=True)) == []


def test_a_window_is_owed_once(place: Place) -> None:
    began = place.store.windows_until(["press"], place.now)
    assert began == {"press": place.now}
    ends = place.now + DAY
    window = place.owed(0, "daily:1", kind="daily", starts_at=place.now, ends_at=ends, due_at=ends)
    assert place.store.owe_windows([window], {"press": ends}, ends) == 1
    assert place.store.owe_windows([window], {"press": ends}, ends) == 0
    later = place.again().windows_until(["press", "new"], ends + MINUTE)
    assert later == {"press": ends, "new": ends + MINUTE}
    digest = place.claim_one(after=DAY)
    assert (place.contents(digest), place.store.contents().about(digest)) == ([], None)


def test_a_change_joins_the_window_that_is_owed_already(place: Place, pair: tuple[int, int]) -> None:
    ends = place.now + DAY
    window = place.owed(0, "daily:1", kind="daily", starts_at=place.now, ends_at=ends, due_at=ends)
    place.store.owe_windows([window], {"press": ends}, place.now)
    assert place.owe(place.owed(pair[0], "daily:1", kind="daily", due_at=ends)) == 0
    assert len(place.contents(place.claim_one(after=DAY))) == 1


def test_a_correction_reaches_exactly_those_who_accepted_the_wrong_message(
    place: Place, pair: tuple[int, int]
) -> None:
    wrong, right = pair
    place.owe(*(place.owed(wrong, subscription=name) for name in ("told", "not yet", "digest")))
    place.owe(place.owed(right, "change-1", subscription="digest"), place.owed(right, "x", subscription="digest"))
    place.settle(place.claim(limit=1, resting={"not yet", "digest"})[0], "sent")
    place.store.correct(wrong, "Wrong firm.", place.now)
    for change in (wrong, 999):
        with pytest.raises(UsageError):
            place.store.correct(change, "Again.", place.now)
    assert (place.store.owe_corrections(place.now), place.store.owe_corrections(place.now)) == (1, 0)
    waiting = {row.subscription: row for row in place.claim(limit=9)}
    assert waiting.keys() == {"told", "digest"}
    correction = waiting["told"]
    assert place.store.contents().about(correction) == Correction(wrong, "Wrong firm.", place.now)
    assert [content.change.change for content in place.contents(correction)] == [wrong]
    assert correction.kind == "correction"
    assert [content.change.change for content in place.contents(waiting["digest"])] == [right]
    (withdrawn,) = place.store.deliveries(subscription="not yet")
    assert withdrawn.status == "withdrawn"


def test_who_was_not_told_of_a_wrong_change_will_not_be(place: Place, pair: tuple[int, int]) -> None:
    wrong, unmatched = pair
    place.store.enqueue([place.owed(wrong)], [wrong], place.now)
    for change in pair:
        place.store.correct(change, "Wrong firm.", place.now)
    place.run([CHARA, KIMERA, SURGENEX], page(KIMERA, "umbilical cord blood"))
    assert {change.change for change in place.store.unmatched()} == {wrong, unmatched}
    assert place.owe(place.owed(wrong, "again"), place.owed(unmatched)) == 0
    assert place.claim(limit=9) == []


def test_what_was_tried_may_have_arrived_and_is_corrected_once_it_is_accepted(
    place: Place, pair: tuple[int, int]
) -> None:
    place.owe(place.owed(pair[0]))
    delivery = place.claim_one()
    place.store.correct(pair[0], "Wrong firm.", place.now)
    assert place.store.owe_corrections(place.now) == 0
    place.settle(delivery, "sent")
    assert place.store.owe_corrections(place.now) == 1


def test_a_close_out_after_the_alert_is_news_of_its_own(place: Place, pair: tuple[int, int]) -> None:
    place.owe(*(place.owed(change) for change in pair))
    closed = changed(KIMERA, closed_out_on=CHARA.posted_on)
    assert place.run([CHARA, closed, SURGENEX]) == [f"closed_out {KIMERA.key}"]
    assert place.owe(*(place.owed(change.change) for change in place.store.unmatched())) == 1
