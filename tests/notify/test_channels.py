"""A channel is believed only when it accepted; every other end is named, and no name holds a secret."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from notify.channels import Transport
from notify.errors import NotAccepted, Permanent, Temporary
from notify.frame import Frame
from notify.message import alert, note
from tests.notify.conftest import HttpSink
from tests.notify.samples import mention

NOW = datetime(2025, 1, 28, 15, 0, tzinfo=UTC)
MESSAGE = alert(mention(title="Café Biologics"), Frame(subscription="Clinics"))
SOON = Transport(silence=2.0, limit=5.0)


def deliver(url: str, key: str = "delivery-17", transport: Transport = SOON) -> None:
    transport.send(url, MESSAGE, key, now=NOW)


def refusal(url: str, transport: Transport = SOON) -> NotAccepted:
    with pytest.raises(NotAccepted) as refused:
        deliver(url, transport=transport)
    return refused.value


# ---- webhooks


@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
def test_a_webhook_gets_the_message_once_with_its_idempotency_key(http_sink: HttpSink, scheme: str) -> None:
    deliver(http_sink.url(scheme))
    [(path, headers, body)] = http_sink.requests
    assert path == "/hook"
    assert headers["Idempotency-Key"] == "delivery-17"
    assert b"Biologics" in body


def test_a_json_webhook_gets_the_subject_and_the_plain_text_unchanged(http_sink: HttpSink, posted: Any) -> None:
    deliver(http_sink.url())
    [body] = posted()
    assert body["title"] == MESSAGE.subject
    assert body["message"] == MESSAGE.text.rstrip()


def test_a_long_message_reaches_a_webhook_in_one_piece(http_sink: HttpSink, posted: Any) -> None:
    long = note("s", ("word " * 20_000,), Frame(), at=NOW)
    SOON.send(http_sink.url(), long, "key", now=NOW)
    [body] = posted()
    assert body["message"] == long.text.rstrip()


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
    error = refusal(http_sink.url(), Transport(silence=0.2, limit=2.0))
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


# ---- whatever the channel


def test_a_channel_that_became_unusable_is_permanent() -> None:
    assert isinstance(refusal("unheard://x"), Permanent)


@pytest.mark.parametrize("key", ["", "a b", "a\r\nBcc: x", "é", "x" * 121, "a@b"])
def test_a_key_that_cannot_stand_in_a_header_is_a_mistake_of_ours(http_sink: HttpSink, key: str) -> None:
    with pytest.raises(ValueError, match="not a delivery key"):
        deliver(http_sink.url(), key=key)
    assert http_sink.requests == []
