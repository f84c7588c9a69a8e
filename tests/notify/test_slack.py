"""Slack takes every post, and the posts together say everything."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.frame import Frame
from notify.message import Message, alert, correction, digest, note, trial
from stemwatch.relevance import Relevance
from tests.notify.block_kit import flaws, texts
from tests.notify.samples import END, START, daily, mention, source
from tests.notify.test_hostile_words import HOSTILE, hostile

SITE = Frame(subscription="Clinics", note="for the Florida page", site="https://watch.example")
AT = datetime(2025, 1, 28, tzinfo=UTC)


def said(message: Message) -> str:
    return "\n".join(text for post in message.posts for text in texts(post))


def buttons(message: Message) -> dict[str, str]:
    return {
        button["text"]["text"]: button["url"]
        for post in message.posts
        for block in post["blocks"]
        if block["type"] == "actions"
        for button in block["elements"]
    }


def test_an_alert_has_a_header_what_happened_why_and_where_it_leads() -> None:
    [post] = alert(mention(key="k"), SITE).posts
    assert flaws(post) == []
    assert post["text"] == "New warning letter: Chara Biologics, Inc. (FDA)"
    header = post["blocks"][0]["text"]
    assert header["text"] == "Chara Biologics, Inc. — FDA, Center for Biologics Evaluation and Research"
    assert header["emoji"] is False
    words = said(alert(mention(key="k"), SITE))
    for line in ("*New warning letter* · FDA", "Stage: warning", "*Why you get it*", "subscription “Clinics”"):
        assert line in words
    assert "Your note: for the Florida page" in words
    assert buttons(alert(mention(key="k"), SITE)) == {
        "Read the letter": mention(key="k").notice.url,
        "Our page": "https://watch.example/notices/us_fda_warning_letters/k",
        "Evidence": "https://watch.example/notices/us_fda_warning_letters/k#evidence",
    }


def test_without_a_site_no_button_leads_to_one() -> None:
    assert list(buttons(alert(mention(), Frame()))) == ["Read the letter"]


def test_a_digest_of_500_items_comes_in_numbered_posts_with_nothing_left_out() -> None:
    mentions = [
        mention(key=f"k{n}", title=f"Firm & Sons <{n}>", clinics=(f"Clinic {n % 90}",)) for n in range(500)
    ]
    posts = daily(*mentions, coverage=(source(),) * 100).posts
    assert [flaw for post in posts for flaw in flaws(post)] == []
    words = "\n".join(text for post in posts for text in texts(post))
    assert all(f"Firm &amp; Sons &lt;{n}&gt;" in words for n in range(500))
    assert words.count("Last good check") == 100
    assert len(posts) > 10
    for number, post in enumerate(posts, 1):
        assert post["blocks"][0]["text"]["text"].endswith(f"({number} of {len(posts)})")
        assert post["text"].endswith(f"({number} of {len(posts)})")
    assert words.count("You receive this through") == 1


def test_many_short_items_stay_within_the_number_of_blocks() -> None:
    short = Relevance(label="relevant", score=1.0)
    mentions = [
        mention(key=f"k{n}", relevance=short, fields={}, products=(), clinics=(), url="https://x.example/a")
        for n in range(100)
    ]
    assert [flaw for post in daily(*mentions).posts for flaw in flaws(post)] == []


@pytest.mark.parametrize("text", [HOSTILE, "<!channel>", "<@U1> <https://x|y>", "&" * 9000, "a " * 9000, ""])
def test_hostile_words_stay_words_within_the_limits(text: str) -> None:
    for message in hostile(text):
        assert [flaw for post in message.posts for flaw in flaws(post)] == []
        assert "<!channel>" not in said(message)
        assert "<@U1>" not in said(message)


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    for message in hostile(text):
        assert [flaw for post in message.posts for flaw in flaws(post)] == []


@pytest.mark.parametrize("length", [2_000, 3_000, 3_001, 60_000])
def test_a_long_address_stands_in_full_in_a_button_or_in_the_text(length: int) -> None:
    url = "https://www.fda.gov/".ljust(length, "x")
    message = alert(mention(url=url, closed_out_url=url), Frame())
    assert [flaw for post in message.posts for flaw in flaws(post)] == []
    if length <= 3_000:
        assert buttons(message)["Read the letter"] == url
    else:
        assert said(message).count("x") >= 2 * (length - 20)


def test_a_long_text_is_split_and_whole() -> None:
    words = " ".join(f"word{number}&" for number in range(5_000))
    message = alert(mention(fields={"subject": words}), Frame())
    assert [flaw for post in message.posts for flaw in flaws(post)] == []
    assert all(f"word{number}&amp;" in said(message).replace("\n", "") for number in range(5_000))


def test_a_test_says_so_in_its_header() -> None:
    for message in (trial(Frame(), at=AT), daily(test=True)):
        [post] = message.posts
        assert post["blocks"][0]["text"]["text"].startswith("TEST: ")
        assert post["text"].startswith("[TEST] ")
        assert "This is a test." in said(message)


def test_every_kind_of_message_is_taken() -> None:
    wrong = correction(mention(), SITE, told_at=AT, wrong="it is not about stem cells")
    assert "What we told you on 28 January 2025 was wrong: it is not about stem cells" in said(wrong)
    empty = digest((), SITE, START, END, (source(),))
    assert "Nothing new; here is what was checked." in said(empty)
    for message in (wrong, empty, note("Words", ("One.", "Two."), SITE, at=AT)):
        assert [flaw for post in message.posts for flaw in flaws(post)] == []
