"""The lexicon is data that anyone may edit: what is not understood must not load, and must say where it stands."""

from pathlib import Path

import pytest

from stemwatch.errors import UsageError
from stemwatch.phrases import FIELDS, Evidence, Lexicon, lexicon, load
from stemwatch.relevance import judge

SCALE = """
[scale]
why = "most notices are about other things"
base = -2.0
relevant = 0.5
possible = 0.2
most = { product = 4.0 }
most_against = 5.0
"""
EVIDENCE = """
[[evidence]]
kind = "product"
why = "cells of a unicorn"
points = 3.0
products = ["other"]
phrases = ["unicorn cell*", "horn"]
"""


def loaded(folder: Path, **files: str) -> Lexicon:
    for name, content in files.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return load(folder)


def refused(folder: Path, content: str) -> str:
    with pytest.raises(UsageError) as error:
        loaded(folder, en=content)
    return str(error.value)


def phrases(words: Lexicon, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in words.find({"text": text})]


def test_the_projects_own_lexicon_loads_and_every_kind_on_its_scale_is_used() -> None:
    words = lexicon()
    entries = [entry for found in words.meanings.values() for entry in found]
    assert {entry.kind for entry in entries if isinstance(entry, Evidence)} == set(words.scale.most)
    assert set(words.meanings) == set(FIELDS)


def test_a_phrase_is_added_without_touching_python(tmp_path: Path) -> None:
    words = loaded(tmp_path, en=SCALE + EVIDENCE)
    result = judge({"text": "Unicorn-cells for sale"}, words)
    assert (result.label, result.products) == ("relevant", ("other",))
    assert [(reason.phrase, reason.why) for reason in result.reasons] == [("unicorn-cells", "cells of a unicorn")]


def test_a_blank_stands_for_a_hyphen_and_a_star_for_an_ending(tmp_path: Path) -> None:
    words = loaded(tmp_path, en=SCALE + EVIDENCE)
    assert phrases(words, "a unicorn cell, unicorn-cells, unicorncells, horns, shorn, horn") == [
        "unicorn cell",
        "unicorn-cells",
        "horn",
    ]


def test_the_longest_phrase_hides_shorter_ones_within_it(tmp_path: Path) -> None:
    neutral = '[[neutral]]\nwhy = "a book"\nphrases = ["the last unicorn cell*"]\n'
    words = loaded(tmp_path, en=SCALE + EVIDENCE + neutral)
    assert phrases(words, "the last unicorn cell and a unicorn cell") == ["the last unicorn cell", "unicorn cell"]
    assert judge({"text": "the last unicorn cell"}, words).label == "unrelated"


def test_several_files_make_one_lexicon(tmp_path: Path) -> None:
    more = EVIDENCE.replace('"unicorn cell*", "horn"', '"célula de unicornio"')
    words = loaded(tmp_path, en=SCALE + EVIDENCE, es=more)
    assert judge({"text": "CÉLULA DE UNICORNIO"}, words).label == "relevant"


