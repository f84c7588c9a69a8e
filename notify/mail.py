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
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from functools import cache, partial
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from apprise.plugins.email.base import NotifyEmail, PGPMode
from apprise.plugins.email.smtp import SMTPSecureMode

from notify.errors import NotAccepted, Permanent, Temporary
from notify.frame import Frame
from notify.mail_sessions import SecureSession, Session, Sessions, part
from notify.message import Message, note
from notify.wording import short
from stemwatch.wording import plain, web

_EARLY = datetime(1970, 1, 1, tzinfo=UTC)
_UNCHANGED = bytes(range(32, 127)).replace(b"=", b"") + b"\n"
_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"
ADDRESS = re.compile(r"[^\s<>,;:]{0,64}@[^\s<>,;:]{1,255}")
LINE = 76
"""Characters of a line that holds encoded words (RFC 2047), or is encoded itself (RFC 2045)."""

WORDS = 200
"""Characters of a server's answer that are told on."""


class Whole(UnstructuredHeader, BaseHeader):
    """A header on one line: folded, Python would encode its address, which no mail program reads."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class Plain(UnstructuredHeader, BaseHeader):
    """A header of words as they are. Python would decode what looks encoded in them, line ends included."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["parse_tree"], kwds["decoded"] = None, value

    def fold(self, *, policy: Policy) -> str:
        ours = self.isascii() and "=?" not in self and len(self.name) + 2 + len(self) <= LINE
        words = Header(self, "us-ascii" if ours else "utf-8", maxlinelen=LINE, header_name=self.name)
        return f"{self.name}: {words.encode(linesep=policy.linesep)}{policy.linesep}"


_REGISTRY = HeaderRegistry()
_REGISTRY.map_to_type("subject", Plain)
for _name in ("list-id", "list-unsubscribe", "in-reply-to", "references"):
    _REGISTRY.map_to_type(_name, Whole)
POLICY = SMTP.clone(header_factory=_REGISTRY, max_line_length=LINE)


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
            self._headed(note("", (), Frame(), at=_EARLY), "key", _EARLY)
        except (ValueError, IndexError, MessageError):
            return "has an address or a header that cannot stand in a mail"
        return ""

    def compose(self, message: Message, key: str, now: datetime) -> EmailMessage:
        """The mail, in an encoding that any server takes unchanged, with no line too long."""
        mail = self._headed(message, key, now)
        text, html = message.mail_text, message.html
        mail.set_content(text, cte=_shorter(text))
        mail.add_alternative(html, subtype="html", cte=_shorter(html))
        return mail

    def _headed(self, message: Message, key: str, now: datetime) -> EmailMessage:
        """Its headers alone."""
        mail = EmailMessage(policy=POLICY)
        mail["From"] = self.sender
        mail["To"] = self.recipient
        if self.reply_to:
            mail["Reply-To"] = ", ".join(sorted(self.reply_to))
        mail["Subject"] = message.subject
        mail["Date"] = now
        mail["Message-ID"] = f"<{key}@{self.sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in return
        mail["Precedence"] = "bulk"  # the same for the programs that came before it
        for name, value in self._listed(message).items():
            mail[name] = value
        for name, value in self.headers.items():
            if name not in mail:
                mail[name] = value
        return mail

    def _listed(self, message: Message) -> dict[str, str]:
        """Which list a mail is of (RFC 2919), how to leave it (RFC 2369, 8058), and what it goes on from.

        The mails about one notice refer to one that was never sent, so the order in which they arrive is all one.
        """
        frame, domain = message.frame, self.sender.domain
        headers = {}
        if frame.subscription:
            name = sha256(frame.subscription.encode("utf-8", "replace")).hexdigest()[:16]
            headers["List-Id"] = f"<{name}.stemwatch.{frame.list_domain or domain}>"
        if web(frame.unsubscribe):
            headers["List-Unsubscribe"] = f"<{quote(frame.unsubscribe, safe=_IN_ADDRESS)}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        if message.thread:
            headers["In-Reply-To"] = headers["References"] = f"<{message.thread}@{domain}>"
        return headers

    def submit(self, mail: EmailMessage, sessions: Sessions | None) -> str:
        """Hands the mail over; smtplib's own errors come out, where Apprise's `send` swallows them.

        Returns the server's words, which mostly name the place in its queue. A session goes back to `sessions`
        when the mail was taken; else it ends.
        """
        server = sessions.take(self._place, self._connect) if sessions else self._connect()
        taken = False
        try:
            # Not send_message(): it writes ">From" where a line of the text starts with "From".
            server.sendmail(self.sender.addr_spec, [self.recipient.addr_spec], mail.as_bytes())
            taken = True
            return server.taken
        finally:
            if sessions and taken:
                sessions.keep(self._place, server)
            else:
                part(server)

    @property
    def _place(self) -> tuple[object, ...]:
        """All that a session is opened by."""
        own: Any = self
        return (
            *(own.smtp_host, own.port, own.secure_mode, own.verify_certificate),
            *(own.user, own.password, own.socket_connect_timeout),
        )

    def _connect(self) -> Session:
        """A session with the channel's server, encrypted and signed in as the channel says."""
        settings: Any = self
        place = (settings.smtp_host, settings.port, None)
        trust = partial(_trust, settings.verify_certificate)
        seconds = settings.socket_connect_timeout
        if settings.secure_mode == SMTPSecureMode.SSL:
            server: Session = SecureSession(*place, context=trust(), timeout=seconds)
        else:
            server = Session(*place, timeout=seconds)
        try:
            if settings.secure_mode == SMTPSecureMode.STARTTLS:
                server.starttls(context=trust())
            if settings.user and settings.password:
                server.login(settings.user, settings.password)
        except OSError:
            part(server)
            raise
        return server


@cache
def _trust(verify: bool) -> ssl.SSLContext:
    """Whose certificates are believed: read once, because that alone takes 40 ms."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def send(
    plugin: Mail, message: Message, key: str, now: datetime, silence: float, sessions: Sessions | None
) -> str:
    """The server's words when it has taken the mail, else raises Permanent or Temporary."""
    mail = plugin.compose(message, key, now)
    try:
        return _harmless(plugin.submit(mail, sessions), plugin)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(*next(iter(error.recipients.values())), plugin) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error, plugin) from None
    except smtplib.SMTPNotSupportedError:
        raise Permanent("The mail server does not offer what the channel needs: STARTTLS or a sign-in.") from None
    except ssl.SSLCertVerificationError:
        raise Temporary("The mail server's certificate is not trusted.") from None
    except OSError as error:  # SMTPException is one
        raise Temporary(_trouble(error, silence)) from None


def _refused(code: int, words: bytes | str, plugin: Mail) -> NotAccepted:
    """By the server's code (RFC 5321), with its words, but no address and no secret that they quote."""
    said = _harmless(words.decode("utf-8", "replace") if isinstance(words, bytes) else words, plugin)
    answer = f"The mail server answered {code}{' ' + said if said else ''}".rstrip(".") + "."
    return Permanent(answer) if 500 <= code < 600 else Temporary(answer)


def _harmless(words: str, plugin: Mail) -> str:
    """What a server says, without the secrets and addresses that it may quote."""
    for secret in filter(None, (plugin.password, plugin.user)):
        words = words.replace(str(secret), "…")
    return short(ADDRESS.sub("…", plain(words)), WORDS)


def _trouble(error: BaseException, silence: float) -> str:
    """smtplib turns a silent server into "disconnected"; the time-out is what that error stands on."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TimeoutError):
            return f"No answer within {silence:g} s."
        cause = cause.__context__
    return "No connection to the mail server, or it ended without an answer."


def _shorter(text: str) -> str:
    """The shorter of the two encodings for mail; the second cannot be read without a program."""
    raw = text.encode()
    tripled = len(raw.translate(None, _UNCHANGED))
    return "quoted-printable" if 3 * tripled + len(raw) - tripled < 4 * len(raw) / 3 else "base64"
