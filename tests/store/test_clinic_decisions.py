"""What people decide about clinics wins over the machine, survives what comes later, and can be undone."""

import pytest

from stemwatch.errors import UsageError
from tests.store.builders import START, World, page
from tests.store.clinics import ALL, BRINNA, DBA, FAR, NEW, OLD, ORLIN, apply, clinic_of, gathered, told

WHY = "the same owner, as he told us"


def merged(world: World) -> tuple[str, str]:
    """Two clinics that a person made one: the id that stays and the one that leads to it."""
    apply(world, OLD, ORLIN)
    older, younger = clinic_of(world, OLD[0]), clinic_of(world, ORLIN[0])
    world.store.merge_clinics(younger, older, WHY, START)
    return older, younger


def relinked(world: World) -> None:
    world.store.db.execute("UPDATE instance SET linking = 'another'")
    world.store.rejudge()


def test_a_merge_makes_two_clinics_one_under_the_older_id(world: World) -> None:
    older, younger = merged(world)
    assert clinic_of(world, ORLIN[0]) == clinic_of(world, OLD[0]) == older
    assert world.store.clinic(younger).clinic == older
    (decision,) = world.store.clinic(older).decisions
    assert (decision.verb, decision.why, decision.decided_at) == ("merge", WHY, START)


def test_a_merge_survives_later_runs_and_linking_anew(world: World) -> None:
    older, younger = merged(world)
    apply(world, *ALL)
    relinked(world)
    assert clinic_of(world, ORLIN[0]) == clinic_of(world, OLD[0])
    assert world.store.clinic(younger).clinic == world.store.clinic(older).clinic == clinic_of(world, BRINNA[0])


def test_a_merge_survives_what_its_notices_are_found_to_say_later(world: World) -> None:
    merged(world)
    known = clinic_of(world, OLD[0])
    again = (OLD[0], page(OLD[0], "It is also known as Fenmore Cells.", fields={"recipient": "Tessa Tove"}))
    apply(world, again, ORLIN)
    assert "Tessa Tove" in {person.name for person in world.store.clinic(known).people}
    assert clinic_of(world, ORLIN[0]) == clinic_of(world, OLD[0]) == known


def test_a_merge_undone_gives_each_its_own_id_back_and_stays_on_record(world: World) -> None:
    older, younger = merged(world)
    world.store.undo(1, START)
    assert (clinic_of(world, OLD[0]), clinic_of(world, ORLIN[0])) == (older, younger)
    relinked(world)
    assert (clinic_of(world, OLD[0]), clinic_of(world, ORLIN[0])) == (older, younger)
    (decision,) = world.store.clinic_decisions()
    assert decision.undone_at == START


def test_a_split_takes_notices_out_for_good(world: World) -> None:
    apply(world, OLD, NEW, DBA)
    whole = clinic_of(world, OLD[0])
    decision = world.store.split_clinic(whole, ["talvex-labs-2"], WHY, START)
    assert decision.notices == (f"{world.source.name}/talvex-labs-2",)
    apart = {frozenset({"talvex-labs-1", "talvex-labs-3"}), frozenset({"talvex-labs-2"})}
    assert gathered(world.store) == apart
    assert clinic_of(world, OLD[0]) == whole
    relinked(world)
    assert gathered(world.store) == apart
    more = told("talvex-labs-9", "Talvex Labs", "2025-01-01")
    apply(world, OLD, NEW, DBA, more)
    assert frozenset({"talvex-labs-2"}) in gathered(world.store)
    world.store.undo(decision.decision, START)
    assert len(gathered(world.store)) == 1


def test_notices_that_are_split_off_together_stay_together(world: World) -> None:
    apply(world, OLD, NEW, DBA, BRINNA)
    world.store.split_clinic(clinic_of(world, OLD[0]), ["talvex-labs-2", "brinna-5"], WHY, START)
    assert frozenset({"talvex-labs-2", "brinna-5"}) in gathered(world.store)


def test_a_split_stands_in_the_way_of_a_merge_until_it_is_undone(world: World) -> None:
    apply(world, OLD, NEW)
    world.store.split_clinic(clinic_of(world, OLD[0]), ["talvex-labs-2"], WHY, START)
    pair = clinic_of(world, OLD[0]), clinic_of(world, NEW[0])
    with pytest.raises(UsageError, match="stemwatch clinics undo 1"):
        world.store.merge_clinics(*pair, WHY, START)
    assert not world.store.review()
    world.store.undo(1, START)
    with pytest.raises(UsageError, match="one clinic already"):
        world.store.merge_clinics(*pair, WHY, START)


def test_what_cannot_be_decided_says_why(world: World) -> None:
    apply(world, OLD, ORLIN)
    clinic = clinic_of(world, OLD[0])
    with pytest.raises(UsageError, match="is not a notice of"):
        world.store.split_clinic(clinic, ["orlin-4"], WHY, START)
    with pytest.raises(UsageError, match="nothing would be left"):
        world.store.split_clinic(clinic, ["talvex-labs-1"], WHY, START)
    with pytest.raises(UsageError, match="There is no decision 5"):
        world.store.undo(5, START)
    world.store.merge_clinics(clinic, clinic_of(world, ORLIN[0]), WHY, START)
    world.store.undo(1, START)
    with pytest.raises(UsageError, match="undone before"):
        world.store.undo(1, START)


def test_pairs_to_review_come_with_what_speaks_for_them_most_likely_first(world: World) -> None:
    owned = told("quillfen-8", "Quillfen Cells", recipient="Vora Lind")
    apply(world, OLD, FAR, owned, ORLIN)
    first, second = world.store.review()
    assert [pair.why for pair in (first, second)] == [("similar_name",), ("shared_officer",)]
    assert {first.clinic, first.other} == {clinic_of(world, OLD[0]), clinic_of(world, FAR[0])}
    assert {proof.notice.partition("/")[2] for proof in second.evidence} == {"talvex-labs-1", "quillfen-8"}
    assert first.score >= second.score
