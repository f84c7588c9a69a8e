"""A mail as a server gets it: its headers, its two parts, and what the server's refusals mean."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from notify.channels import Transport
from notify.errors import NotAccepted, Permanent, Temporary
from notify.frame import Frame
from notify.message import Message, alert, correction, note, trial
from tests.notify.conftest import SmtpSink
from tests.notify.samples import daily, mention

NOW = datetime(2025, 1, 28, 15, 0, tzinfo=UTC)
EARLY = datetime(2020, 1, 1, tzinfo=UTC)
LEAVE = "https://watch.example/leave/8f2c"
FRAME = Frame(subscription="Clinics", unsubscribe=LEAVE, manage="https://watch.example/mine/8f2c")
MESSAGE = alert(mention(title="Café Biologics"), FRAME)
QUICK = Transport(silence=0.5, limit=5.0)


def deliver(url: str, message: Message = MESSAGE, key: str = "delivery-17") -> None:
    QUICK.send(url, message, key, now=NOW)


def refusal(url: str) -> NotAccepted:
    with pytest.raises(NotAccepted) as refused:
        deliver(url)
    return refused.value


def content(mail: Any, form: str) -> str:
    """One part of a mail, with the line ends of a file in place of those of a mail."""
    return str(mail.get_body((form,)).get_content()).replace("\r\n", "\n")


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
    assert content(mail, "plain") == MESSAGE.mail_text
    assert content(mail, "html").strip() == MESSAGE.html.strip()


def test_a_mail_goes_through_any_server_unchanged(smtp_sink: SmtpSink) -> None:
    message = note("é" * 300, ("é" * 20_000, ".", "From here on"), Frame(), at=NOW)
    deliver(smtp_sink.url(), message)
    [raw], [mail] = smtp_sink.raw, smtp_sink.mails
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 100
    assert mail["Subject"] == "é" * 300
    assert content(mail, "plain") == message.mail_text
    assert content(mail, "html").strip() == message.html.strip()


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
    assert error.reason == "The mail server answered 550 5.1.1 no such …."
    smtp_sink.replies[stage] = "451 4.7.1 greylisted"
    error = refusal(smtp_sink.url())
    assert isinstance(error, Temporary)
    assert error.reason == "The mail server answered 451 4.7.1 greylisted."
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
    assert error.reason == "No answer within 0.5 s."


def test_a_sign_in_that_the_server_does_not_offer_is_permanent(smtp_sink: SmtpSink) -> None:
    url = f"mailto://watch:CANARY-password@127.0.0.1:{smtp_sink.port}/a@example.org?from=b@example.org"
    assert isinstance(refusal(url), Permanent)


def test_encryption_that_the_server_does_not_offer_is_permanent_and_sends_nothing(smtp_sink: SmtpSink) -> None:
    assert isinstance(refusal(smtp_sink.url("&mode=starttls")), Permanent)
    assert smtp_sink.mails == []


def test_a_mail_says_which_list_it_is_of_and_how_to_leave_it(smtp_sink: SmtpSink) -> None:
    deliver(smtp_sink.url())
    deliver(smtp_sink.url(), alert(mention(), Frame(subscription="Clinics", list_domain="watch.example")))
    first, second = smtp_sink.mails
    assert first["List-Unsubscribe"] == f"<{LEAVE}>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert LEAVE in content(first, "plain")
    assert LEAVE in content(first, "html")
    assert first["Precedence"] == "bulk"
    name = first["List-Id"].removesuffix(".stemwatch.stemwatch.example>")
    assert second["List-Id"] == f"{name}.stemwatch.watch.example>"
    assert second["List-Unsubscribe"] is None


def test_a_long_address_stands_whole_in_its_header(smtp_sink: SmtpSink) -> None:
    link = "https://watch.example/leave/" + "a1B2" * 60
    deliver(smtp_sink.url(), alert(mention(), Frame(unsubscribe=link, subscription="é" * 90)))
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in smtp_sink.raw[0]
    deliver(smtp_sink.url(), alert(mention(), Frame(unsubscribe="https://watch.example/é>")))
    assert b"\r\nList-Unsubscribe: <https://watch.example/%C3%A9%3E>\r\n" in smtp_sink.raw[1]


def test_what_is_told_of_one_notice_is_one_thread(smtp_sink: SmtpSink) -> None:
    about = mention(key="k")
    told = (
        alert(about, FRAME),
        correction(about, FRAME, told_at=NOW, wrong="x"),
        alert(mention(key="other"), FRAME),
        alert(about, Frame(subscription="Florida")),
        daily(about),
    )
    for number, message in enumerate(told):
        deliver(smtp_sink.url(), message, f"delivery-{number}")
    threads = [mail["References"] for mail in smtp_sink.mails]
    assert threads == [mail["In-Reply-To"] for mail in smtp_sink.mails]
    assert threads[0] == threads[1]
    assert len(set(threads)) == 4
    assert threads[4] is None
    assert len({mail["Message-ID"] for mail in smtp_sink.mails}) == 5


def test_no_name_can_write_a_header(smtp_sink: SmtpSink) -> None:
    evil = "A\r\nBcc: all@example.org\r\n\r\n<script>"
    frame = Frame(subscription=evil, note=evil, unsubscribe=f"https://watch.example/{evil}")
    for message in (alert(mention(title=evil, regulator=evil), frame), note(evil, (evil,), frame, at=NOW)):
        deliver(smtp_sink.url(), message)
    for mail in smtp_sink.mails:
        assert mail["Bcc"] is None
        assert mail["List-Unsubscribe"] is None
        assert mail["To"].addresses == (Address("", addr_spec="reader@example.org"),)
        assert len([part for part in mail.walk() if not part.is_multipart()]) == 2
    assert smtp_sink.recipients == [["reader@example.org"]] * 2


def test_a_test_says_so_in_subject_and_both_parts(smtp_sink: SmtpSink) -> None:
    deliver(smtp_sink.url(), trial(FRAME, at=NOW))
    [mail] = smtp_sink.mails
    assert mail["Subject"] == "[TEST] A message from Stemwatch"
    for form in ("plain", "html"):
        assert "This is a test." in content(mail, form)


def test_a_large_digest_is_a_mail_of_under_100_kb(smtp_sink: SmtpSink) -> None:
    for title in ("Firm", "再生医療クリニック"):
        mentions = [mention(key=f"k{n}", title=f"{title} {n}", clinics=()) for n in range(400)]
        deliver(smtp_sink.url(), daily(*mentions))
    assert max(map(len, smtp_sink.raw)) < 100_000
    assert all(raw.isascii() for raw in smtp_sink.raw)


def test_a_servers_words_are_kept_without_what_is_secret(smtp_sink: SmtpSink) -> None:
    smtp_sink.replies["RCPT"] = "550 5.7.1 <reader@example.org> denied for \x1b[2J" + "x" * 400
    reason = refusal(smtp_sink.url()).reason
    assert reason.startswith("The mail server answered 550 5.7.1 <…> denied for [2Jxxx")
    assert len(reason) < 260


@pytest.fixture
def tls_sink(tmp_path: Path) -> Iterator[SmtpSink]:
    """A mail server that offers STARTTLS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, EARLY, EARLY + timedelta(days=36_500))
    (tmp_path / "pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    sink = SmtpSink(tls_context=context)
    sink.controller.start()
    yield sink
    sink.controller.stop()


def test_a_certificate_that_nobody_vouches_for_is_temporary_unless_the_operator_does(tls_sink: SmtpSink) -> None:
    error = refusal(tls_sink.url("&mode=starttls"))
    assert isinstance(error, Temporary)
    assert error.reason == "The mail server's certificate is not trusted."
    assert tls_sink.mails == []
    deliver(tls_sink.url("&mode=starttls&verify=no"))
    assert len(tls_sink.mails) == 1
