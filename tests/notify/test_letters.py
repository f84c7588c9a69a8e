"""Mails about subscribing: our own words and one link, in each language, and nothing that a stranger typed."""

from datetime import UTC, datetime, time
from typing import get_args

import pytest

from notify.frame import Frame
from notify.message import alert
from notify.rendering import frame_of, letter
from notify.wording import LANGUAGES
from stemwatch.signup import Language, Letter, LetterKind
from stemwatch.site import NO_SITE, Links, Pages
from stemwatch.subscriptions import Kept, Sending, Subscription
from tests.notify.samples import mention

NOW = datetime(2025, 1, 28, 12, tzinfo=UTC)
PAGES = Pages("https://watch.example.org", {"public-1": Links("U", "M")}.__getitem__)
KINDS: tuple[LetterKind, ...] = get_args(LetterKind)


def receiver(kind: LetterKind = "confirm", send: Sending = "daily", language: str = "en") -> Letter:
    return Letter(
        name="letter-1",
        channel="",
        query="CANARY",
        note="CANARY",
        clinics=("CANARY",),
        send=send,
        at=time(8),
        time_zone="Pacific/Auckland",
        language=language,
        opener=lambda: "",
        public=True,
        kind=kind,
        token=lambda: "TOKEN",
        until=datetime(2025, 1, 31, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_the_same_in_text_and_html_and_has_one_link(kind: LetterKind, language: str) -> None:
    message = letter(receiver(kind, language=language), PAGES, NOW)
    words = message.frame.words.letters
    path = "subscribe/confirm" if kind == "confirm" else "subscription"
    link = f"https://watch.example.org/{path}/TOKEN"
    assert (message.mail_text.count("https://"), message.html.count('href="')) == (1, 1)
    assert f":\n{link}\n" in message.mail_text
    assert f'href="{link}"' in message.html
    assert message.subject == getattr(words, f"{kind}_subject")
    assert getattr(words, f"{kind}_act") in message.html
    for body in (message.subject, message.mail_text, message.html):
        assert "CANARY" not in body
        assert "letter-1" not in body


@pytest.mark.parametrize(
    ("send", "words"), [("at_once", "as soon as"), ("daily", "once a day"), ("weekly", "once a week")]
)
def test_the_letter_to_confirm_says_how_often_and_until_when(send: Sending, words: str) -> None:
    text = " ".join(letter(receiver("confirm", send), PAGES, NOW).mail_text.split())
    assert words in text
    assert "erased on 1 February 2025" in text  # in Auckland


def test_messages_of_a_public_subscription_say_where_it_was_made_and_how_to_leave() -> None:
    kept = Kept(name="public-1", channel="", opener=lambda: "", public=True)
    message = alert(mention(), frame_of(kept, PAGES))
    assert "because this address was subscribed at https://watch.example.org." in " ".join(message.text.split())
    assert "public-1" not in message.text
    for link in ("https://watch.example.org/unsubscribe/U", "https://watch.example.org/subscription/M"):
        assert link in message.text
        assert f'href="{link}"' in message.html


def test_without_a_site_there_are_no_links() -> None:
    frame = frame_of(Subscription(name="press", channel="", note="why"), NO_SITE)
    assert frame == Frame(subscription="press", note="why", zone=frame.zone)


def test_the_public_may_choose_every_language_that_messages_have() -> None:
    assert set(get_args(Language)) == set(LANGUAGES)
