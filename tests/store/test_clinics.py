"""Clinics in the store: gathered from notices at every apply, under ids that stay."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.errors import UsageError
from tests.store.builders import SOURCE, World, changed, page
from tests.store.clinics import ALL, BRINNA, DBA, FAR, NEW, OLD, apply, clinic_of, gathered, told

OTHERS = [
    f"{one}{two}ra" for one in ("Bel", "Dor", "Fen", "Gol", "Hul", "Jar") for two in ("ba", "do", "fi", "gu")
]


def test_a_clinic_gathers_its_notices_across_years_and_names(world: World) -> None:
    apply(world, *ALL)
    assert gathered(world.store) == {
        frozenset({"talvex-labs-1", "talvex-labs-2", "talvex-labs-3", "brinna-5"}),
        frozenset({"orlin-4"}),
    }
    dossier = world.store.clinic(clinic_of(world, NEW[0]))
    assert dossier.name == "Talvex Labs Inc."
    assert [(n.name, str(n.first_on), str(n.last_on)) for n in dossier.names] == [
        ("Brinna Cove", "2019-05-01", "2022-05-01"),
        ("Talvex Labs, LLC", "2020-05-01", "2020-05-01"),
        ("Talvex Labs LLC", "2022-05-01", "2022-05-01"),
        ("Talvex Labs Inc.", "2024-05-01", "2024-05-01"),
    ]
    assert [action.notice.partition("/")[2] for action in dossier.notices] == [
        "brinna-5",
        "talvex-labs-1",
        "talvex-labs-3",
        "talvex-labs-2",
    ]


def test_every_line_of_a_dossier_has_the_words_it_rests_on(world: World) -> None:
    apply(world, OLD)
    dossier = world.store.clinic(clinic_of(world, OLD[0]))
    proofs = [dossier.names[0].evidence, dossier.people[0].evidence, dossier.places[0].evidence]
    assert (dossier.people[0].name, dossier.places[0].value) == ("Vora Lind", "Tampa, FL, US")
    for found in proofs:
        assert found
        for proof in found:
            assert proof.notice == f"{SOURCE.name}/{OLD[0].key}"
            fields = {**world.notice(OLD[0]).fields, "title": OLD[0].title, "text": OLD[1].text}
            assert fields[proof.field][proof.start : proof.end] in proof.quote


def test_a_dossier_tells_what_holds_the_notices_together(world: World) -> None:
    apply(world, OLD, NEW)
    links = world.store.clinic(clinic_of(world, OLD[0])).links
    assert [(link.by, link.value, len(link.notices)) for link in links] == [("name", "talvexlabs", 2)]


def test_the_id_stays_when_the_clinic_is_renamed_and_when_it_is_named_again(world: World) -> None:
    apply(world, OLD)
    first = clinic_of(world, OLD[0])
    apply(world, OLD, NEW, DBA)
    assert {clinic_of(world, row) for row, _ in (OLD, NEW, DBA)} == {first}


def test_of_two_clinics_that_prove_to_be_one_the_older_id_stays_and_the_other_leads_to_it(world: World) -> None:
    apply(world, OLD, BRINNA)
    younger, older = clinic_of(world, OLD[0]), clinic_of(world, BRINNA[0])
    assert younger != older
    apply(world, OLD, BRINNA, DBA)
    assert clinic_of(world, OLD[0]) == older
    dossier = world.store.clinic(younger)
    assert (dossier.clinic, dossier.asked, dossier.also) == (older, younger, (younger,))


def test_when_the_evidence_falls_away_each_id_means_again_what_it_meant(world: World) -> None:
    apply(world, OLD, BRINNA)
    talvex, brinna = clinic_of(world, OLD[0]), clinic_of(world, BRINNA[0])
    apply(world, OLD, BRINNA, DBA)
    without = (changed(DBA[0], title="Orlin Biologics"), DBA[1])
    apply(world, OLD, BRINNA, without)
    assert (clinic_of(world, OLD[0]), clinic_of(world, BRINNA[0])) == (talvex, brinna)
    assert world.store.clinic(talvex).also == ()
    assert clinic_of(world, DBA[0]) not in (talvex, brinna)


SUPPLIED = "Your product is supplied by {}."


def supplier_of(world: World) -> str:
    sql = "SELECT clinic FROM actors WHERE slot <> ''"
    ((clinic,),) = world.store.db.execute(sql).fetchall()
    return str(clinic)


def test_an_id_that_nothing_stands_for_any_more_says_so_and_leads_to_nobody_else(world: World) -> None:
    row, _ = told("orlin-7", "Orlin Biologics")
    apply(world, (row, page(row, SUPPLIED.format("Quillfen Cells, LLC"))))
    gone = supplier_of(world)
    assert world.store.clinic(gone).related[0].relation == "customer"
    apply(world, (row, page(row, "Nothing more is said.")))
    with pytest.raises(UsageError, match="No notice names"):
        world.store.clinic(gone)


def test_an_id_whose_name_was_misread_leads_to_the_name_as_it_is_read_now(world: World) -> None:
    row, _ = told("orlin-7", "Orlin Biologics")
    apply(world, (row, page(row, SUPPLIED.format("Quillfn Cells, LLC"))))
    before = supplier_of(world)
    apply(world, (row, page(row, SUPPLIED.format("Quillfen Cells, LLC"))))
    assert world.store.clinic(before).clinic == supplier_of(world) != before


def test_an_id_that_was_never_given_out_is_an_error(world: World) -> None:
    with pytest.raises(UsageError, match="There is no clinic"):
        world.store.clinic("c-aaaaaaa")


def test_look_alikes_are_two_clinics_related_by_their_names(world: World) -> None:
    apply(world, OLD, FAR)
    assert len(gathered(world.store)) == 2
    related = world.store.clinic(clinic_of(world, OLD[0])).related
    assert [(other.relation, other.clinic) for other in related] == [("similar_name", clinic_of(world, FAR[0]))]


def test_an_officer_in_common_is_a_relation_with_both_notices_as_evidence(world: World) -> None:
    also = told("quillfen-8", "Quillfen Cells", recipient="Dr. Vora Lind")
    apply(world, OLD, also)
    (related,) = world.store.clinic(clinic_of(world, OLD[0])).related
    assert (related.relation, related.clinic) == ("shared_officer", clinic_of(world, also[0]))
    assert {proof.notice.partition("/")[2] for proof in related.evidence} == {"talvex-labs-1", "quillfen-8"}


def test_linking_everything_anew_changes_nothing(world: World) -> None:
    apply(world, *ALL, FAR)
    before = world.store.db.execute("SELECT notice, slot, clinic FROM actors ORDER BY 1, 2").fetchall()
    names = world.store.db.execute("SELECT * FROM clinic_names ORDER BY 1, 2").fetchall()
    world.store.db.execute("UPDATE instance SET linking = 'another'")
    world.store.rejudge()
    assert world.store.db.execute("SELECT notice, slot, clinic FROM actors ORDER BY 1, 2").fetchall() == before
    assert world.store.db.execute("SELECT * FROM clinic_names ORDER BY 1, 2").fetchall() == names
    assert not list(world.store.verify())


def test_a_run_without_news_links_nothing(world: World) -> None:
    apply(world, *ALL)
    before = world.store.db.execute("SELECT id FROM actors ORDER BY id").fetchall()
    apply(world, *ALL)
    assert world.store.db.execute("SELECT id FROM actors ORDER BY id").fetchall() == before


def test_changes_and_notices_carry_the_ids(world: World) -> None:
    apply(world, OLD)
    (change,) = world.store.changes()
    assert change.clinics == world.notice(OLD[0]).clinics == (clinic_of(world, OLD[0]),)


def state(world: World) -> dict[str, tuple[str, ...]]:
    return {view.notice: view.clinics for view in world.store.all_notices()}


runs = st.lists(st.lists(st.sampled_from([*ALL, FAR]), min_size=1, max_size=4), max_size=3)


@settings(max_examples=12)
@given(runs, st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order_of_arrival_or_how_notices_are_split_into_runs(runs, dice) -> None:  # type: ignore[no-untyped-def]
    whole = [*ALL, FAR]
    with TemporaryDirectory() as one, TemporaryDirectory() as other, World(Path(one)) as at_once:
        apply(at_once, *whole)
        with World(Path(other)) as bit_by_bit:
            seen: list[str] = []
            for run in runs:
                seen += [row.key for row, _ in run]
                present = [each for each in whole if each[0].key in seen]
                dice.shuffle(present)
                apply(bit_by_bit, *present, only=[row.key for row, _ in run])
            given_out = {id for (id,) in bit_by_bit.store.db.execute("SELECT id FROM clinics")}
            dice.shuffle(whole)
            apply(bit_by_bit, *whole)
            assert state(bit_by_bit) == state(at_once)
            for clinic in given_out:
                assert bit_by_bit.store.clinic(clinic).clinic


def test_a_dossier_takes_as_long_among_many_clinics_as_among_few(world: World) -> None:
    def steps() -> int:
        """Tens of steps that SQLite takes for the dossier."""
        taken: list[int] = []
        world.store.db.conn.set_progress_handler(lambda: taken.append(1), 10)
        world.store.clinic(clinic)
        world.store.db.conn.set_progress_handler(None, 0)
        return len(taken)

    apply(world, OLD)
    clinic = clinic_of(world, OLD[0])
    among_few = steps()
    others = [told(f"other-{word}", f"{word} Cell Clinic, LLC", recipient=f"{word} Okell") for word in OTHERS]
    apply(world, OLD, *others)
    assert steps() < 2 * among_few
