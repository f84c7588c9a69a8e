"""How far a matter has come, by the words of its notice."""

from pathlib import Path

import pytest

from stemwatch.errors import UsageError
from stemwatch.stages import load, stage

FILED = '[[wording]]\nwhy = "x"\nstage = "filed"\nphrases = ["sues"]\n'


def of(title: str, text: str = "", kind: str = "press_release") -> str:
    return stage({"title": title, "text": text}, kind)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Health officers raid a clinic in Wynmoor", "investigation"),
        ("Department sends cease and desist letter to Harbor Cells", "warning"),
        ("State sues Harbor Cells over exosome claims", "filed"),
        ("Two charged with smuggling exosomes", "filed"),
        ("Court grants temporary restraining order against Harbor Cells", "preliminary_order"),
        ("Settlement with Harbor Cells announced", "settlement"),
        ("Jury finds owner of Harbor Cells guilty", "judgment"),
        ("Court orders Harbor Cells to pay", "judgment"),
        ("Owner of Harbor Cells sentenced", "sentence"),
        ("Order against Harbor Cells vacated", "modified"),
        ("Harbor Cells: charges were dropped", "closed"),
        ("再生医療等の安全性の確保等に関する法律に基づく緊急命令について", "preliminary_order"),
        ("무허가 줄기세포 시술 의원 적발", "investigation"),
        ("Mise en garde sur des exosomes", "warning"),
        ("Harbor Cells moves to a new building", ""),
    ],
)
def test_a_title_says_how_far_it_has_come(title: str, expected: str) -> None:
    assert of(title) == expected


def test_the_title_outweighs_what_the_text_looks_back_on() -> None:
    assert of("Owner of Harbor Cells indicted", "A partner was sentenced last year.") == "filed"


def test_where_the_title_is_silent_the_lead_speaks() -> None:
    lead = "Harbor Cells agreed to pay $10,000. The complaint had been filed in May."
    assert of("Harbor Cells and its owner", lead) == "settlement"


def test_the_history_at_the_end_counts_only_when_nothing_else_does() -> None:
    lead = "The state sues Harbor Cells. " + "It runs two clinics. " * 40
    assert of("Harbor Cells", lead + "In 2010 its founder was sentenced.") == "filed"


@pytest.mark.parametrize(
    "text",
    [
        "The suit seeks a permanent injunction.",
        "She is charged with fraud and, if convicted, faces up to 20 years.",
        "He was indicted; sentencing is scheduled for May should he plead.",
        "The state filed a motion for summary judgment in its lawsuit.",
    ],
)
def test_what_is_only_asked_for_or_threatened_is_not_decided(text: str) -> None:
    assert of("Harbor Cells", text) == "filed"


@pytest.mark.parametrize("text", ["A complaint file was kept.", "In our medical judgment it is rare."])
def test_words_that_only_sound_like_it_say_nothing(text: str) -> None:
    assert of("Harbor Cells", text) == ""


def test_a_letter_warns_whatever_it_threatens() -> None:
    assert of("Harbor Cells", "This may end in seizure or a permanent injunction.", "warning_letter") == "warning"


def test_the_kind_speaks_where_the_words_do_not() -> None:
    assert of("Cells sold in hotels", "", "alert") == "warning"
    assert of("Seller of cells convicted", "", "alert") == "judgment"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[[wording]]\nwhy = "x"\nstage = "ended"\nphrases = ["ended"]', "lexicon/stages/a.toml: wording 1 (x)"),
        ('[[verdict]]\nwhy = "x"', "unknown table 'verdict'"),
        (FILED + FILED.replace("filed", "warning"), "'sues' means another stage"),
    ],
)
def test_an_entry_that_is_not_understood_does_not_load(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "a.toml").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load(tmp_path)
    assert told in str(caught.value)
