"""Many notices by their ids at once."""

from tests.store.builders import CHARA, KIMERA, NAME, World


def test_the_notices_that_there_are_come_by_their_ids(world: World) -> None:
    world.run([CHARA, KIMERA])
    ids = [f"{NAME}/{CHARA.key}", f"{NAME}/{CHARA.key}", f"{NAME}/unheard-of", "nonsense", "", "'; --/x"]
    found = world.store.notices_named(ids)
    assert {name: view.title for name, view in found.items()} == {f"{NAME}/{CHARA.key}": CHARA.title}
    assert world.store.notices_named([]) == {}
