"""A pasted text is screened and forgotten; what is too much is refused in clear words."""

from html import unescape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import pytest

from publish.site.limits import LIMITS
from publish.site.pages.screen import MOST_BYTES, MOST_CHARACTERS, MOST_CLAIMS
from tests.publish.site.conftest import Client, answering, site_over
from tests.store.builders import KIMERA, World, page

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
BOAST = "Our umbilical cord stem cells cure arthritis. Call us on Monday."
ACTED = (
    "Your website states: “Our umbilical cord stem cells cure arthritis.” Your umbilical cord product is an "
    "unapproved new drug and an unlicensed biological product."
)


def paste(client: Client, text: str) -> tuple[int, str]:
    answer = client.send("POST", "/screen", urlencode({"text": text}).encode(), **FORM)
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.status, answer.data.decode()


def test_the_page_says_how_much_can_be_pasted_and_that_nothing_is_stored(client: Client) -> None:
    words = client.get("/screen").data.decode()
    assert "At most 200,000 characters. Nothing of it is stored or sent on." in words
    assert '<label for="text">' in words


def test_a_claim_is_marked_and_leads_to_the_notice_that_acted_on_the_like(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.run([KIMERA], page(KIMERA, ACTED))
    with answering(site_over(tmp_path)) as client:
        status, words = paste(client, BOAST)
    assert status == HTTPStatus.OK
    assert '<mark class="asserts">Our umbilical cord stem cells cure arthritis.</mark>' in words
    assert f'href="/notices/us_fda_warning_letters/{KIMERA.key}"' in words
    assert "not legal advice" in words
    assert "1 notice of 1 source" in words


def test_without_any_notice_claims_are_marked_all_the_same(tmp_path: Path) -> None:
    with answering(site_over(tmp_path)) as client:
        _, words = paste(client, BOAST)
    assert "No precedents were looked for" in words
    assert '<mark class="asserts">' in words


def test_that_nothing_is_found_does_not_make_a_text_lawful(client: Client) -> None:
    _, words = paste(client, "We open at nine.")
    assert "No claims were found in 16 characters." in words
    assert "does not mean that a text is lawful" in words


def test_a_text_that_is_too_long_is_refused_with_the_way_out(client: Client) -> None:
    assert paste(client, "é" * MOST_CHARACTERS)[0] == HTTPStatus.OK
    status, words = paste(client, "é" * (MOST_CHARACTERS + 1))
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "The text has 200,001 characters; 200,000 are the most. Screen it in parts." in words
    status, words = paste(client, "x" * MOST_BYTES)
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "send less" in words


def test_a_line_end_counts_as_one_character_whatever_the_browser_sends(client: Client) -> None:
    lines = "\r\n".join(["x" * 1999] * (MOST_CHARACTERS // 2000))
    assert len(lines) > MOST_CHARACTERS
    assert paste(client, lines)[0] == HTTPStatus.OK


@pytest.mark.parametrize("text", ["", "  \r\n "])
def test_an_empty_paste_is_told_so(client: Client, text: str) -> None:
    status, words = paste(client, text)
    assert status == HTTPStatus.BAD_REQUEST
    assert "paste a text first" in words


def test_more_claims_than_are_shown_are_counted(client: Client) -> None:
    _, words = paste(client, "Our exosomes cure arthritis. " * (2 * MOST_CLAIMS))
    assert "Only the first 300 claims are marked;" in words
    assert "more were found after them" in words


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> Our stem cells cure arthritis.",
        '"><img src=x onerror=alert(1)> Our stem cells cure <b>arthritis</b>.',
        "\u202eOur stem cells cure arthritis.\u202c",
        "\x00\x1b[31m Our stem cells cure arthritis \ud7ff.",
        "{{ 7 * 7 }} Our stem cells cure arthritis.",
    ],
)
def test_a_hostile_text_is_text(client: Client, text: str) -> None:
    status, words = paste(client, text)
    assert status == HTTPStatus.OK
    for sign in ("<script", "<img", "<b>", "\u202e", "\x00", "\x1b"):
        assert sign not in words
    assert "49" not in unescape(words).partition('class="pasted"')[2].partition("</div>")[0]


def test_a_copy_of_files_says_that_it_cannot_screen(tmp_path: Path) -> None:
    with answering(site_over(tmp_path, static=True)) as client:
        words = client.get("/screen").data
    assert b"<form" not in words
    assert b"stemwatch screen FILE" in words


def test_one_network_cannot_screen_without_end(letters: Path) -> None:
    most = LIMITS["screen"].requests
    with answering(site_over(letters)) as client:
        answers = [client.send("POST", "/screen", b"text=x", **FORM).status for _ in range(most + 5)]
    assert answers[0] == HTTPStatus.OK
    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS
