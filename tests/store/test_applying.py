"""One run after another: what counts as a change, and what does not."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.builders import CHARA, KIMERA, SOURCE, START, SURGENEX, World, changed, letter, page

CLOSED = changed(CHARA, closed_out_on=date(2025, 6, 3))
TEXT = "We inspected your firm.\nThe product is a drug.\nReply within fifteen days."


def test_the_first_run_is_a_baseline_and_silent(world: World) -> None:
    rows = [CHARA, KIMERA, changed(SURGENEX, closed_out_on=date(2023, 9, 29))]
    assert sorted(world.run(rows)) == sorted(f"baseline {row.key}" for row in rows)
    assert world.told() == []
    assert (world.view.verdict, world.view.baseline, world.view.added) == ("ok", 3, 0)


def test_it_stays_the_baseline_until_a_run_is_ok(world: World) -> None:
    assert world.broken([CHARA]) == [f"baseline {CHARA.key}"]
    assert world.run([CHARA, KIMERA], total=3) == [f"baseline {KIMERA.key}"]
    assert world.run([CHARA, KIMERA, SURGENEX]) == [f"baseline {SURGENEX.key}"]
    assert world.told() == []


def test_the_run_that_completes_the_baseline_corrects_a_broken_one_in_silence(world: World) -> None:
    world.broken([changed(CHARA, title="Ch4ra")])
    world.run([CHARA, KIMERA])
    assert world.told() == []
    assert world.notice(CHARA).title == CHARA.title


def test_an_empty_list_is_no_baseline(world: World) -> None:
    assert world.run([]) == []
    assert world.view.verdict == "empty"
    assert world.run([CHARA]) == [f"baseline {CHARA.key}"]


def test_a_second_identical_run_changes_nothing_and_keeps_no_evidence(world: World) -> None:
    rows = [CHARA, KIMERA]
    world.run(rows, page(CHARA, TEXT))
    before = sorted((world.home / "evidence").iterdir())
    tables = ("notices", "changes", "versions", "captures", "texts", "deliveries")
    stored = [world.store.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]
    assert world.run(rows, page(CHARA, TEXT)) == []
    assert sorted((world.home / "evidence").iterdir()) == before
    assert [world.store.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables] == stored


def test_a_new_row_is_added_exactly_once(world: World) -> None:
    world.run([CHARA])
    assert world.run([KIMERA, CHARA]) == [f"added {KIMERA.key}"]
    assert world.run([KIMERA, CHARA]) == []
    assert world.told() == [f"added {KIMERA.key}"]
    assert (world.last().late, world.last().cause) == (False, "source")


def test_several_new_rows_are_told_oldest_first(world: World) -> None:
    world.run([CHARA])
    newest_first = [letter(f"firm-{number}") for number in (3, 2, 1)]
    assert world.run([*newest_first, CHARA]) == ["added firm-1", "added firm-2", "added firm-3"]


def test_a_bundle_applied_twice_changes_nothing_the_second_time(world: World) -> None:
    world.run([CHARA])
    bundle = world.bundle([CHARA, KIMERA])
    assert world.apply(bundle) == [f"added {KIMERA.key}"]
    first = world.view
    assert world.apply(bundle) == []
    assert world.view == first


def test_a_row_listed_twice_is_one_notice(world: World) -> None:
    world.run([CHARA])
    assert world.run([KIMERA, CHARA, KIMERA], seen=2, total=2) == [f"added {KIMERA.key}"]


def test_a_row_in_another_order_is_no_change(world: World) -> None:
    world.run([CHARA, KIMERA, SURGENEX])
    assert world.run([SURGENEX, CHARA, KIMERA]) == []


@pytest.mark.parametrize(
    ("values", "edit"),
    [
        ({"title": "Chara Biologics LLC"}, ("title", "Chara Biologics, Inc.", "Chara Biologics LLC")),
        ({"subject": "HCT/P"}, ("subject", "Deviations/CGMP", "HCT/P")),
        ({"office": "CDER"}, ("office", CHARA.fields["office"], "CDER")),
        ({"posted_on": date(2025, 3, 4)}, ("posted_on", "2025-01-28", "2025-03-04")),
        ({"issued_on": None}, ("issued_on", "2025-01-17", "")),
    ],
)
def test_an_edit_of_the_list_is_one_edited_naming_old_and_new(
    world: World, values: dict[str, object], edit: tuple[str, str, str]
) -> None:
    world.run([CHARA, KIMERA])
    assert world.run([changed(CHARA, **values), KIMERA]) == [f"edited {CHARA.key}"]
    assert world.edited() == [edit]
    assert world.run([changed(CHARA, **values), KIMERA]) == []


@pytest.mark.parametrize(
    "title",
    [
        "Chara  Biologics,\u00a0Inc. ",
        "Cha\u00adra Biologics, Inc.",
        "Chara\u200b Biologics,\ufeff Inc.",
        "\nChara Biologics, Inc.",
    ],
)
def test_what_no_reader_sees_is_no_change(world: World, title: str) -> None:
    world.run([CHARA])
    assert world.run([changed(CHARA, title=title)]) == []


def test_dashes_and_quotes_set_otherwise_are_no_change(world: World) -> None:
    plain = letter("hims", 'Hims & Hers "Health" - a firm\'s shop')
    world.run([plain])
    assert world.run([changed(plain, title="Hims & Hers “Health” – a firm’s shop")]) == []


def test_a_page_re_saved_without_a_word_changed_is_no_change(world: World) -> None:
    world.run([CHARA], page(CHARA, TEXT, etag='"a"'))
    resaved = page(CHARA, TEXT.replace(" ", "\u00a0"), etag='"b"', last_modified="Wed, 19 Mar 2025 12:04:00 GMT")
    assert world.run([CHARA], resaved) == []
    assert world.store.known(SOURCE.name).notices[CHARA.key].pages["notice"].etag == '"b"'


def test_an_edited_page_is_one_edited_whose_diff_shows_the_lines(world: World) -> None:
    world.run([CHARA], page(CHARA, TEXT))
    assert world.run([CHARA], page(CHARA, TEXT.replace("fifteen", "thirty"))) == [f"edited {CHARA.key}"]
    assert world.edited() == [("text", "", "")]
    event = world.store.dossier(f"{SOURCE.name}/{CHARA.key}").history[-1]
    lines = [line for line in event.diff if not line.startswith("@@")]
    assert lines == ["-Reply within fifteen days.", "+Reply within thirty days."]


def test_each_of_two_edits_of_a_page_keeps_its_own_diff(world: World) -> None:
    for text in (TEXT, TEXT.replace("fifteen", "thirty"), TEXT.replace("fifteen", "sixty")):
        world.run([CHARA], page(CHARA, text))
    history = world.store.dossier(f"{SOURCE.name}/{CHARA.key}").history
    assert [event.diff[-1] for event in history[1:]] == ["+Reply within thirty days.", "+Reply within sixty days."]


def test_list_and_page_edited_in_one_run_are_one_edited(world: World) -> None:
    world.run([CHARA], page(CHARA, TEXT))
    row = changed(CHARA, subject="HCT/P")
    assert world.run([row], page(row, "Another letter.", label="CORRECTED LETTER")) == [f"edited {CHARA.key}"]
    assert [field for field, _, _ in world.edited()] == ["subject", "label", "text"]


def test_an_untrusted_run_edits_nothing_and_the_next_good_one_owes_exactly_the_edits(world: World) -> None:
    world.run([CHARA, KIMERA], page(CHARA, TEXT))
    row, text = changed(CHARA, subject="HCT/P"), page(CHARA, "Other words.")
    assert world.broken([row], text) == []
    assert world.notice(CHARA).fields["subject"] == "Deviations/CGMP"
    assert world.run([row, KIMERA], text) == [f"edited {CHARA.key}"]
    assert world.edited() == [("subject", "Deviations/CGMP", "HCT/P"), ("text", "", "")]


@pytest.mark.parametrize("verdict", ["partial", "blocked", "layout_changed", "unreachable", "crashed", "empty"])
def test_an_untrusted_run_may_add_and_close_out(world: World, verdict: str) -> None:
    world.run([CHARA, KIMERA])
    brought = world.broken([changed(CLOSED, title="Garbled"), SURGENEX], stopped=verdict)
    assert sorted(brought) == sorted([f"closed_out {CHARA.key}", f"added {SURGENEX.key}"])
    assert world.run([CLOSED, KIMERA, SURGENEX]) == []


def test_an_untrusted_run_takes_no_close_out_away(world: World) -> None:
    world.run([CLOSED, KIMERA])
    world.broken([CHARA])
    assert world.notice(CHARA).closed_out_on == CLOSED.closed_out_on
    assert world.run([CLOSED, KIMERA]) == []


def test_an_untrusted_run_moves_no_close_out(world: World) -> None:
    world.run([CLOSED])
    moved = changed(CHARA, closed_out_on=date(2025, 7, 1))
    world.broken([moved])
    assert world.run([moved]) == [f"edited {CHARA.key}"]
    assert world.edited() == [("closed_out_on", "2025-06-03", "2025-07-01")]


def test_a_bundle_older_than_the_last_applied_may_only_add(world: World) -> None:
    world.run([CHARA])
    late = world.bundle([changed(CHARA, subject="Old words"), SURGENEX])
    world.run([CHARA, KIMERA])
    assert world.apply(late) == [f"added {SURGENEX.key}"]
    assert world.notice(CHARA).fields["subject"] == "Deviations/CGMP"
    assert world.run([CHARA, KIMERA, SURGENEX]) == []


def test_an_older_bundle_takes_no_close_out_away(world: World) -> None:
    world.run([CHARA])
    late = world.bundle([CHARA])
    world.run([CLOSED])
    assert world.apply(late) == []
    assert world.notice(CHARA).closed_out_on == CLOSED.closed_out_on
    assert world.run([CLOSED]) == []


def test_edits_that_a_new_revision_of_the_source_shows_are_ours_and_silent(world: World) -> None:
    world.run([CHARA], page(CHARA, TEXT))
    row = changed(CHARA, subject="HCT/P")
    assert world.run([row], page(row, "Read better."), revision=2) == [f"edited {CHARA.key}"]
    assert world.last().cause == "parser"
    assert world.told() == []


def test_an_edit_after_a_new_revision_has_settled_is_the_sources(world: World) -> None:
    world.run([CHARA])
    world.run([CHARA], revision=2)
    world.run([changed(CHARA, subject="HCT/P")], revision=2)
    assert (world.last().cause, world.told()) == ("source", [f"edited {CHARA.key}"])


def test_an_edit_of_a_page_that_read_the_same_under_the_new_revision_is_the_sources(world: World) -> None:
    world.run([CHARA], page(CHARA, TEXT))
    world.run([CHARA], page(CHARA, TEXT), revision=2)
    world.run([CHARA], page(CHARA, "Other words."), revision=2)
    assert (world.last().cause, world.told()) == ("source", [f"edited {CHARA.key}"])


def test_a_row_that_changed_only_the_address_of_its_close_out_still_has_evidence(world: World) -> None:
    world.run([CLOSED])
    assert world.run([changed(CLOSED, closed_out_url="https://www.fda.gov/warning-letters/chara-06022025")]) == []
    assert list(world.store.verify()) == []


def test_what_a_run_brought_is_counted_by_verb(world: World) -> None:
    world.run([CHARA, KIMERA])
    world.run([CLOSED, changed(KIMERA, subject="HCT/P"), SURGENEX])
    view = world.view
    assert (view.added, view.edited, view.closed_out, view.baseline) == (1, 1, 1, 0)


def test_a_change_is_dated_by_the_start_of_its_run(world: World) -> None:
    world.run([CHARA])
    world.run([CHARA, KIMERA])
    assert world.last().detected_at == START + timedelta(days=2)


subjects = st.sampled_from(["Deviations", "HCT/P", "CGMP – drugs", "CGMP - drugs"])
closings = st.sampled_from([None, date(2025, 6, 3)])
states = st.dictionaries(st.sampled_from("abcd"), st.tuples(subjects, closings), min_size=1)


@settings(max_examples=15)
@given(history=st.lists(states, min_size=1, max_size=5), data=st.data())
def test_replaying_the_changes_gives_the_last_state_and_order_never_matters(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[dict[str, tuple[str, date | None]]],
    data: st.DataObject,
) -> None:
    told: dict[str, str] = {}
    with World(tmp_path_factory.mktemp("home")) as world:
        for state in history:
            rows = [letter(key, subject=words, closed_out_on=closed) for key, (words, closed) in state.items()]
            brought = world.run(data.draw(st.permutations(rows)))
            _replay(told, state, brought, world)
            assert {key: told[key] for key in state} == {key: _shown(words) for key, (words, _) in state.items()}
            assert world.run(data.draw(st.permutations(rows))) == []


def _shown(words: str) -> str:
    return words.replace("–", "-")


def _replay(
    told: dict[str, str], state: dict[str, tuple[str, date | None]], brought: list[str], world: World
) -> None:
    """Learn a new notice's words from its first row, and every later one from the changes alone."""
    for change in list(world.store.changes())[-len(brought) :] if brought else []:
        key = change.notice.partition("/")[2]
        if change.verb in ("baseline", "added"):
            told[key] = _shown(state[key][0])
        for edit in change.edited:
            if edit.field == "subject":
                told[key] = _shown(edit.new)
