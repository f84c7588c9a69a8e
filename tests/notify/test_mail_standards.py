"""Every mail of every kind, as a server gets it, is as the standards ask."""

from datetime import UTC, datetime

import pytest

from notify.channels import Transport
from notify.frame import Frame
from notify.message import Message, alert, correction, note, trial
from notify.wording import LANGUAGES
from tests.notify.conftest import SmtpSink
from tests.notify.mail_standards import flaws
from tests.notify.samples import daily, mention
from tests.notify.test_hostile_words import HOSTILE, hostile

NOW = datetime(2025, 1, 28, 15, 0, tzinfo=UTC)
SENDER = Transport(silence=1.0, limit=5.0)
LEAVE = "https://watch.example/leave/" + "a1B2" * 40


def kinds(frame: Frame) -> list[Message]:
    long = mention(title="Clínica de Células Madre «Esperanza» — 再生医療センター " * 4)
    return [
        alert(mention(), frame),
        alert(long, frame),
        daily(
            mention(), long, **{name: getattr(frame, name) for name in ("language", "unsubscribe", "subscription")}
        ),
        daily(),
        correction(mention(), frame, told_at=NOW, wrong="Wrong firm."),
        note("Ein Kanal ist abgeschaltet: größere Störung", ("Bitte nachsehen.",), frame, at=NOW),
        trial(frame, at=NOW),
    ]


def sent(sink: SmtpSink, messages: list[Message], rest: str = "") -> list[bytes]:
    for number, message in enumerate(messages):
        SENDER.send(sink.url(rest), message, f"delivery-{number}", now=NOW)
    return sink.raw


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_mail_keeps_to_the_standards_in_every_language(smtp_sink: SmtpSink, language: str) -> None:
    frame = Frame(subscription="Klinik & Café", language=language, unsubscribe=LEAVE, note="für die Akte")
    raws = sent(smtp_sink, kinds(frame))
    assert [flaw for raw in raws for flaw in flaws(raw)] == []
    assert sum(b"\r\nList-Unsubscribe-Post: " in raw for raw in raws) == len(raws) - 1, (
        "All but the one without a link."
    )
    assert all(b"\r\nList-Id: " in raw for raw in raws)
    assert [b"\r\nReferences: " in raw for raw in raws] == [True, True, False, False, True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
        "w" * 5_000,
        "ü" * 5_000,
        "\N{PILE OF POO}" * 300,
        "=?utf-8?q?Bcc=3A?= all@example.org",
        "=?utf-8?q?a=0D=0ABcc=3A_all=40example.org=0D=0A=0D=0A?= b",
        "a\tb  c\n\n",
        "",
    ],
)
def test_a_mail_keeps_to_the_standards_whatever_a_regulator_writes(smtp_sink: SmtpSink, text: str) -> None:
    told = [*hostile(text), note(f"Note: {text}", (text,), Frame(subscription=text), at=NOW)]
    assert [flaw for raw in sent(smtp_sink, told) for flaw in flaws(raw)] == []
    assert [mail["Subject"] for mail in smtp_sink.mails] == [message.subject for message in told]
    assert not any(mail["Bcc"] for mail in smtp_sink.mails)


def test_names_and_headers_of_the_channel_keep_to_the_standards(smtp_sink: SmtpSink) -> None:
    rest = "&name=Wächter%20der%20Zellen&reply=desk@example.org&+X-Desk=Pr%C3%BCfstelle" + "%20und" * 60
    raws = sent(smtp_sink, [alert(mention(), Frame(subscription="s"))], rest)
    assert [flaw for raw in raws for flaw in flaws(raw)] == []
    assert b"\r\nReply-To: desk@example.org\r\n" in raws[0]
