"""Has a regulator acted about this clinic? Each answer says what it means, and nothing that is asked is kept."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.publish.site.conftest import Client, answering, site_over
from tests.publish.site.reading import Read, check
from tests.store.builders import SOURCE, World


def look_up(client: Client, words: str, status: int = HTTPStatus.OK) -> Read:
    answer = client.get(f"/look-up?q={quote(words)}")
    assert answer.status == status
    return check(answer)


def test_without_a_question_there_is_the_form_alone(client: Client) -> None:
    read = check(client.get("/look-up"))
    assert [words for _, words in read.headings] == ["Has a regulator acted about this clinic?"]
    assert check(client.get("/look-up?q=%20%20")).headings == read.headings


def test_a_clinic_is_found_with_its_notices_and_what_they_mean(client: Client) -> None:
    read = look_up(client, "kimera labs")
    assert "Yes, regulators have published something" in read.words
    assert any(link.startswith("/clinics/c-") for link in read.links)
    assert "/notices/us_fda_warning_letters/kimera-labs-inc-649343-09012023" in read.links
    assert "Closed out" in read.words
    assert "A warning is not a judgment" in read.words
    assert "This does not mean that a clinic is safe" not in read.words


def test_a_misspelt_name_brings_near_ones_and_says_that_they_are_only_that(client: Client) -> None:
    read = look_up(client, "Kimmera Labz")
    assert "No, but there are similar names" in read.words
    assert "Kimera Labs, Inc." in read.words
    assert "does not mean that a clinic is safe" in read.words


def test_words_that_stand_in_notices_alone_are_not_called_a_clinic(client: Client) -> None:
    read = look_up(client, "arthritis injection")
    assert "Perhaps: regulators' notices contain these words" in read.words
    assert "/notices/us_fda_warning_letters/chara-biologics-inc-698004-01172025" in read.links
    assert {attributes["href"] for attributes in read.all("a")} & {"/notices"}


def test_nothing_found_is_not_called_safe_and_says_what_was_looked_at(client: Client) -> None:
    read = look_up(client, "Zebra Quux")
    assert "Nothing was found" in read.words
    assert "does not mean that a clinic is safe, licensed or approved" in read.words
    assert "Stemwatch looks at 1 lists" in read.words
    assert "/sources" in read.links


def test_the_sources_that_fail_are_named(tmp_path: Path) -> None:
    with World(tmp_path / "home") as world:
        world.broken([])
    with answering(site_over(tmp_path / "home")) as client:
        words = look_up(client, "Zebra Quux").words
    assert f"{SOURCE.regulator}: {SOURCE.title} (refused our visit)" in words


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("x", "too short"),
        ("(", "no word"),
        ("\u202e\u200b", "no word"),
        ("?!&<>", "no word"),
        ("x" * 201, "too long"),
        ("long " * 1000, "too long"),
    ],
)
def test_a_question_that_cannot_be_looked_up_is_answered_beside_the_form(
    client: Client, asked: str, sentence: str
) -> None:
    read = look_up(client, asked, HTTPStatus.BAD_REQUEST)
    assert sentence in read.words
    assert read.all("input")[0]["aria-invalid"] == "true"


@pytest.mark.parametrize(
    "asked",
    [
        '"unclosed',
        "a AND",
        "(((",
        "title:x",
        "NOT NOT",
        "kimera -labs",
        "https://kimera.example/a?b=c",
        "細胞",
        "%",
    ],
)
def test_signs_of_a_search_syntax_are_only_words_here(client: Client, asked: str) -> None:
    assert client.get(f"/look-up?q={quote(asked)}").status in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
    assert client.get(f"/look-up?q={quote(asked + ' kimera')}").status == HTTPStatus.OK


class Heard(logging.Handler):
    """What a log of everything would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("urllib3"):  # the test's own client
            self.said.append(record.getMessage())


@contextmanager
def hearing() -> Iterator[Heard]:
    """All that is logged within."""
    heard, root = Heard(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(heard)
        root.setLevel(level)


def test_what_is_asked_is_shown_as_text_and_kept_nowhere(client: Client, letters: Path) -> None:
    with hearing() as heard:
        answer = client.get(f"/look-up?q={quote('<script>secretword</script> kimera')}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"&lt;script&gt;secretword" in answer.data
    check(answer)
    assert not [said for said in heard.said if "secretword" in said]
    assert not any(b"secretword" in path.read_bytes() for path in letters.rglob("*") if path.is_file())


def test_hostile_names_do_no_harm_in_an_answer(hostile: Client) -> None:
    read = look_up(hostile, "umbilical cord")
    assert "<script>alert(1)</script>" in read.words
