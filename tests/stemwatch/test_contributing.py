"""What CONTRIBUTING shows about adding a phrase, a product and a language is done, on a copy of the lexicon."""

import re
import shutil
from pathlib import Path

import pytest

from stemwatch import phrases
from stemwatch.phrases import Lexicon, lexicon, load
from stemwatch.relevance import judge

GUIDE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
EXAMPLES = re.findall(r"```toml\n# (\w+\.toml)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def taught(tmp_path: Path) -> Lexicon:
    folder = tmp_path / "lexicon"
    shutil.copytree(Path(phrases.__file__).parent / "lexicon", folder)
    for name, entries in EXAMPLES:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{entries}")
    return load(folder)


def test_the_guide_shows_a_phrase_a_product_and_a_language() -> None:
    assert [name for name, _ in EXAMPLES] == ["en.toml", "en.toml", "it.toml"]


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


def test_what_is_new_makes_older_judgements_stale(taught: Lexicon) -> None:
    assert taught.digest != lexicon().digest
