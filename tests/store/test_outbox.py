"""Deliveries: rows that exist before anything is sent, claimed by one sender at a time."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta

import pytest

from stemwatch.deliveries import Content, Delivery, Owed, Settled
from stemwatch.store import Store
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, World, changed, page

MINUTE = timedelta(minutes=1)


@pytest.fixture
def other(world: World) -> Iterator[Store]:
    """A second connection to the same folder."""
    with Store(world.home, world.store.sources) as store:
        yield store


def two_changes(world: World) -> list[int]:
    world.run([CHARA])
    world.run([CHARA, KIMERA, SURGENEX])
    return [change.change for change in world.store.unmatched()]


def owed(world: World, change: int, identity: str = "", **other: object) -> Owed:
    values = {"subscription": "press", "kind": "at_once", "due_at": world.now, **other}
    return Owed(change=change, identity=identity or f"change-{change}", **values)  # type: ignore[arg-type]


def owe(world: World, *debts: Owed) -> int:
    return world.store.enqueue(debts, [debt.change for debt in debts], world.now)


def claim(
    world: World, store: Store | None = None, *, at: datetime | None = None, **other: object
) -> Delivery | None:
    now = at or world.now
    taken = (store or world.store).claim(now=now, lease_until=now + 5 * MINUTE, **other)  # type: ignore[arg-type]
    return taken[0] if taken else None


def must_claim(world: World, at: datetime | None = None) -> Delivery:
    delivery = claim(world, at=at)
    assert delivery is not None
    return delivery


def settle(world: World, delivery: Delivery, outcome: str, **other: object) -> None:
    values = {"delivery": delivery.id, "subscription": delivery.subscription, "at": world.now, **other}
    world.store.settle([Settled(outcome=outcome, **values)])  # type: ignore[arg-type]


def contents(world: World, delivery: Delivery) -> Sequence[Content]:
    return world.store.contents().of([delivery])[delivery.id]


def test_owing_stamps_the_changes_as_matched(world: World) -> None:
    one, two = two_changes(world)
    assert owe(world, owed(world, one), owed(world, two)) == 2
    assert world.told() == []


def test_nobody_else_writes_while_changes_are_matched(world: World) -> None:
    other = sqlite3.connect(world.home / "stemwatch.db", timeout=0, isolation_level=None)
    changes = two_changes(world)
    with closing(other), world.store.matching():
        world.store.unmatched()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        owe(world, *(owed(world, change) for change in changes))
    assert world.store.unmatched() == []


def test_what_is_owed_is_off_when_its_step_fails(world: World) -> None:
    changes = two_changes(world)
    with suppress(RuntimeError), world.store.matching():
        assert owe(world, *(owed(world, change) for change in changes)) == 2
        raise RuntimeError
    assert len(world.store.unmatched()) == 2
    assert claim(world) is None


def test_a_failure_while_owing_leaves_the_changes_unmatched(world: World) -> None:
    one, two = two_changes(world)

    def debts() -> Iterator[Owed]:
        yield owed(world, one)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        world.store.enqueue(debts(), [one, two], world.now)
    assert len(world.told()) == 2
    assert claim(world) is None


def test_a_claim_is_exclusive_to_one_connection(world: World, other: Store) -> None:
    one, _ = two_changes(world)
    owe(world, owed(world, one))
    assert claim(world) is not None
    assert claim(world, other) is None


def test_two_senders_share_the_queue_without_doubles(world: World, other: Store) -> None:
    one, two = two_changes(world)
    owe(world, *(owed(world, change, subscription=name) for change in (one, two) for name in "abc"))
    taken = [claim(world, store) for _ in range(3) for store in (world.store, other)]
    assert len({delivery.id for delivery in taken if delivery}) == 6
    assert claim(world) is None


def test_a_lease_expires(world: World) -> None:
    owe(world, owed(world, two_changes(world)[0]))
    first = must_claim(world)
    assert claim(world, at=world.now + 4 * MINUTE) is None
    again = must_claim(world, world.now + 5 * MINUTE)
    assert (again.id, first.attempts, again.attempts) == (first.id, 1, 2)


def test_the_idempotency_key_is_the_same_at_every_attempt_and_differs_between_folders(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    owe(world, owed(world, two_changes(world)[0]))
    keys = {must_claim(world, world.now + number * 5 * MINUTE).key for number in range(4)}
    assert len(keys) == 1
    with World(tmp_path_factory.mktemp("elsewhere")) as elsewhere:
        owe(elsewhere, owed(elsewhere, two_changes(elsewhere)[0]))
        assert must_claim(elsewhere).key not in keys


def test_a_sender_that_starts_alone_takes_over_every_lease(world: World, other: Store) -> None:
    owe(world, owed(world, two_changes(world)[0]))
    assert must_claim(world)
    other.release_leases()
    assert claim(world, other) is not None


def test_resting_subscriptions_are_left_out(world: World) -> None:
    one, two = two_changes(world)
    owe(world, owed(world, one, subscription="press"), owed(world, two, subscription='it\'s "quoted"'))
    found = claim(world, resting={"press"})
    assert found is not None
    assert found.subscription == 'it\'s "quoted"'
    assert claim(world, resting={"press", 'it\'s "quoted"'}) is None
    assert must_claim(world).subscription == "press"


def test_what_is_due_later_waits_and_the_oldest_due_goes_first(world: World) -> None:
    one, two = two_changes(world)
    owe(world, owed(world, one, due_at=world.now + MINUTE), owed(world, two))
    assert must_claim(world).id == 2
    assert claim(world) is None
    assert must_claim(world, world.now + MINUTE).id == 1


def test_what_was_accepted_is_never_claimed_again(world: World) -> None:
    owe(world, owed(world, two_changes(world)[0]))
    settle(world, must_claim(world), "sent")
    world.store.release_leases()
    assert claim(world, at=world.now + timedelta(days=9)) is None


def test_what_was_postponed_is_due_at_its_next_try(world: World) -> None:
    owe(world, owed(world, two_changes(world)[0]))
    settle(world, must_claim(world), "retry", error="429 Too Many Requests", until=world.now + 10 * MINUTE)
    assert claim(world, at=world.now + 9 * MINUTE) is None
    assert must_claim(world, world.now + 10 * MINUTE).attempts == 2
    assert world.store.db.execute("SELECT error FROM deliveries").fetchone()[0] == "429 Too Many Requests"


def test_what_is_dead_is_kept_and_not_tried(world: World) -> None:
    owe(world, owed(world, two_changes(world)[0]))
    settle(world, must_claim(world), "dead", error="404 Not Found")
    assert claim(world, at=world.now + timedelta(days=9)) is None
    row = world.store.db.execute("SELECT error, dead_at IS NULL, sent_at FROM deliveries").fetchone()
    assert row == ("404 Not Found", 0, None)


def test_two_changes_of_one_identity_are_one_delivery(world: World) -> None:
    one, two = two_changes(world)
    assert owe(world, owed(world, one, "same"), owed(world, two, "same")) == 1
    content = contents(world, must_claim(world))
    assert [told.change.change for told in content] == [one, two]
    assert [told.notice.key for told in content] == [told.change.notice.partition("/")[2] for told in content]


def test_a_change_is_given_once_even_under_another_identity(world: World) -> None:
    one, _ = two_changes(world)
    assert owe(world, owed(world, one, "first")) == 1
    assert owe(world, owed(world, one, "second")) == 0
    assert owe(world, owed(world, one, "second", subscription="other")) == 1


def test_a_digest_is_one_row_for_its_subscription_and_window(world: World) -> None:
    one, two = two_changes(world)
    window = {"kind": "daily", "starts_at": world.now - timedelta(days=1), "ends_at": world.now}
    assert owe(world, owed(world, one, "daily-2025-01-04", **window)) == 1
    assert owe(world, owed(world, two, "daily-2025-01-04", **window)) == 0
    digest = must_claim(world)
    assert (digest.kind, digest.starts_at, digest.ends_at) == ("daily", window["starts_at"], window["ends_at"])
    assert len(contents(world, digest)) == 2


def test_an_edit_is_delivered_with_the_lines_it_replaced(world: World) -> None:
    world.run([CHARA], page(CHARA, "One.\nTwo."))
    world.run([changed(CHARA, subject="HCT/P")], page(CHARA, "One.\nThree."))
    (change,) = world.store.unmatched()
    owe(world, owed(world, change.change))
    (told,) = contents(world, must_claim(world))
    assert told.diff[-2:] == ("-Two.", "+Three.")
    assert [edit.field for edit in told.change.edited] == ["subject", "text"]
    assert told.notice.notice == f"{NAME}/{CHARA.key}"


def test_a_change_owed_after_its_delivery_was_taken_up_gets_one_of_its_own(world: World) -> None:
    one, two = two_changes(world)
    owe(world, owed(world, one, "same"))
    settle(world, must_claim(world), "sent")
    assert owe(world, owed(world, two, "same")) == 1
    assert [told.change.change for told in contents(world, must_claim(world))] == [two]
