"""A channel is believed only when it accepted; every other end is named, and no name holds a secret."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from notify.channels import Transport
from notify.errors import NotAccepted, Permanent, Temporary
from notify.message import Message
from tests.notify.conftest import HttpSink, SmtpSink

NOW = datetime(2025, 1, 28, 15, 0, tzinfo=UTC)
LINK = "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations/warning-letters/x"
MESSAGE = Message(
    subject="New warning letter: Chara Biologics, Inc. (FDA)",
    text=f"New warning letter\nChara Biologics, Inc. — café\n\n{LINK}\n",
    html=f"<!doctype html><html><body><h2>Chara Biologics, Inc.</h2><a href='{LINK}'>letter</a></body></html>",
)
QUICK = Transport(silence=0.2, limit=2.0)


def deliver(url: str, key: str = "delivery-17", transport: Transport = QUICK) -> None:
    transport.send(url, MESSAGE, key, now=NOW)


def refusal(url: str, transport: Transport = QUICK) -> NotAccepted:
    with pytest.raises(NotAccepted) as refused:
        deliver(url, transport=transport)
    return refused.value


def content(mail: Any, form: str) -> str:
    """One part of a mail, with the line ends of a file in place of those of a mail."""
    return str(mail.get_body((form,)).get_content()).replace("\r\n", "\n")


# ---- webhooks


@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
def test_a_webhook_gets_the_message_once_with_its_idempotency_key(http_sink: HttpSink, scheme: str) -> None:
    deliver(http_sink.url(scheme))
    [(path, headers, body)] = http_sink.requests
    assert path == "/hook"
    assert headers["Idempotency-Key"] == "delivery-17"
    assert b"Chara" in body


def test_a_json_webhook_gets_the_subject_and_the_plain_text_unchanged(http_sink: HttpSink, posted: Any) -> None:
    deliver(http_sink.url())
    [body] = posted()
    assert body["title"] == MESSAGE.subject
    assert body["message"] == MESSAGE.text.rstrip()


def test_a_long_message_reaches_a_webhook_in_one_piece(http_sink: HttpSink, posted: Any) -> None:
    long = Message(subject="s", text="word " * 20_000, html="")
    QUICK.send(http_sink.url(), long, "key", now=NOW)
    [body] = posted()
    assert body["message"] == long.text.rstrip()


def test_a_long_message_reaches_a_chat_in_parts_and_whole(http_sink: HttpSink, posted: Any) -> None:
    long = Message(subject="s", text=" ".join(f"word{number}" for number in range(2000)), html="")
    QUICK.send(f"mmost://127.0.0.1:{http_sink.port}/{'a' * 26}", long, "key", now=NOW)
    said = " ".join(str(body) for body in posted())
    assert len(posted()) > 1
    assert all(f"word{number}" in said for number in range(2000))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_refusal_that_a_retry_cannot_mend_is_permanent(http_sink: HttpSink, status: int) -> None:
    http_sink.status = status
    error = refusal(http_sink.url())
    assert isinstance(error, Permanent)
    assert str(status) in error.reason


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 599])
def test_a_receiver_in_trouble_is_temporary(http_sink: HttpSink, status: int) -> None:
    http_sink.status = status
    error = refusal(http_sink.url())
    assert isinstance(error, Temporary)
    assert str(status) in error.reason
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300.0),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), 0.0),
        ("9" * 400, 86_400.0),
        ("soon", None),
        ("-5", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_time_a_receiver_names_is_handed_on(
    http_sink: HttpSink, status: int, header: str, seconds: float | None
) -> None:
    http_sink.status, http_sink.headers = status, {"Retry-After": header}
    error = refusal(http_sink.url())
    assert isinstance(error, Temporary)
    assert error.retry_after == seconds


def test_a_redirect_is_not_followed(http_sink: HttpSink) -> None:
    http_sink.status, http_sink.headers = 301, {"Location": "/elsewhere"}
    assert isinstance(refusal(http_sink.url()), Permanent)
    http_sink.status = 302
    assert isinstance(refusal(http_sink.url()), Temporary)
    assert [path for path, _, _ in http_sink.requests] == ["/hook", "/hook"]


def test_nobody_listening_is_temporary(closed_port: int) -> None:
    error = refusal(f"json://127.0.0.1:{closed_port}/hook")
    assert isinstance(error, Temporary)
    assert "No connection" in error.reason


def test_a_connection_that_is_dropped_is_temporary(http_sink: HttpSink) -> None:
    http_sink.behaviour = "drop"
    assert isinstance(refusal(http_sink.url()), Temporary)


def test_silence_ends_after_the_stated_time(http_sink: HttpSink) -> None:
    http_sink.behaviour = "hang"
    error = refusal(http_sink.url())
    assert isinstance(error, Temporary)
    assert error.reason == "No answer within 0.2 s."


def test_an_answer_that_never_ends_is_given_up(http_sink: HttpSink) -> None:
    http_sink.behaviour = "drip"
    error = refusal(http_sink.url(), Transport(silence=0.2, limit=0.3))
    assert isinstance(error, Temporary)
    assert error.reason == "No complete answer within 0.3 s."


def test_the_same_channel_is_used_again_without_a_pause(http_sink: HttpSink) -> None:
    for number in range(5):
        deliver(http_sink.url(), key=f"delivery-{number}")
    assert [headers["Idempotency-Key"] for _, headers, _ in http_sink.requests] == [
        f"delivery-{number}" for number in range(5)
    ]


# ---- e-mail


def test_a_mail_has_one_message_id_from_its_key_and_both_our_parts(smtp_sink: SmtpSink) -> None:
    deliver(smtp_sink.url())
    [mail] = smtp_sink.mails
    assert smtp_sink.recipients == [["reader@example.org"]]
    assert mail.get_all("Message-ID") == ["<delivery-17@stemwatch.example>"]
    assert mail.get_all("Subject") == [MESSAGE.subject]
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Stemwatch <watch@stemwatch.example>"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert content(mail, "plain") == MESSAGE.text
    assert content(mail, "html").strip() == MESSAGE.html


def test_a_mail_goes_through_any_server_unchanged(smtp_sink: SmtpSink) -> None:
    text = "é" * 20_000 + "\n.\nFrom here on\n"
    QUICK.send(smtp_sink.url(), Message(subject="é" * 300, text=text, html="<p>é</p>"), "key", now=NOW)
    [raw], [mail] = smtp_sink.raw, smtp_sink.mails
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 100
    assert mail["Subject"] == "é" * 300
    assert content(mail, "plain") == text


def test_a_second_try_carries_the_same_message_id(smtp_sink: SmtpSink) -> None:
    smtp_sink.replies["DATA"] = "451 4.3.0 later"
    refusal(smtp_sink.url())
    smtp_sink.replies.clear()
    deliver(smtp_sink.url())
    deliver(smtp_sink.url())
    assert len({mail["Message-ID"] for mail in smtp_sink.mails}) == 1


def test_the_operators_own_headers_are_kept_and_never_doubled(smtp_sink: SmtpSink) -> None:
    deliver(smtp_sink.url("&reply=desk@example.org&name=Desk&+X-Team=tissue&+Message-ID=<mine@x>"))
    [mail] = smtp_sink.mails
    assert mail["X-Team"] == "tissue"
    assert mail["Reply-To"] == "desk@example.org"
    assert mail.get_all("Message-ID") == ["<delivery-17@stemwatch.example>"]


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_a_mail_servers_5xx_is_permanent_and_its_4xx_temporary(smtp_sink: SmtpSink, stage: str) -> None:
    smtp_sink.replies[stage] = "550 5.1.1 no such reader@example.org"
    error = refusal(smtp_sink.url())
    assert isinstance(error, Permanent)
    assert error.reason == "The mail server answered 550 5.1.1."
    smtp_sink.replies[stage] = "451 4.7.1 greylisted"
    error = refusal(smtp_sink.url())
    assert isinstance(error, Temporary)
    assert error.reason == "The mail server answered 451 4.7.1."
    assert smtp_sink.mails == []


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_a_mail_server_that_drops_the_connection_is_temporary(smtp_sink: SmtpSink, stage: str) -> None:
    smtp_sink.replies[stage] = "drop"
    error = refusal(smtp_sink.url())
    assert isinstance(error, Temporary)
    assert "No connection" in error.reason


def test_no_mail_server_is_temporary(closed_port: int) -> None:
    error = refusal(f"mailto://127.0.0.1:{closed_port}/a@example.org?from=b@example.org")
    assert isinstance(error, Temporary)
    assert "No connection" in error.reason


def test_a_silent_mail_server_ends_after_the_stated_time(silent_port: int) -> None:
    error = refusal(f"mailto://127.0.0.1:{silent_port}/a@example.org?from=b@example.org")
    assert isinstance(error, Temporary)
    assert error.reason == "No answer within 0.2 s."


def test_a_sign_in_that_the_server_does_not_offer_is_permanent(smtp_sink: SmtpSink) -> None:
    url = f"mailto://watch:CANARY-password@127.0.0.1:{smtp_sink.port}/a@example.org?from=b@example.org"
    assert isinstance(refusal(url), Permanent)


def test_encryption_that_the_server_does_not_offer_is_permanent_and_sends_nothing(smtp_sink: SmtpSink) -> None:
    assert isinstance(refusal(smtp_sink.url("&mode=starttls")), Permanent)
    assert smtp_sink.mails == []


# ---- whatever the channel


def test_a_channel_that_became_unusable_is_permanent() -> None:
    assert isinstance(refusal("unheard://x"), Permanent)


@pytest.mark.parametrize("key", ["", "a b", "a\r\nBcc: x", "é", "x" * 121, "a@b"])
def test_a_key_that_cannot_stand_in_a_header_is_a_mistake_of_ours(http_sink: HttpSink, key: str) -> None:
    with pytest.raises(ValueError, match="not a delivery key"):
        deliver(http_sink.url(), key=key)
    assert http_sink.requests == []


def test_no_secret_reaches_an_error_or_a_log(
    http_sink: HttpSink, smtp_sink: SmtpSink, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("apprise", "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(1, logger=name)
    urls = [http_sink.url(rest="/CANARY-path?+X-Token=CANARY-header&-q=CANARY-query"), "json://CANARY:CANARY@"]
    login = f"mailto://u:CANARY-password@127.0.0.1:{smtp_sink.port}/CANARY@example.org?from=b@example.org"
    http_sink.body = b"CANARY-body"
    said = []
    for status in (200, 403, 500):
        http_sink.status = status
        for url in (*urls, login):
            try:
                deliver(url)
            except NotAccepted as error:
                said += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
    assert len(said) == 4 * 8
    out, err = capfd.readouterr()
    assert "CANARY" not in "".join([*said, caplog.text, out, err])
