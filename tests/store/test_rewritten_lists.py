"""A list that reads otherwise from top to bottom: a new layout, not a thousand edits."""

from tests.store.builders import CHARA, World, changed

BEFORE = [changed(CHARA, key=f"firm-{number}", subject="HCT/P") for number in range(60)]
AFTER = [changed(row, subject="Human cells and tissues") for row in BEFORE]


def test_a_list_rewritten_at_once_floods_nobody_and_still_brings_what_is_new(world: World) -> None:
    world.run(BEFORE)
    new = changed(CHARA, key="firm-new")
    assert world.run([*AFTER, new]) == ["added firm-new"]
    assert world.view.verdict == "partial"
    assert "60 of 60 notices read otherwise than before" in world.view.reason


def test_a_raised_revision_accepts_the_rewritten_list_in_silence(world: World) -> None:
    world.run(BEFORE)
    assert len(world.run(AFTER, revision=2)) == 60
    assert world.told() == []
    assert world.run(AFTER, revision=2) == []
