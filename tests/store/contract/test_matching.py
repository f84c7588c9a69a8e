"""Match: what is owed to a subscription is owed once, and in the right message."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from stemwatch.deliveries import Owed
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, changed, letter, page
from tests.store.contract.places import MINUTE, Place

DAY = timedelta(days=1)


def test_owing_stamps_the_changes_as_matched(place: Place, pair: tuple[int, int]) -> None:
    assert place.owe(*(place.owed(change) for change in pair)) == 2
    assert place.told() == []


def test_a_failure_while_owing_leaves_everything_as_it_was(place: Place, pair: tuple[int, int]) -> None:
    def debts() -> Iterator[Owed]:
        yield place.owed(pair[0])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        place.store.enqueue(debts(), pair, place.now)
    assert len(place.told()) == 2
    assert place.claim() == []


def test_the_changes_of_a_notice_wait_together_and_the_oldest_come_first(place: Place) -> None:
    place.run([CHARA])
    rows = [letter(f"firm-{number}") for number in range(501)]
    place.run([CHARA, *rows])
    place.run([CHARA, changed(rows[0], subject="HCT/P"), *rows[1:-1], changed(rows[-1], subject="HCT/P")])
    first = place.told()
    assert len(first) == 501
    assert (first[0], first[-1]) == ("added firm-500", "edited firm-500")
    place.match()
    assert place.told() == ["added firm-0", "edited firm-0"]


def test_a_subscription_is_owed_a_change_once(place: Place, pair: tuple[int, int]) -> None:
    assert place.owe(place.owed(pair[0], "first")) == 1
    assert place.owe(place.owed(pair[0], "first"), place.owed(pair[0], "second")) == 0
    assert place.owe(place.owed(pair[0], "first", subscription="other")) == 1


def test_a_page_read_late_lets_its_notice_be_matched_again_but_not_told_again(
    place: Place, pair: tuple[int, int]
) -> None:
    assert place.owe(*(place.owed(change) for change in pair)) == 2
    assert place.run([CHARA, KIMERA, SURGENEX], page(KIMERA, "umbilical cord blood")) == []
    (again,) = place.store.unmatched()
    assert (again.notice, again.late) == (f"{NAME}/{KIMERA.key}", True)
    assert place.owe(place.owed(again.change)) == 0
    assert place.told() == []
    assert place.owe(place.owed(again.change, subscription="who missed it")) == 1


def test_rules_are_given_the_words_of_list_and_page(place: Place) -> None:
    place.run([KIMERA])
    place.run([KIMERA, CHARA], page(CHARA, "Exosomes of umbilical cord."))
    changes = place.store.unmatched()
    (seen,) = place.store.subjects(changes, texts=True)
    (bare,) = place.store.subjects(changes, texts=False)
    assert (seen.verb, seen.source, seen.jurisdiction, seen.relevance) == ("added", NAME, "US", "relevant")
    assert seen.texts["title"] == CHARA.title
    assert (seen.texts["subject"], seen.texts["case_number"]) == ("Deviations/CGMP", "698004")
    assert (seen.texts["body"], bare.texts["body"]) == ("Exosomes of umbilical cord.", "")


def test_changes_of_one_identity_are_one_delivery(place: Place, pair: tuple[int, int]) -> None:
    window = {"kind": "daily", "starts_at": place.now - DAY, "ends_at": place.now}
    assert place.owe(*(place.owed(change, "daily:1", why=("a rule",), **window) for change in pair)) == 1
    digest = place.claim_one()
    assert (digest.kind, digest.starts_at, digest.ends_at) == ("daily", place.now - DAY, place.now)
    told = place.contents(digest)
    assert [content.change.change for content in told] == list(pair)
    assert [content.notice.notice for content in told] == [content.change.notice for content in told]
    assert [content.why for content in told] == [("a rule",)] * 2


def test_what_comes_after_its_delivery_was_taken_up_gets_one_of_its_own(
    place: Place, pair: tuple[int, int]
) -> None:
    place.owe(place.owed(pair[0], "same"))
    place.settle(place.claim_one(), "sent")
    assert place.owe(place.owed(pair[1], "same")) == 1
    assert [content.change.change for content in place.contents(place.claim_one())] == [pair[1]]


def test_what_comes_after_its_digest_is_in_the_next_and_marked_as_late(
    place: Place, pair: tuple[int, int]
) -> None:
    place.owe(place.owed(pair[0], "daily:1", kind="daily"))
    place.settle(place.claim_one(), "sent")
    later = place.owed(pair[1], "daily:2", kind="daily", due_at=place.now + DAY)
    place.owe(place.owed(pair[1], "daily:1", kind="daily", later=later))
    assert place.claim() == []
    (content,) = place.contents(place.claim_one(after=DAY))
    assert (content.change.change, content.change.late) == (pair[1], True)


def test_a_burst_takes_what_comes_before_it_ends(place: Place, pair: tuple[int, int]) -> None:
    ends = place.now + 5 * MINUTE
    burst = {"kind": "burst", "starts_at": place.now, "ends_at": ends, "due_at": ends}
    assert place.owe(*(place.owed(change, f"burst:{change}", **burst) for change in pair)) == 1
    assert place.claim() == []
    taken = place.claim_one(after=5 * MINUTE)
    assert len(place.contents(taken)) == 2
    place.run([CHARA, KIMERA, SURGENEX, letter("firm")])
    (new,) = place.store.unmatched()
    assert place.owe(place.owed(new.change, "burst:new", **burst)) == 1


def test_an_edit_is_told_with_the_lines_that_it_replaced(place: Place) -> None:
    for text in ("One.\nTwo.", "One.\nThree.", "One.\nFour."):
        place.run([CHARA], page(CHARA, text))
    first, second = (change.change for change in place.store.unmatched())
    place.owe(place.owed(first, "both"), place.owed(second, "both"))
    told = place.contents(place.claim_one())
    assert [content.diff[-2:] for content in told] == [("-Two.", "+Three."), ("-Three.", "+Four.")]
