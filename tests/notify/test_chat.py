"""Channels of Apprise get the text whole: in parts that their services take, with no mark-up of others."""

import html
import re
from typing import Any

import pytest
from apprise import Apprise, NotificationManager
from hypothesis import given, settings
from hypothesis import strategies as st

from notify import chat
from notify.channels import Transport
from notify.frame import Frame
from notify.message import note
from tests.notify.conftest import HttpSink
from tests.notify.samples import START

CHANNELS = {
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "gchat": "gchat://workspace/key/token",
    "irc": "irc://localhost/#room",
    "matrix": "matrixs://user:pass@localhost/!room:localhost",
    "mattermost": f"mmost://localhost/{'a' * 26}",
    "ntfy": "ntfy://topic",
    "rocket": "rocket://user:password@localhost/#Channel",
    "slack bot": "slack://xoxb-1234-1234-abc124/#c",
    "teams": "workflow://localhost/a/b",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "zulip": f"zulip://bot@org/{'a' * 32}/channel",
}
SUBJECT = " ".join(["subject"] * 20)
FRAME = Frame(subscription="Clinics")
LONG = "\n".join(f"line{number} <b> & *x*" for number in range(1500))


def plugin(name: str) -> Any:
    found = Apprise.instantiate(CHANNELS[name])
    assert found is not None
    return found


def sent(name: str, subject: str, text: str) -> list[dict[str, Any]]:
    """The calls that Apprise makes of our parts: what its service gets."""
    target = plugin(name)
    return [
        call
        for title, body, form in chat.parts(target, subject, text, FRAME)
        for call in target._build_send_calls(body=body, title=title, body_format=form, overflow="upstream")
    ]


@pytest.mark.parametrize("name", CHANNELS)
def test_a_long_text_comes_whole_in_numbered_parts_within_the_limit(name: str) -> None:
    target, calls = plugin(name), sent(name, SUBJECT, LONG)
    assert len(calls) > 1 or target.body_maxlen > len(LONG)
    for number, call in enumerate(calls, 1):
        counted = len(call["title"]) if target.overflow_amalgamate_title else 0
        assert len(call["body"]) + counted <= target.body_maxlen
        assert len(call["title"]) <= max(target.title_maxlen, 0)
        if len(calls) > 1:
            assert f"{number} of {len(calls)}" in html.unescape(call["body"]).replace("\xa0", " ")
    said = " ".join(call["body"] for call in calls)
    assert all(re.search(rf"line{number}\b", said) for number in range(1500))
    assert said.count("subject") == 20 or all(call["title"] == SUBJECT for call in calls)


@pytest.mark.parametrize("name", CHANNELS)
def test_a_subject_is_never_cut(name: str) -> None:
    subject = "long subject " * 30
    said = " ".join(call["title"] + call["body"] for call in sent(name, subject.strip(), "text"))
    assert said.count("long") == said.count("subject") == 30


@pytest.mark.parametrize("name", CHANNELS)
@pytest.mark.parametrize("call", ["@everyone", "@here", "@all", "@room", "<!channel>", "<users/all>", "<@U1>"])
def test_nobody_is_called_by_a_name(name: str, call: str) -> None:
    said = " ".join(call["title"] + call["body"] for call in sent(name, f"A {call}", f"{call} Clinic"))
    assert call not in said


@pytest.mark.parametrize("name", ["discord", "mattermost", "rocket", "teams", "zulip"])
def test_markdown_in_a_name_stays_words_and_an_address_stays_a_link(name: str) -> None:
    text = "*Bold* [click](https://evil.example)\n\n  https://www.fda.gov/a_b_c?x=1&y=2"
    [call] = sent(name, "s", text)
    assert "\\*Bold\\*" in call["body"]
    assert "\\[click\\]" in call["body"]
    assert "<https://www.fda.gov/a_b_c?x=1&y=2>" in call["body"]


def test_html_in_a_name_stays_words() -> None:
    [call] = sent("telegram", "s", "<b>Clinic</b> & Sons")
    assert "<b>Clinic" not in call["body"]
    assert "&lt;" in call["body"]
    assert "&amp;" in call["body"]


@settings(max_examples=30)
@given(st.text(max_size=3000), st.sampled_from(["irc", "discord", "rocket"]))
def test_any_text_is_split_within_the_limit(text: str, name: str) -> None:
    for call in sent(name, "s", f"A {text}"):
        assert len(call["body"]) <= plugin(name).body_maxlen


def test_parts_arrive_in_order(http_sink: HttpSink, posted: Any) -> None:
    channel = f"mmost://127.0.0.1:{http_sink.port}/{'a' * 26}"
    long = note("s", [f"word{number}" for number in range(600)], FRAME, at=START)
    Transport(silence=1.0, limit=5.0).send(channel, long, "key", now=START)
    said = [body["text"] for body in posted()]
    assert len(said) > 1
    assert [text.splitlines()[0] for text in said] == [f"({n} of {len(said)})" for n in range(1, len(said) + 1)]
    assert re.findall(r"word\d+", " ".join(said)) == [f"word{number}" for number in range(600)]


def test_every_mail_service_is_a_channel_that_takes_html() -> None:
    manager = NotificationManager()  # type: ignore[no-untyped-call]
    for schema in chat.MAIL_SERVICES:
        assert "html" in str(manager[schema].notify_format).lower(), schema
