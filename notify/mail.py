"""E-mail through Apprise's plugin (its URLs, providers and TLS) with a message of our own.

Apprise 2.2 adds a Message-ID of its own beside any given one, makes a text part that drops every link,
and tells the SMTP code only to its DEBUG log. `Mail` leans on its attributes, so the version is pinned.
"""

# mypy: disable-error-code="no-untyped-call"
# Apprise is marked as typed, its functions mostly are not.

import re
import smtplib
import ssl
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from apprise.plugins.email.base import NotifyEmail, PGPMode
from apprise.plugins.email.smtp import AppriseSMTPController

from notify.errors import NotAccepted, Permanent, Temporary
from notify.message import Message

ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")


class Mail(NotifyEmail):
    """One recipient, one message in text and HTML, one Message-ID."""

    @property
    def recipient(self) -> Address:
        target: Any = self.targets[0]
        return Address(target[0] or "", addr_spec=target[1])

    @property
    def sender(self) -> Address:
        sender: Any = self.from_addr
        return Address(sender[0] or self.app_id, addr_spec=sender[1])

    def flaw(self) -> str:
        """What keeps this address from being used, as the end of a sentence; else nothing."""
        if not self.targets:
            return "names no valid recipient"
        if self.pgp_mode != PGPMode.NONE:
            return "asks for PGP, which is not supported"
        try:
            self.compose(Message("", "", ""), "key", datetime.min.replace(tzinfo=UTC))
        except (ValueError, IndexError, MessageError):
            return "has an address or a header that cannot stand in a mail"
        return ""

    def compose(self, message: Message, key: str, now: datetime) -> EmailMessage:
        """The mail, in quoted-printable: any server takes it unchanged, and no line is too long."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = self.recipient
        if self.reply_to:
            mail["Reply-To"] = ", ".join(sorted(self.reply_to))
        mail["Subject"] = message.subject
        mail["Date"] = now
        mail["Message-ID"] = f"<{key}@{self.sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in return
        for name, value in self.headers.items():
            if name not in mail:
                mail[name] = value
        mail.set_content(message.text, cte="quoted-printable")
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
        return mail

    def submit(self, mail: EmailMessage) -> None:
        """Hands the mail over; smtplib's own errors come out, where Apprise's `send` swallows them."""
        settings: Any = self
        with AppriseSMTPController(
            host=settings.smtp_host,
            port=settings.port,
            secure_mode=settings.secure_mode,
            user=settings.user,
            password=settings.password,
            verify_certificate=settings.verify_certificate,
            socket_connect_timeout=settings.socket_connect_timeout,
        ) as controller:
            server: Any = controller._socket
            # Not send_message(): it writes ">From" where a line of the text starts with "From".
            server.sendmail(self.sender.addr_spec, [self.recipient.addr_spec], mail.as_bytes())


def outcome(plugin: Mail, message: Message, key: str, now: datetime, silence: float) -> NotAccepted | None:
    """None when the server has taken the mail."""
    if flaw := plugin.flaw():
        return Permanent(f"The channel {flaw}.")
    mail = plugin.compose(message, key, now)
    try:
        plugin.submit(mail)
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(*next(iter(error.recipients.values())))
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError:
        return Permanent("The mail server does not offer what the channel needs: STARTTLS or a sign-in.")
    except ssl.SSLCertVerificationError:
        return Temporary("The mail server's certificate is not trusted.")
    except OSError as error:  # SMTPException is one
        return Temporary(_trouble(error, silence))
    return None


def _refused(code: int, words: bytes | str) -> NotAccepted:
    """By the server's code (RFC 5321) and its finer one (RFC 3463); its words may quote addresses."""
    text = words.encode() if isinstance(words, str) else words
    finer = ENHANCED.match(text)
    answer = f"The mail server answered {code}{' ' + finer[0].decode() if finer else ''}."
    return Permanent(answer) if 500 <= code < 600 else Temporary(answer)


def _trouble(error: BaseException, silence: float) -> str:
    """smtplib turns a silent server into "disconnected"; the time-out is what that error stands on."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TimeoutError):
            return f"No answer within {silence:g} s."
        cause = cause.__context__
    return "No connection to the mail server, or it ended without an answer."
