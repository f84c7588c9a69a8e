"""The words of every language are complete, and what is not understood does not load."""

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from notify.frame import Frame
from notify.message import Message, alert, correction, digest, note, trial
from notify.wording import LANGUAGES, load, quiet, words
from stemwatch.errors import UsageError
from stemwatch.words import VERBS
from tests.notify.block_kit import flaws
from tests.notify.samples import END, START, both, mention, source


def messages(frame: Frame) -> list[Message]:
    mentions = [mention(verb, verb) for verb in VERBS]
    return [
        *(alert(each, frame) for each in mentions),
        digest(mentions, frame, START, END, (source(), source(verdict="blocked"))),
        digest((), frame, START, END, ()),
        correction(mentions[0], frame, told_at=START, wrong="w"),
        note("n", (), frame, at=START),
        trial(frame, at=START),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_said_in_every_language(language: str) -> None:
    for message in messages(Frame(subscription="s", note="n", language=language)):
        assert f'<html lang="{language}">' in message.html
        assert [flaw for post in message.posts for flaw in flaws(post)] == []
        for said in (*both(message), message.subject):
            assert not {"{", "}"} & set(said)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_what_a_regulator_wrote_is_not_translated(language: str) -> None:
    frame = Frame(language=language)
    for said in both(alert(mention(), frame)):
        assert "Chara Biologics, Inc." in said
        assert "CGMP/Deviations" in said
        assert "New warning letter" not in said
        assert "Why you get it" not in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 March 2025, 10:00"),
        ("de", "1. März 2025, 10:00"),
        ("fr", "1 mars 2025, 10:00"),
        ("es", "1 de marzo de 2025, 10:00"),
        ("ja", "2025年3月1日 10:00"),
    ],
)
def test_a_time_is_said_as_the_language_says_it(language: str, said: str) -> None:
    assert words(language).moment(datetime(2025, 3, 1, 10, tzinfo=UTC), UTC) == said
    assert words(language).day(date(2025, 3, 1)) in said


def english() -> str:
    return (files("notify") / "languages" / "en.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('why = "', 'wy = "', "wy"),
        ('added = "New {kind}"\n', "", "[headlines] lacks added"),
        ('added = "New {kind}"\n', "added = 1\n", "str"),
        ('filed = "', 'field = "', "field"),
        ('  "January", ', "", "11 months"),
        ("[phrases]", "[phrases", "line 90"),
    ],
)
def test_a_file_that_is_not_understood_does_not_load(old: str, new: str, said: str) -> None:
    assert old in english()
    with pytest.raises(UsageError, match=r"xx\.toml") as refused:
        load(english().replace(old, new, 1).encode(), "xx.toml")
    assert said in str(refused.value)


def test_a_sentence_that_asks_for_what_nothing_fills_in_does_not_load() -> None:
    asking = english().replace("Your note: {note}", "Your {mood} note: {note}").encode()
    with pytest.raises(UsageError, match=r"phrases\.note asks for \{mood\}"):
        load(asking, "xx.toml", like=words("en"))


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(UsageError, match="'tlh'; known: de, en, es, fr, ja"):
        words("tlh")


@pytest.mark.parametrize("call", ["@everyone", "@here", "@room", "<!channel>", "<@U1>", "<users/all>", "@**all**"])
def test_no_name_calls_people_in_a_chat(call: str) -> None:
    assert call not in quiet(f"{call} and ({call})")
    assert quiet("a@example.org, 3 < 4") == "a@example.org, 3 < 4"
