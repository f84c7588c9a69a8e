"""Pages of plain words: each says what it promises, and leads to the others."""

from pathlib import Path

import pytest

from tests.publish.site.conftest import Client, answering, site_over

PAGES = ("about", "method", "corrections", "privacy")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_of_words_is_there_with_one_heading_and_a_caveat(client: Client, name: str) -> None:
    answer = client.get(f"/{name}")
    assert answer.data.count(b"<h1>") == 1
    assert b"{" not in answer.data, "a name is not filled in"
    assert b"No result does not mean that a clinic is safe or approved." in answer.data


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (
            "https://watch.example.org/us",
            b'<a href="https://watch.example.org/us">https://watch.example.org/us</a>',
        ),
        ("people@example.org", b'<a href="mailto:people@example.org">people@example.org</a>'),
        ("javascript:alert(1)@x", b"<p>Write to javascript:alert(1)@x."),
        ("", b"<p>Write to whoever runs this installation."),
    ],
)
def test_a_correction_is_asked_for_where_the_operator_can_be_reached(
    letters: Path, contact: str, shown: bytes
) -> None:
    with answering(site_over(letters, contact=contact)) as client:
        assert shown in client.get("/corrections").data


def test_privacy_says_what_is_kept_and_until_when(client: Client) -> None:
    words = client.get("/privacy").data
    assert b"no cookies" in words
    assert b"Thirty days after you have unsubscribed" in words
