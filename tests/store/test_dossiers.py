"""Everything about one notice."""

from datetime import date

import pytest

from stemwatch.errors import UsageError
from stemwatch.evidence import read_body
from stemwatch.store.store import Store
from stemwatch.views import Dossier, HistoryView
from tests.store.builders import CHARA, KIMERA, NAME, World, changed, page


def dossier(store: Store) -> Dossier:
    return store.dossier(f"{NAME}/{CHARA.key}")


def words(event: HistoryView) -> list[str]:
    return [line for line in event.diff if not line.startswith("@@")]


def test_the_history_tells_each_change_in_order_with_its_run(world: World) -> None:
    world.run([KIMERA])
    world.run([CHARA, KIMERA])
    world.run([changed(CHARA, closed_out_on=date(2025, 6, 3)), KIMERA])
    history = dossier(world.store).history
    assert [(event.verb, event.run) for event in history] == [("added", "run-002"), ("closed_out", "run-003")]


def test_an_edit_of_the_list_between_two_of_the_page_leaves_their_diffs(world: World) -> None:
    row = changed(CHARA, subject="HCT/P")
    world.run([CHARA], page(CHARA, "One."))
    world.run([CHARA], page(CHARA, "Two."))
    world.run([row])
    world.run([row], page(row, "Three."))
    found = [words(event) for event in dossier(world.store).history[1:]]
    assert found == [["-One.", "+Two."], [], ["-Two.", "+Three."]]


def test_a_page_that_lost_and_regained_its_text_shows_both(world: World) -> None:
    for text in ("One.", "", "Two."):
        world.run([CHARA], page(CHARA, text))
    found = [[line for line in words(event) if line[1:]] for event in dossier(world.store).history[1:]]
    assert found == [["-One."], ["+Two."]]


def test_an_edit_of_letter_and_close_out_pages_together_shows_both(world: World) -> None:
    row = changed(CHARA, closed_out_on=date(2025, 6, 3), closed_out_url="https://www.fda.gov/closed")
    world.run([row], page(row, "Letter."), page(row, "Closed.", "closeout"))
    world.run([row], page(row, "Letter!"), page(row, "Closed!", "closeout"))
    assert words(dossier(world.store).history[-1]) == ["-Letter.", "+Letter!", "-Closed.", "+Closed!"]


def test_a_page_shows_its_fields_label_and_time(world: World) -> None:
    world.run([CHARA], page(CHARA, "Words.", fields={"reference": "CBER-25-698004"}))
    found = dossier(world.store)
    assert found.pages[0].fields == {"reference": "CBER-25-698004"}
    assert (found.pages[0].label, found.pages[0].read_at) == ("WARNING LETTER", world.now)
    assert found.notice.page_read_at == world.now
    assert found.notice.fields == {**CHARA.fields, "reference": "CBER-25-698004"}


def test_the_evidence_of_a_notice_can_be_read_back(world: World) -> None:
    world.run([CHARA, KIMERA], page(CHARA, "First."), page(KIMERA, "Not this one."))
    world.run([CHARA, KIMERA], page(CHARA, "Second."))
    captures = dossier(world.store).evidence
    bodies = [read_body(world.home / found.file, found.offset, found.length).decode() for found in captures]
    assert bodies == ["list of run-001", f"{CHARA.url} First.", f"{CHARA.url} Second."]


@pytest.mark.parametrize("notice", ["", "nothing", f"{NAME}/none", f"other/{CHARA.key}"])
def test_a_notice_nobody_knows_is_named(world: World, notice: str) -> None:
    world.run([CHARA])
    with pytest.raises(UsageError, match=f"There is no notice {notice!r}."):
        world.store.dossier(notice)


def test_a_part_of_the_id_that_only_one_notice_has_names_it(world: World) -> None:
    world.run([CHARA, KIMERA])
    assert world.store.dossier("chara-bio").notice.key == CHARA.key


def test_a_whole_id_names_its_notice_although_another_begins_with_it(world: World) -> None:
    twin = changed(CHARA, key=f"{CHARA.key}-0")
    world.run([CHARA, twin])
    assert dossier(world.store).notice.key == CHARA.key


@pytest.mark.parametrize("part", ["biologics", "us_fda"])
def test_a_part_that_several_notices_have_names_them(world: World, part: str) -> None:
    world.run([CHARA, changed(KIMERA, key="kimera-biologics-649343-09012023")])
    with pytest.raises(UsageError, match="Several notices go by") as refused:
        world.store.dossier(part)
    assert CHARA.key in str(refused.value)
