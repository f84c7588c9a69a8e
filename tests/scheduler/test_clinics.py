"""The commands about clinics: what people and programs are given."""

from pathlib import Path
from typing import Any

import pytest

from tests.scheduler.conftest import Run
from tests.store.builders import World
from tests.store.clinics import ALL, LIKE, NEW, OLD, ORLIN, apply, clinic_of

CLINIC = "clinic name names people websites places notices relevant first_on last_on found matched"
DOSSIER = "clinic asked also name names people websites places products notices related links decisions"
CANDIDATE = "clinic name other other_name score why evidence"


@pytest.fixture
def known(home: Path) -> dict[str, str]:
    """A data folder with clinics; their ids by the key of a notice about them."""
    with World(home) as world:
        apply(world, *ALL, LIKE)
        return {row.key: clinic_of(world, row) for row, _ in (*ALL, LIKE)}


@pytest.mark.usefixtures("known")
def test_clinics_is_a_search_unless_the_first_word_is_one_of_its_commands(run: Run) -> None:
    for arguments in (("clinics", "orlin"), ("clinics", "find", "orlin")):
        done = run(*arguments)
        assert done.code == 0
        assert "Orlin Biologics, Inc." in done.out
        assert "Talvex" not in done.out
    assert len(run("clinics", "--json").records) == 3
    assert run("clinics", "merge").code == 2


@pytest.mark.usefixtures("known")
def test_clinics_are_one_json_object_a_line(run: Run) -> None:
    (record,) = run("clinics", "brinna", "cove", "--json").records
    assert list(record) == CLINIC.split()
    assert (record["found"], record["notices"], record["names"][0]) == ("name", 4, "Brinna Cove")


@pytest.mark.usefixtures("known")
def test_nothing_found_says_what_was_looked_at_and_that_it_is_no_clean_bill(run: Run) -> None:
    for arguments in (("zzzzqq",), ("zzzzqq", "--json")):
        done = run("clinics", *arguments)
        assert (done.code, done.out.strip()) == (0, "")
        assert "FDA: Warning letters, last good check 3 January 2025" in done.err
        assert "does not mean that a clinic is approved or safe" in done.err


def test_an_empty_data_folder_says_that_nothing_was_looked_at(run: Run) -> None:
    done = run("clinics")
    assert "last good check never" in done.err


@pytest.mark.usefixtures("known")
def test_close_names_are_told_apart_from_found_ones(run: Run) -> None:
    done = run("clinics", "orlim", "biologic")
    assert done.out.startswith("Spelt alike")
    assert "only spelt alike" in done.err
    assert [record["found"] for record in run("clinics", "orlim", "biologic", "--json").records] == ["close"]


def test_a_dossier_is_one_json_object_with_evidence(run: Run, known: dict[str, str]) -> None:
    (record,) = run("clinic", known["talvex-labs-1"], "--json").records
    assert list(record) == DOSSIER.split()
    proof: dict[str, Any] = record["notices"][0]["evidence"]
    assert list(proof) == ["notice", "field", "start", "end", "quote"]


def test_a_dossier_shows_every_part_with_the_words_it_rests_on(run: Run, known: dict[str, str]) -> None:
    told = run("clinic", known["talvex-labs-1"]).out
    for part in (
        "Names",
        "People",
        "Places",
        "Notices",
        "Other clinics",
        "Brinna Cove",
        "Vora Lind",
        "Tampa, FL, US",
    ):
        assert part in told
    assert "a name spelt alike: Talvec Labs, LLC" in told
    assert "recipient: “Vora Lind, M.D.”" in told
    assert "may have been resolved since" in told


def test_an_unknown_clinic_is_wrong_usage(run: Run) -> None:
    done = run("clinic", "c-aaaaaaa")
    assert (done.code, done.out) == (2, "")
    assert "There is no clinic 'c-aaaaaaa'" in done.err


def test_people_merge_and_undo_and_the_merged_id_says_what_it_became(run: Run, known: dict[str, str]) -> None:
    talvex, orlin = known["talvex-labs-1"], known["orlin-4"]
    done = run("clinics", "merge", orlin, talvex, "--why", "one owner")
    assert (done.code, done.out) == (0, "")
    assert "stemwatch clinics undo 1" in done.err
    shown = run("clinic", orlin)
    assert f"{orlin} became {talvex}." in shown.err
    assert "one owner" in shown.out
    assert run("clinics", "undo", 1).code == 0
    assert run("clinic", orlin).err == ""


def test_people_split_notices_off(run: Run, known: dict[str, str]) -> None:
    talvex = known["talvex-labs-1"]
    assert run("clinics", "split", talvex, NEW[0].key, "--why", "another firm").code == 0
    record = run("clinic", talvex, "--json").records[0]
    assert NEW[0].key not in {action["notice"].partition("/")[2] for action in record["notices"]}
    assert record["decisions"][0]["why"] == "another firm"


@pytest.mark.parametrize("command", [("merge", "c-a", "c-b"), ("split", "c-a", "n")])
def test_a_decision_needs_its_reason(run: Run, command: tuple[str, ...]) -> None:
    done = run("clinics", *command)
    assert done.code == 2
    assert "needs its reason" in done.err


def test_review_lists_pairs_and_how_to_decide(run: Run, known: dict[str, str]) -> None:
    (record,) = run("clinics", "review", "--json").records
    assert list(record) == CANDIDATE.split()
    assert {record["clinic"], record["other"]} == {known[OLD[0].key], known[LIKE[0].key]}
    done = run("clinics", "review")
    assert "similar name" in done.out
    assert "stemwatch clinics merge ONE OTHER" in done.err
    run("clinics", "merge", known[ORLIN[0].key], known[OLD[0].key], "--why", "one owner")
    assert "one owner" in run("clinics", "review").out
