"""The claims lexicon is data that anyone may edit: what is not understood must not load."""

import tomllib
from pathlib import Path

import pytest

from stemwatch import phrases
from stemwatch.claims import claims
from stemwatch.claims.lexicon import Words, load, words
from stemwatch.errors import UsageError
from stemwatch.phrases import lexicon

FOLDER = Path(phrases.__file__).parent / "lexicon" / "claims"
DISEASE = """
[[disease]]
term = "Unicorn Pox"
group = "horn"
why = "names unicorn pox"
phrases = ["unicorn pox"]
capitals = ["UP"]
"""
CLAIM = """
[[claim]]
category = "disease"
why = "says that it cures"
phrases = ["cures"]
"""


def loaded(folder: Path, **files: str) -> Words:
    for name, content in files.items():
        (folder / f"{name}.toml").write_text(content, encoding="utf-8")
    return load(folder, lexicon())


def test_the_projects_own_lexicon_knows_at_least_150_diseases_in_groups() -> None:
    assert len(words().groups) >= 150
    assert all(words().groups.values())


def test_a_disease_is_added_without_touching_python(tmp_path: Path) -> None:
    (claim,) = claims("It cures unicorn pox.", loaded(tmp_path, en=DISEASE + CLAIM))
    assert (claim.disease, claim.grade, claim.quote) == ("Unicorn Pox", "asserts", "It cures unicorn pox.")


def test_an_abbreviation_counts_only_in_capitals(tmp_path: Path) -> None:
    made = loaded(tmp_path, en=DISEASE + CLAIM)
    assert [claim.disease for claim in claims("It cures UP.", made)] == ["Unicorn Pox"]
    assert claims("It cures up.", made) == ()


def test_another_language_names_the_same_disease(tmp_path: Path) -> None:
    more = DISEASE.replace('group = "horn"\n', "").replace("unicorn pox", "variole de licorne")
    (claim,) = claims("It cures variole de licorne.", loaded(tmp_path, en=DISEASE + CLAIM, fr=more))
    assert claim.disease == "Unicorn Pox"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("this is not TOML", "lexicon/claims/en.toml is not TOML"),
        ("[[desease]]", "lexicon/claims/en.toml: unknown table 'desease'"),
        (CLAIM.replace("why =", "y ="), r"en.toml: claim 1 \(no why\)"),
        (CLAIM.replace('"disease"', '"desease"'), r"claim 1 \(says that it cures\): Invalid enum value 'desease'"),
        (CLAIM + 'colour = "red"\n', "unknown field `colour`"),
        (CLAIM.replace("cures", "* *"), "is not a phrase"),
        (DISEASE.replace('group = "horn"\n', ""), "the disease 'Unicorn Pox' has no group in any file"),
        (DISEASE + DISEASE.replace('"horn"', '"hoof"'), "'Unicorn Pox' is in the group 'horn' elsewhere"),
        (DISEASE + DISEASE.replace('"Unicorn Pox"', '"Cow Pox"'), "'unicorn pox' means something else"),
        ('[[disease]]\nterm = "Cow Pox"\ngroup = "hoof"\nwhy = "names it"\n', "holds no phrase"),
    ],
)  # fmt: skip
def test_what_is_not_understood_does_not_load(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        loaded(tmp_path, en=content)


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.iterdir()))
def test_every_entry_has_a_line_that_says_why(file: str) -> None:
    tables = tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))
    assert all(entry["why"] for entries in tables.values() for entry in entries)
