"""Decisions of people: stored, stronger than the lexicon, kept through every run, given out as labels."""

import pytest

from stemwatch.errors import UsageError
from tests.store.builders import CHARA, NAME, World, changed, page

FOOD = changed(
    CHARA, key="a-bakery-600001-01172025", title="A Bakery", subject="Food", office="Human Foods Program"
)


def test_a_decision_wins_and_says_why_first(world: World) -> None:
    world.run([FOOD])
    world.store.decide(FOOD.key, "relevant", "It sells placenta capsules.", world.now)
    found = world.notice(FOOD).relevance
    assert (found.label, found.score) == ("relevant", 1.0)
    assert (found.reasons[0].field, found.reasons[0].why) == ("decision", "It sells placenta capsules.")


def test_a_decision_survives_later_runs_and_the_reading_of_the_page(world: World) -> None:
    world.run([CHARA])
    world.store.decide(CHARA.key, "unrelated", "A namesake.", world.now)
    world.run([changed(CHARA, subject="HCT/P")], page(CHARA, "Exosomes from umbilical cord, an unapproved drug."))
    assert world.notice(CHARA).relevance.label == "unrelated"
    assert world.notice(CHARA).products == ()


def test_a_withdrawn_decision_leaves_the_notice_to_the_lexicon(world: World) -> None:
    world.run([CHARA])
    before = world.notice(CHARA).relevance
    world.store.decide(CHARA.key, "unrelated", "A namesake.", world.now)
    world.store.withdraw(CHARA.key)
    assert world.notice(CHARA).relevance == before
    assert list(world.store.decisions()) == []


def test_what_a_decision_concerns_is_matched_again(world: World) -> None:
    world.run([CHARA])
    world.run([CHARA, FOOD])
    world.store.enqueue([], [change.change for change in world.store.unmatched()], world.now)
    world.store.decide(FOOD.key, "relevant", "It sells placenta capsules.", world.now)
    assert world.told() == [f"added {FOOD.key}"]


def test_decisions_are_given_out_with_their_reasons(world: World) -> None:
    world.run([CHARA, FOOD])
    world.store.decide(CHARA.key, "relevant", "First.", world.now)
    world.store.decide(CHARA.key, "unrelated", "On second thoughts.", world.now)
    (label,) = world.store.decisions()
    assert (label.notice, label.label, label.why) == (f"{NAME}/{CHARA.key}", "unrelated", "On second thoughts.")


def test_a_decision_about_nobody_is_refused(world: World) -> None:
    world.run([CHARA])
    with pytest.raises(UsageError, match="There is no notice"):
        world.store.decide("nobody", "relevant", "Why not.", world.now)
