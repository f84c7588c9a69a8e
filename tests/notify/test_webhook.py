"""Our own webhooks: who signed what when can be verified, and nothing is sent where it must not go."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from notify.channels import Transport, check, describe
from notify.errors import NotAccepted, Permanent, Temporary
from notify.frame import Frame
from notify.message import Message, alert, correction, note, trial
from notify.payload import Payload, schema
from notify.webhook import hook
from stemwatch.errors import UsageError
from tests.notify.conftest import HttpSink
from tests.notify.samples import START, change, daily, mention, notice

NOW = datetime(2025, 1, 28, 15, 0, 0, 900_000, tzinfo=UTC)
OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
FRAME = Frame(subscription="Clinics", note="my note")
ALERT = alert(mention(change_with={"change": 41}), FRAME)
SCHEMA = Path(__file__).parents[2] / "docs" / "webhook.schema.json"


def channel(sink: HttpSink, keys: str = f"new=whsec_{NEW}") -> str:
    return f"stemwatch+http://127.0.0.1:{sink.port}/hook?team=1#{keys}"


def deliver(url: str, message: Message = ALERT, now: datetime = NOW, **how: Any) -> None:
    Transport(silence=0.3, limit=2.0).send(url, message, "delivery-17", now=now, **how)


def refusal(url: str, **how: Any) -> NotAccepted:
    with pytest.raises(NotAccepted) as refused:
        deliver(url, **how)
    return refused.value


def test_a_message_is_signed_as_standard_webhooks_asks(http_sink: HttpSink) -> None:
    deliver(channel(http_sink))
    [(path, headers, body)] = http_sink.requests
    assert path == "/hook?team=1"
    assert headers["webhook-id"] == headers["Idempotency-Key"] == "delivery-17"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-key-id"] == "new"
    signed = f"delivery-17.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(base64.b64decode(NEW), signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_example_of_the_specification_has_its_signature() -> None:
    key = hook("stemwatch+https://x.example/#k=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").keys[0]
    body = b'{"test": 2432232314}'
    signature = key.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_key_is_changed_both_sign(http_sink: HttpSink) -> None:
    deliver(channel(http_sink, f"new=whsec_{NEW}&old=whsec_{OLD}"))
    headers = http_sink.requests[0][1]
    assert headers["webhook-key-id"] == "new old"
    assert len(headers["webhook-signature"].split()) == 2


def test_another_try_has_the_same_body_and_name_at_its_own_time(http_sink: HttpSink) -> None:
    deliver(channel(http_sink))
    deliver(channel(http_sink), now=NOW + timedelta(hours=1))
    (_, first, body), (_, second, again) = http_sink.requests
    assert body == again
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600


def test_a_payload_says_what_happened_and_from_where_to_go_on() -> None:
    told = json.loads(ALERT.payload)
    assert (told["type"], told["test"], told["cursor"]) == ("alert", False, 41)
    assert (told["subscription"], told["note"]) == ("Clinics", "my note")
    assert told["timestamp"] == "2025-01-28T13:00:00Z"
    assert told["mentions"][0]["notice"]["title"] == "Chara Biologics, Inc."
    assert told["mentions"][0]["changes"][0]["verb"] == "added"
    digest = json.loads(daily(mention(key="a", change_with={"change": 7}), mention(key="b")).payload)
    assert (digest["type"], digest["cursor"], len(digest["mentions"])) == ("daily", 7, 2)
    assert digest["window"] == {"start": "2025-01-28T13:00:00Z", "end": "2025-01-29T13:00:00Z"}
    assert len(digest["coverage"]) == 1


def test_every_kind_of_message_is_one_of_the_schema() -> None:
    about = notice()
    messages = (
        ALERT,
        daily(mention()),
        trial(FRAME, at=START),
        note("n", ("s",), FRAME, at=START),
        correction(mention(), FRAME, told_at=START, wrong="w"),
        alert(mention("edited", change_with={"edited": change(about, "edited").edited}), FRAME),
    )
    for message in messages:
        assert msgspec.json.encode(msgspec.json.decode(message.payload, type=Payload)) == message.payload


def test_the_schema_in_the_documents_is_that_of_the_payloads() -> None:
    written = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    kept = SCHEMA.read_text(encoding="utf-8")
    if kept != written:
        SCHEMA.write_text(written, encoding="utf-8")
    assert kept == written, "docs/webhook.schema.json was written anew: read it before you accept it"


@pytest.mark.parametrize(
    ("status", "kind"), [(400, Permanent), (410, Permanent), (301, Permanent), (409, Temporary), (503, Temporary)]
)
def test_only_a_2xx_is_an_acceptance(http_sink: HttpSink, status: int, kind: type[NotAccepted]) -> None:
    http_sink.status, http_sink.headers = status, {"Location": "/elsewhere", "Retry-After": "9"}
    error = refusal(channel(http_sink))
    assert type(error) is kind
    assert str(status) in error.reason
    assert len(http_sink.requests) == 1


@pytest.mark.parametrize("behaviour", ["hang", "drop", "drip"])
def test_a_receiver_that_does_not_answer_is_temporary(http_sink: HttpSink, behaviour: str) -> None:
    http_sink.behaviour = behaviour
    with pytest.raises(Temporary):
        Transport(silence=0.2, limit=0.4).send(channel(http_sink), ALERT, "key", now=NOW)


@pytest.mark.parametrize(
    "rest",
    [
        *("", "#", "#whsec_CANARY", f"#k={NEW}", "#k=whsec_CANARY", "#k=whsec_" + "Q0FOQVJZ" * 30),
        f"#k=whsec_{NEW}&k=whsec_{OLD}",
        f"#a=whsec_{NEW}&b=whsec_{OLD}&c=whsec_{OLD}",
        f" CANARY#k=whsec_{NEW}",
    ],
)
def test_a_hook_without_a_good_key_is_refused_in_one_sentence(rest: str) -> None:
    with pytest.raises(UsageError) as refused:
        check(f"stemwatch+https://CANARY.example/CANARY{rest}")
    assert "CANARY" not in str(refused.value)
    assert NEW not in str(refused.value)


def test_a_hook_shows_no_secret() -> None:
    url = f"stemwatch+https://CANARY.example/CANARY#k=whsec_{NEW}"
    assert describe(url) == "stemwatch+https"
    assert "CANARY" not in repr(hook(url))
    assert NEW not in repr(hook(url))
    assert repr(base64.b64decode(NEW)) not in repr(hook(url))


# ---- addresses that strangers gave


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:7f00:1]"]
)
def test_a_strangers_address_leads_to_nobodys_inside(http_sink: HttpSink, host: str) -> None:
    error = refusal(f"stemwatch+https://{host}:{http_sink.port}/#k=whsec_{NEW}", public=True)
    assert isinstance(error, Permanent)
    assert error.reason == "The receiver's address is not one of the open Internet."
    assert http_sink.requests == []


def test_the_operators_own_address_may_lead_anywhere(http_sink: HttpSink) -> None:
    deliver(channel(http_sink))
    assert len(http_sink.requests) == 1


@pytest.mark.parametrize(
    "url",
    ["json://127.0.0.1/", f"stemwatch+http://x.example/#k=whsec_{NEW}", "discord://4174216298/JHMHI8qBe7bk2ZwO5"],
)
def test_a_stranger_gives_no_channel_of_another_kind(url: str) -> None:
    with pytest.raises(UsageError, match="can be subscribed here"):
        check(url, public=True)
