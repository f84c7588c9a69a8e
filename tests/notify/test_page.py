"""However much there is to tell, a mail stays short, and says what it left out and where that is found."""

import re
from typing import Any

import pytest

from notify.message import Message
from notify.page import MOST_BYTES
from tests.notify.samples import both, daily, mention, source


def large(count: int, **frame: Any) -> Message:
    mentions = [
        mention(key=f"k{n}", title=f"Firm {n}.", clinics=(), change_with={"change": n + 100}) for n in range(count)
    ]
    return daily(*mentions, **frame)


def size(message: Message) -> int:
    return len(message.html.encode()) + len(message.mail_text.encode())


@pytest.mark.parametrize("count", [1, 10, 20, 40, 90, 2_000])
def test_text_and_html_stay_within_the_limit_together(count: int) -> None:
    assert size(large(count)) <= MOST_BYTES


def test_what_fits_is_told_in_full() -> None:
    message = large(10)
    assert message.html.count("Why you get it") == message.mail_text.count("Why you get it") == 10
    assert "In short" not in message.html
    assert message.text == message.mail_text


def test_a_longer_digest_goes_on_as_titles_with_links() -> None:
    message = large(60)
    for form in (message.html, message.mail_text):
        assert "In short" in form
        assert 2 < form.count("Why you get it") < 20
        assert all(f"Firm {n}." in form for n in range(60))
        assert all(f"warning-letters/k{n}" in form for n in range(60))
        assert "more" not in form.rpartition("In short")[2].partition("What was checked")[0]


def test_a_digest_without_room_for_all_titles_says_how_many_are_left_and_what_shows_them() -> None:
    message = large(2_000)
    told = message.mail_text.count("Firm ")
    assert told == message.html.count("Firm ")
    for form in (message.html, " ".join(message.mail_text.split())):
        assert f"and {2_000 - told} more: stemwatch changes --since 99 lists them" in form


def test_with_a_site_the_rest_is_a_link() -> None:
    message = large(2_000, site="https://watch.example")
    told = message.mail_text.count("Firm ")
    link = "https://watch.example/changes?since=99"
    assert re.search(rf'<a [^>]*href="{re.escape(link)}"[^>]*>and {2_000 - told} more</a>', message.html)
    assert f"and {2_000 - told} more\n\n{link}" in message.mail_text


def test_nothing_is_left_out_of_the_text_that_chats_get() -> None:
    text = large(2_000).text
    assert all(f"Firm {n}." in text for n in range(2_000))
    assert text.count("Why you get it") == 2_000


def test_a_hundred_sources_are_all_named() -> None:
    message = daily(*(mention(key=f"k{n}") for n in range(50)), coverage=(source(),) * 100)
    for form in (message.html, message.mail_text):
        assert form.count("Last good check") == 100
    assert size(message) <= MOST_BYTES


def test_one_notice_that_is_too_long_is_told_by_its_title() -> None:
    message = daily(mention(fields={"subject": "words " * 20_000}))
    assert size(message) <= MOST_BYTES
    for words in both(message):
        assert "Chara Biologics, Inc." in words


def test_the_page_needs_no_stylesheet_and_has_one_for_the_dark() -> None:
    html = large(1).html
    assert "display:flex" not in html.replace(" ", "")
    assert "@media (prefers-color-scheme: dark)" in html
    assert html.count('style="') > 20
    head = html.partition("</head>")[0]
    assert ".card {" in head.partition("@media")[2]
    assert ".card" not in head.partition("@media")[0]