def test_the_digest_changes_with_every_word(tmp_path: Path) -> None:
    before = loaded(tmp_path, en=SCALE + EVIDENCE).digest
    assert loaded(tmp_path, en=SCALE + EVIDENCE).digest == before
    assert loaded(tmp_path, en=SCALE + EVIDENCE.replace("horn", "hoof")).digest != before


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (EVIDENCE.replace("points", "weight"), "weight"),
        (EVIDENCE.replace('"horn"', '""'), "phrases"),
        (EVIDENCE.replace('"horn"', '"  "'), "'  ' is not a phrase"),
        (EVIDENCE.replace('"horn"', '"*"'), "'*' is not a phrase"),
        (EVIDENCE.replace('"horn"', '"*horn"'), "'*horn' is not a phrase"),
        (EVIDENCE.replace('"horn"', '"ho*rn"'), "'ho*rn' is not a phrase"),
        (EVIDENCE.replace('"horn"', "7"), "phrases"),
        (EVIDENCE.replace('"horn"', '"Unicorn-Cell*"'), "'Unicorn-Cell*' is already there"),
        (EVIDENCE.replace('["unicorn cell*", "horn"]', "[]"), "phrases"),
        (EVIDENCE.replace('["other"]', '["blood_moon"]'), "blood_moon"),
        (EVIDENCE.replace("3.0", "-3.0"), "points"),
        (EVIDENCE.replace("3.0", "nan"), "points"),
        (EVIDENCE.replace('kind = "product"', 'kind = "produkt"'), "'produkt' (known: product)"),
        (EVIDENCE + 'fields = ["headline"]', "headline"),
        (EVIDENCE + 'routes = ["by_post"]', "by_post"),
    ],
)
def test_an_entry_that_cannot_be_understood_does_not_load(tmp_path: Path, wrong: str, named: str) -> None:
    message = refused(tmp_path, SCALE + wrong)
    assert "lexicon/en.toml: evidence 1" in message
    assert "cells of a unicorn" in message
    assert named in message


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("[[evidense]]\nwhy = 'x'", "unknown table 'evidense'"),
        ("[[rule]]\nwhy = 'x'\nneeds = ['produkt']\npoints = 1", "rule 1 (x): unknown kind 'produkt'"),
        ("[[doubt]]\nwhy = 'x'\nkind = 'product'\npoints = 1\nfewer_than = 0", "doubt 1 (x)"),
        ("[[excluding]]\nphrases = ['x']\npoints = 1", "excluding 1 (no why)"),
        ("[[excluding]]\nwhy = 'x'\nphrases = ['x']\npoints = 1\nunless = ['produkt']", "unknown kind 'produkt'"),
        ("neutral = 3", "neutral 1 (not a table)"),
        ("this is not TOML", "lexicon/en.toml is not TOML"),
    ],
)
def test_a_file_that_cannot_be_understood_does_not_load(tmp_path: Path, wrong: str, named: str) -> None:
    assert named in refused(tmp_path, wrong + SCALE)


def test_a_scale_that_contradicts_itself_does_not_load(tmp_path: Path) -> None:
    wrong = SCALE.replace("possible = 0.2", "possible = 0.7")
    assert "possible must not lie above relevant" in refused(tmp_path, wrong)


def test_exactly_one_file_holds_the_scale(tmp_path: Path) -> None:
    assert "exactly one file must hold [scale], 0 do" in refused(tmp_path, EVIDENCE)
    with pytest.raises(UsageError, match="2 do"):
        loaded(tmp_path, en=SCALE, es=SCALE)


@pytest.mark.parametrize("wrong", ["slope = 0", "slope = nan", "shift = 11", "passing = 2", "steepness = 1"])
def test_a_calibration_that_makes_no_sense_does_not_load(tmp_path: Path, wrong: str) -> None:
    assert "scale 1" in refused(tmp_path, f"{SCALE}{wrong}")


def test_a_calibration_moves_the_score_and_not_the_points(tmp_path: Path) -> None:
    flat = loaded(tmp_path, en=f"{SCALE}{EVIDENCE}")
    steep = loaded(tmp_path, en=f"{SCALE}slope = 2.0\nshift = 0.5\n{EVIDENCE}")
    assert judge({"text": "unicorn cell"}, flat).score == pytest.approx(0.7311)
    assert judge({"text": "unicorn cell"}, steep).score == pytest.approx(0.9241)


def test_excluding_evidence_may_give_way_to_other_evidence(tmp_path: Path) -> None:
    against = '[[excluding]]\nwhy = "soap"\nphrases = ["soap"]\npoints = 5.0\nunless = ["product"]\n'
    words = loaded(tmp_path, en=SCALE + EVIDENCE + against)
    assert judge({"text": "soap"}, words).score < judge({"text": "salt"}, words).score
    assert judge({"text": "soap of unicorn cells"}, words).label == "relevant"


def test_two_languages_may_share_a_word_that_means_and_weighs_the_same(tmp_path: Path) -> None:
    same = EVIDENCE.replace("cells of a unicorn", "unicorns").replace('"unicorn cell*", ', "")
    assert phrases(loaded(tmp_path, en=SCALE + EVIDENCE, la=same), "horn") == ["horn"]
    with pytest.raises(UsageError, match=r"lexicon/la.toml: 'horn' \(unicorns\) weighs otherwise in another file"):
        loaded(tmp_path, en=SCALE + EVIDENCE, la=same.replace("3.0", "2.0"))
