"""A mark differs when anything that is shown of a notice or clinic does, and stays otherwise."""

from datetime import date
from pathlib import Path

from stemwatch.store.marks import Marks
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, World, changed, page


def marked(world: World) -> Marks:
    return world.store.marks((row.clinic, row.other, row) for row in world.store.relations())


def test_a_run_that_changes_one_notice_changes_its_mark_and_that_of_its_clinic(tmp_path: Path) -> None:
    with World(tmp_path / "home") as world:
        world.run([CHARA, KIMERA, SURGENEX])
        before = marked(world)
        world.run([changed(CHARA, closed_out_on=date(2025, 2, 1)), KIMERA, SURGENEX])
        after = marked(world)
        clinic = next(iter(world.store.dossier(f"{NAME}/{CHARA.key}").notice.clinics))
    assert {name for name in after.notices if after.notices[name] != before.notices[name]} == {
        f"{NAME}/{CHARA.key}"
    }
    assert {name for name in after.clinics if after.clinics[name] != before.clinics[name]} == {clinic}


def test_a_run_with_nothing_new_changes_no_mark(tmp_path: Path) -> None:
    with World(tmp_path / "home") as world:
        world.run([CHARA, KIMERA])
        before = marked(world)
        world.run([CHARA, KIMERA])
        assert marked(world) == before


def test_a_page_that_is_read_and_a_persons_judgement_change_the_mark(tmp_path: Path) -> None:
    notice = f"{NAME}/{CHARA.key}"
    with World(tmp_path / "home") as world:
        world.run([CHARA, KIMERA])
        listed = marked(world).notices[notice]
        world.run([CHARA, KIMERA], page(CHARA))
        read = marked(world).notices[notice]
        world.store.decide(notice, "relevant", "It is.", world.now)
        decided = marked(world).notices[notice]
    assert len({listed, read, decided}) == 3
