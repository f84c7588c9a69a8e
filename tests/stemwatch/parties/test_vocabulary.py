"""The word files are read strictly."""

from pathlib import Path

import pytest

from stemwatch.errors import UsageError
from stemwatch.parties.vocabulary import load, vocabulary
from stemwatch.phrases import lexicon

GOOD = '[[business]]\nwhy = "Places"\nwords = ["clinic"]\n'


def read(folder: Path, content: str) -> None:
    (folder / "names.toml").write_text(content, encoding="utf-8")
    load(folder)


def test_a_word_is_read_into_its_list(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(GOOD, encoding="utf-8")
    assert load(tmp_path).lists["business"] == {"clinic"}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (GOOD.replace("business", "busyness"), "lexicon/parties/names.toml: unknown table 'busyness'"),
        (GOOD + "weight = 3\n", r"lexicon/parties/names.toml: business 1 \(Places\): .*weight"),
        (GOOD.replace("words", "phrases"), r"business 1 \(Places\)"),
        (GOOD.replace('why = "Places"\n', ""), r"business 1 \(no why\)"),
        ('[[tie]]\nwhy = "So"\ntie = "cousin"\nphrases = ["of"]\n', r"tie 1 \(So\): .*cousin"),
        ('[[tie]]\nwhy = "So"\ntie = "alias"\nphrases = ["*"]\n', r"tie 1 \(So\): '\*' is not a phrase"),
        ("[[business]\n", "is not TOML"),
    ],
)
def test_what_is_not_understood_is_named(tmp_path: Path, content: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        read(tmp_path, content)


def test_the_digest_follows_the_words(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text(GOOD, encoding="utf-8")
    before = load(tmp_path).digest
    (tmp_path / "names.toml").write_text(GOOD.replace("clinic", "klinik"), encoding="utf-8")
    assert load(tmp_path).digest != before


def test_relevance_does_not_read_these_words() -> None:
    assert "doing business as" not in lexicon().phrases
    assert vocabulary().digest != lexicon().digest
