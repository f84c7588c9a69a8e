"""All notices, searched and narrowed: what cannot be understood is said beside the form."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest

from publish.site.pages.notices import AT_ONCE
from publish.site.texts import SHARED, texts
from spiders.registry import sources
from tests.publish.site.conftest import Client, answering, site_over
from tests.publish.site.reading import check
from tests.store.builders import NAME, START, World, letter

KIMERA = "/notices/us_fda_warning_letters/kimera-labs-inc-649343-09012023"
CHARA = "/notices/us_fda_warning_letters/chara-biologics-inc-698004-01172025"
SURGENEX = "/notices/us_fda_warning_letters/surgenex-llc-615557-11152021"


def found(client: Client, asked: str) -> list[str]:
    read = check(client.get(f"/notices?{asked}"))
    return [link for link in read.links if link.startswith("/notices/")]


def test_the_newest_stand_first_and_other_matters_are_left_out(client: Client) -> None:
    assert found(client, "") == [CHARA, KIMERA, SURGENEX]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=kimera", [KIMERA]),
        ("q=exosome&until=2023-12-31", [SURGENEX]),
        ("since=2024-01-04&until=2024-01-04", [KIMERA]),
        ("stage=closed", [KIMERA]),
        ("stage=warning&order=newest", [CHARA, SURGENEX]),
        (
            "jurisdiction=US&kind=warning_letter&source=us_fda_warning_letters&about=relevant",
            [CHARA, KIMERA, SURGENEX],
        ),
        ("about=unrelated", []),
        ("q=adulterated&order=best", [SURGENEX]),
        ("q=zebra", []),
    ],
)
def test_each_filter_narrows_what_is_shown(client: Client, asked: str, expected: list[str]) -> None:
    assert found(client, asked) == expected


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ('q="unclosed', "a quotation mark is not closed"),
        ("q=(kimera", "an opening bracket has no closing one"),
        ("since=tomorrow", "since 'tomorrow' is no day: write it as 2025-01-28."),
        ("until=2025-02-30", "is no day"),
        ("since=2025-02-01&until=2025-01-01", "Nothing lies between"),
        ("kind=poem", "kind 'poem' is not known. It can be: warning_letter."),
        ("source=xx", "It can be: us_fda_warning_letters."),
        ("stage=lost", "stage 'lost' is not known"),
        ("about=cats", "about 'cats' is not known"),
        ("page=two", "page 'two' is no number"),
        ("page=" + "9" * 300, "is no number of at most 9 digits"),
        ("page=-1", "is no number"),
        ("q=" + "x" * 501, "longer than 500 characters"),
    ],
)
def test_what_cannot_be_understood_is_said_beside_the_form(client: Client, asked: str, sentence: str) -> None:
    answer = client.get(f"/notices?{quote(asked, safe='=&')}")
    assert answer.status == HTTPStatus.BAD_REQUEST
    read = check(answer)
    assert sentence in read.words
    assert read.all("input")[0]["aria-invalid"] == "true"


def test_a_page_beyond_the_last_says_which_is_the_last(client: Client) -> None:
    answer = client.get("/notices?page=999999999")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert "There is no page 999999999: the last one is 1." in check(answer).words


def test_pages_follow_one_another_and_keep_what_was_asked(tmp_path: Path) -> None:
    rows = [
        letter(f"firm-{n:03}", f"Firm {n}", posted_on=START.date() - timedelta(days=n))
        for n in range(2 * AT_ONCE + 1)
    ]
    with World(tmp_path / "home") as world:
        world.run(rows)
    with answering(site_over(tmp_path / "home")) as client:
        seen: list[str] = []
        address, steps = "/notices?q=firm*&about=all", 0
        while address and steps < 5:
            read = check(client.get(address))
            seen += [link for link in read.links if link.startswith("/notices/")]
            address = next((link["href"] for link in read.all("a") if link.get("rel") == "next"), "")
            steps += 1
    assert seen == [f"/notices/{NAME}/firm-{n:03}" for n in range(2 * AT_ONCE + 1)]


def test_the_words_found_are_marked_and_nothing_else(client: Client) -> None:
    answer = client.get("/notices?q=kimera")
    assert b"<mark>Kimera</mark>" in answer.data
    check(answer)


def test_hostile_letters_do_no_harm_in_a_list(hostile: Client) -> None:
    read = check(hostile.get("/notices?q=script"))
    assert "<script>alert(1)</script>" in read.words
    assert any(link.endswith("/..%252f..%3Fx%3D%22%3Cb%3E%23%27") for link in read.links)


def test_every_place_that_is_watched_has_a_name() -> None:
    frame = texts("en", SHARED)
    assert {f"jurisdictions.{source.jurisdiction}" for source in sources().values()} <= frame.keys()


@pytest.mark.parametrize("name", ["look_up", "notices", "notice", "changes", "front", SHARED])
def test_no_word_of_a_page_is_hidden_by_a_method_of_the_mapping_that_holds_it(name: str) -> None:
    assert not [word for word in texts("en", name) if hasattr(dict, word)]
