"""What the standards ask of a mail, asked of its bytes: RFC 5322, 2045, 2047, 2919, 3834, 8058."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

ONCE = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Auto-Submitted")
AT_MOST_ONCE = ("Reply-To", "In-Reply-To", "References", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
FIELD = re.compile(rb"[!-9;-~]+: \S.*")
FOLDED = re.compile(rb"[ \t]+\S.*")
DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = rf"<{ATOM}(?:\.{ATOM})*@{ATOM}(?:\.{ATOM})*>"
LIST = rf"<{ATOM}(?:\.{ATOM})+>"
WORD = re.compile(r"=\?\S*?\?[qb]\?.*?\?=", re.IGNORECASE)
ENCODED = re.compile(r"=\?utf-8\?(?:q\?[!->@-~]+|b\?[A-Za-z0-9+/]+=*)\?=", re.IGNORECASE)
SHAPES = {
    "Message-ID": ADDRESS,
    "In-Reply-To": ADDRESS,
    "References": ADDRESS,
    "List-Id": LIST,
    "List-Unsubscribe": r"<https?://[!-;=?-~]+>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Auto-Submitted": "auto-generated",
    "MIME-Version": r"1\.0",
    "Date": DATE.pattern,
}


def flaws(raw: bytes) -> list[str]:
    """Everything in which this mail is not as the standards ask."""
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    head = raw.partition(b"\r\n\r\n")[0]
    return [*_bytes(raw), *_fields(head), *_values(head), *_headers(mail), *_parts(mail)]


def _bytes(raw: bytes) -> Iterator[str]:
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "a line that does not end in CR LF"
    if any(byte > 126 or (byte < 32 and byte not in b"\r\n\t") for byte in raw):
        yield "an octet that is not printable ASCII"
    if max(map(len, raw.split(b"\r\n"))) > 998:
        yield "a line of more than 998 octets"


def _fields(head: bytes) -> Iterator[str]:
    for number, line in enumerate(head.split(b"\r\n")):
        if not (FIELD.fullmatch(line) or (number and FOLDED.fullmatch(line))):
            yield f"no header and no continuation: {line[:80]!r}"


def _headers(mail: EmailMessage) -> Iterator[str]:
    for name in {*ONCE, *AT_MOST_ONCE}:
        times = len(mail.get_all(name, []))
        if times > 1 or (times == 0 and name in ONCE):
            yield f"{times} times {name}"
    for name, value in mail.items():
        if value.defects:
            yield f"{name} has {value.defects}"
    for name in ("From", "To"):
        if len(mail[name].addresses) != 1 or not mail[name].addresses[0].domain:
            yield f"{name} is no single address"
    if (mail["List-Unsubscribe"] is None) != (mail["List-Unsubscribe-Post"] is None):
        yield "one of the two headers of one-click unsubscribe without the other"


def _values(head: bytes) -> Iterator[str]:
    for field in re.split(r"\r\n(?![ \t])", head.decode("ascii", "replace")):
        name, _, raw = field.partition(": ")
        if not re.fullmatch(SHAPES.get(name, r"[\s\S]+"), raw.replace("\r\n", "")):
            yield f"{field[:100]!r}"
        if any(len(word) > 75 or not ENCODED.fullmatch(word) for word in WORD.findall(raw)):
            yield f"an encoded word that is none in {name}"
        if WORD.search(raw) and max(map(len, field.split("\r\n"))) > 76:
            yield f"a line with encoded words of more than 76 characters in {name}"


def _parts(mail: EmailMessage) -> Iterator[str]:
    if [part.get_content_type() for part in mail.walk()] != ["multipart/alternative", "text/plain", "text/html"]:
        yield "other parts than text and HTML, or in another order"
    for part in mail.iter_parts():
        if part["Content-Transfer-Encoding"] not in {"quoted-printable", "base64", "7bit"}:
            yield f"a part encoded as {part['Content-Transfer-Encoding']}"
        if part.get_content_charset() != "utf-8" or part.defects:
            yield f"a part in {part.get_content_charset()} with {part.defects}"
        if max(map(len, str(part.get_payload()).splitlines()), default=0) > 76:
            yield "an encoded line of more than 76 characters"
