"""What CONTRIBUTING shows about adding phrases, products, languages, diseases is done, on copies of the files."""

import re
import shutil
from pathlib import Path

import pytest

from stemwatch import phrases
from stemwatch.claims import claims
from stemwatch.claims import lexicon as claims_lexicon
from stemwatch.phrases import Lexicon, lexicon, load
from stemwatch.relevance import judge

GUIDE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
EXAMPLES = re.findall(r"```toml\n# ([\w/]+\.toml)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "lexicon"
    shutil.copytree(Path(phrases.__file__).parent / "lexicon", folder)
    for name, entries in EXAMPLES:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{entries}")
    return folder


@pytest.fixture
def taught(folder: Path) -> Lexicon:
    return load(folder)


def test_the_guide_shows_a_phrase_a_product_a_language_and_a_disease() -> None:
    assert [name for name, _ in EXAMPLES] == ["en.toml", "en.toml", "it.toml", "claims/diseases.toml"]


def test_one_phrase_more(taught: Lexicon) -> None:
    notice = {"title": "The stem cell cookbook", "text": "A clinic sells the Stem-Cell Cookbook unapproved."}
    assert judge(notice).label != "unrelated"
    assert judge(notice, taught).label == "unrelated"


def test_one_product_more(taught: Lexicon) -> None:
    notice = {"title": "Unapproved injections", "text": "Endometrial regenerative cells are sold to patients."}
    assert judge(notice).label != "relevant"
    assert (judge(notice, taught).label, judge(notice, taught).products) == ("relevant", ("other",))


def test_one_language_more(taught: Lexicon) -> None:
    notice = {"title": "Avviso", "text": "Trattamenti con cellule staminali non autorizzati in una clinica."}
    assert judge(notice).label == "unrelated"
    assert judge(notice, taught).label == "relevant"
    assert judge({"title": "Trapianto di cellule staminali"}, taught).label == "unrelated"


def test_one_disease_more(folder: Path, taught: Lexicon) -> None:
    made = claims_lexicon.load(folder / "claims", taught)
    assert [claim for claim in claims("Our stem cells cure narcolepsy.") if claim.disease] == []
    (claim,) = [claim for claim in claims("Our stem cells cure narcolepsy.", made) if claim.disease]
    assert (claim.disease, claim.grade, made.groups[claim.disease]) == ("Narcolepsy", "asserts", "nervous system")


def test_what_is_new_makes_older_judgements_stale(taught: Lexicon) -> None:
    assert taught.digest != lexicon().digest
