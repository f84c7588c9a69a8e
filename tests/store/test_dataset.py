"""The tables of a release as the store streams them: complete, sorted by key, of one mind with the dossiers."""

from datetime import date, timedelta

import msgspec

from stemwatch.cadence import Cadence
from stemwatch.clinics.views import RelationKind
from stemwatch.store import Store
from tests.store.builders import NAME, SOURCE, START, World, letter
from tests.store.clinics import ALL, NEW, OLD, ORLIN, apply, clinic_of, told

OFFICER = told("quillfen-8", "Quillfen Cells, LLC", "2022-05-01", recipient="Vora Lind, M.D.")


def test_a_clinic_has_one_row_and_its_names_one_each(world: World) -> None:
    apply(world, *ALL)
    rows = {row.clinic: row for row in world.store.clinic_rows()}
    assert list(rows) == sorted(rows)
    views = list(world.store.clinics(everything=True))
    assert {view.clinic for view in views} == {row.clinic for row in rows.values() if row.notices}
    for view in views:
        row = rows[view.clinic]
        names = ("name", "names", "people", "websites", "places", "notices", "relevant", "first_on", "last_on")
        assert [getattr(row, name) for name in names] == [getattr(view, name) for name in names]
    names_of = [row.name for row in world.store.clinic_names() if row.clinic == clinic_of(world, OLD[0])]
    assert {"Talvex Labs, LLC", "Talvex Labs Inc."} <= set(names_of)
    assert names_of == sorted(names_of)


def test_an_id_that_leads_to_another_clinic_keeps_its_row(world: World) -> None:
    apply(world, OLD, ORLIN, OFFICER)
    first, second, third = (clinic_of(world, one[0]) for one in (OLD, ORLIN, OFFICER))
    world.store.merge_clinics(third, second, "so he told us", START)
    world.store.merge_clinics(second, first, "so she told us", START)
    rows = {row.clinic: row for row in world.store.clinic_rows()}
    lasting = clinic_of(world, OLD[0])
    for led in {first, second, third} - {lasting}:
        assert (rows[led].became, rows[led].notices, rows[led].names) == (lasting, 0, ())
    assert (rows[lasting].became, rows[lasting].notices) == (None, 3)


def test_relations_are_those_of_the_dossiers_once_each(world: World) -> None:
    supplied = told(
        "orlin-9", "Orlin Biologics, Inc.", "2023-05-01", text="Your product is supplied by Talvex Labs, LLC."
    )
    apply(world, *ALL, OFFICER, supplied)
    rows = list(world.store.relations())
    keys = [(row.clinic, row.other, row.relation) for row in rows]
    assert keys == sorted(set(keys))
    told_of: set[tuple[str, str, RelationKind]] = set()
    for clinic in world.store.clinics(everything=True):
        related = world.store.clinic(clinic.clinic).related
        told_of |= {(clinic.clinic, one.clinic, one.relation) for one in related if one.relation != "similar_name"}
    assert set(keys) <= told_of
    assert {frozenset(key[:2]) for key in told_of} == {frozenset(key[:2]) for key in keys}
    assert (clinic_of(world, ORLIN[0]), clinic_of(world, OLD[0]), "supplier") in keys
    (shared,) = (row for row in rows if row.relation == "shared_officer")
    assert shared.shared == ("vora lind",)
    assert {notice.partition("/")[2] for notice in shared.notices} == {"talvex-labs-1", "quillfen-8"}


def test_a_bond_that_holds_both_ways_is_told_once_and_any_other_as_it_was_stated(world: World) -> None:
    apply(world, OLD, ORLIN)
    actors = world.store.db.execute("SELECT clinic, id FROM actors ORDER BY clinic").fetchall()
    (lesser, one), (greater, other) = actors
    for first, second in ((one, other), (other, one)):
        for kind in ("affiliate", "supplier"):
            world.store.db.execute("INSERT INTO relations VALUES (?, ?, ?, '{}')", [kind, first, second])
    keys = [(row.clinic, row.other, row.relation) for row in world.store.relations()]
    assert keys == [
        (lesser, greater, "affiliate"),
        (lesser, greater, "supplier"),
        (greater, lesser, "supplier"),
    ]


def test_captures_name_their_source_and_evidence_leads_to_them(world: World) -> None:
    apply(world, OLD, NEW)
    captures = list(world.store.captures())
    assert [(row.file, row.offset) for row in captures] == sorted((row.file, row.offset) for row in captures)
    assert {row.source for row in captures} == {NAME}
    evidence = list(world.store.evidence())
    assert [(row.notice, row.role) for row in evidence] == sorted((row.notice, row.role) for row in evidence)
    assert {row.role for row in evidence} == {"list", "page: notice"}
    assert {row.sha256 for row in evidence} <= {row.sha256 for row in captures}


def test_sources_come_with_their_terms(world: World) -> None:
    world.run([letter("a")])
    (row,) = world.store.source_rows({NAME: Cadence(timedelta(hours=6))})
    assert (row.source, row.licence, row.url) == (NAME, SOURCE.licence, SOURCE.url)
    assert (row.notices, row.newest_on, row.verdict) == (1, date(2025, 1, 28), "ok")


def test_notices_are_sorted_by_their_whole_id(world: World) -> None:
    second = msgspec.structs.replace(SOURCE, name=f"{NAME}-extra")
    world.run([letter("a")])
    with Store(world.home, {NAME: SOURCE, second.name: second}) as both:
        world.store.close()
        world.store, world.source = both, second
        world.run([letter("b")])
        ids = [notice.notice for notice in both.all_notices()]
        assert ids == sorted(ids) == [f"{NAME}-extra/b", f"{NAME}/a"]
