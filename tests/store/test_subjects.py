"""What rules look at: each change with its notice and the text that the search index has."""

from datetime import date
from typing import Any

from stemwatch.store import Search
from tests.store.builders import BIOLOGICS, CHARA, KIMERA, NAME, World, changed, page
from tests.store.clinics import DBA, NEW, OLD, ORLIN, apply


def test_a_subject_has_its_notice_and_the_texts_that_a_search_looks_at(world: World) -> None:
    world.run([CHARA, KIMERA], page(KIMERA, "A vial of exosomes."))
    subjects = {seen.texts["title"]: seen for seen in world.store.subjects(world.store.changes(), texts=True)}
    chara, kimera = subjects["Chara Biologics, Inc."], subjects["Kimera Labs, Inc."]
    assert (kimera.verb, kimera.cause, kimera.source) == ("baseline", "source", NAME)
    assert (kimera.jurisdiction, kimera.regulator, kimera.kind) == ("US", "FDA", "warning_letter")
    assert kimera.texts == {
        "title": "Kimera Labs, Inc.",
        "office": BIOLOGICS,
        "subject": "Deviations/CGMP",
        "case_number": "649343",
        "body": "A vial of exosomes.",
    }
    assert chara.texts["body"] == ""
    assert [found.key for found in world.store.notices(Search(query="text:exosomes"))] == [KIMERA.key]


def test_bodies_are_left_out_when_no_rule_reads_them(world: World) -> None:
    world.run([KIMERA], page(KIMERA, "A vial of exosomes."))
    (kimera,) = world.store.subjects(world.store.changes(), texts=False)
    assert (kimera.texts["title"], kimera.texts["body"]) == ("Kimera Labs, Inc.", "")


def test_a_subject_has_whom_the_notice_names_where_it_places_them_and_how_else_its_clinic_is_called(
    world: World,
) -> None:
    apply(world, OLD, NEW, DBA, ORLIN)
    seen = {subject.texts["title"]: subject for subject in world.store.subjects(world.store.changes(), texts=True)}
    old, new, orlin = (seen[row.title] for row, _ in (OLD, NEW, ORLIN))
    assert old.people == ("Vora Lind",)
    assert old.places == ("Tampa", "FL", "US", "United States", "Florida")
    assert old.clinic_names == ("Talvex Labs, LLC",)
    assert set(new.other_names) == {"Talvex Labs, LLC", "Talvex Labs LLC", "Brinna Cove"}
    assert (orlin.people, orlin.places, orlin.other_names) == (("Amil Okell",), (), ())
    told = {event.title: event.subject for event in world.store.history(since=None, texts=True)}
    assert told[OLD[0].title].places == old.places


def test_what_rules_may_look_at_is_asked_for_many_changes_at_once(world: World) -> None:
    def asked(*letters: tuple[Any, Any]) -> int:
        apply(world, *letters)
        statements: list[str] = []
        changes = list(world.store.changes())
        world.store.db.conn.set_trace_callback(statements.append)
        assert len(list(world.store.subjects(changes, texts=True))) == len(changes)
        world.store.db.conn.set_trace_callback(None)
        return sum("search_documents" not in statement for statement in statements)

    assert asked(OLD) == asked(OLD, NEW, DBA, ORLIN)


def test_history_has_the_first_look_by_posted_day_and_changes_by_the_day_they_were_seen(world: World) -> None:
    undated = changed(CHARA, key="undated", posted_on=None)
    world.run([KIMERA, undated])
    world.run([changed(KIMERA, subject="Unapproved exosome products"), undated])
    history = list(world.store.history(since=None, texts=False))
    told = {(event.day, event.first_look, event.subject.verb) for event in history}
    assert told == {
        (KIMERA.posted_on, True, "added"),
        (CHARA.issued_on, True, "added"),
        (world.now.date(), False, "edited"),
    }
    assert world.store.history_size(since=None) == 3


def test_history_begins_on_the_day_that_is_asked_for(world: World) -> None:
    world.run([KIMERA, CHARA])
    history = world.store.history(since=date(2025, 1, 28), texts=False)
    assert [event.notice for event in history] == [f"{NAME}/{CHARA.key}"]
    assert world.store.history_size(since=date(2025, 1, 28)) == 1
    assert world.store.history_size(since=date(2025, 1, 29)) == 0


def test_history_is_what_the_regulator_did(world: World) -> None:
    world.run([KIMERA])
    world.store.db.execute("UPDATE changes SET cause = 'parser'")
    assert list(world.store.history(since=None, texts=False)) == []
