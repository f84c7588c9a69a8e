"""Plain text for one of Apprise's channels: in parts that its service takes whole, with no mark-up but ours."""

# mypy: disable-error-code="no-untyped-call"
# Apprise is marked as typed, its functions mostly are not.

import re
from collections.abc import Callable, Iterator
from typing import Any

from apprise import NotifyFormat
from apprise.conversion import convert_between

from notify.frame import Frame
from notify.wording import quiet

MARKED = frozenset({"discord", "guilded", "mmost", "mmosts", "revolt", "zulip", "fluxer", "fluxers"})
"""Services that read Markdown although their plugins call it text."""

MAIL_SERVICES = frozenset(
    {"azure", "brevo", "mailersend", "mailgun", "o365", "postmark", "resend", "sendgrid", "sendpulse", "ses"}
    | {"smtp2go", "sparkpost"}
)
"""Services that take HTML and send it as a mail."""

_LINK = re.compile(r"(\s*)(?:\S[^\n]*: )?(https?://[^\s<>]+)")
_ESCAPED = re.compile(r"([\\`*_\[\]#|~<>])")


def parts(plugin: Any, subject: str, text: str, frame: Frame) -> list[tuple[str, str, NotifyFormat]]:
    """Title, body and format of each message to be sent. The plugin's limits hold after its own conversion."""
    form, write = _writing(plugin)
    fits = _limit(plugin, form)
    title = quiet(subject) if len(quiet(subject)) <= plugin.title_maxlen else ""
    body = text if title else f"{subject}\n\n{text}"
    room = _room(plugin, title)
    whole = write(body)
    if len(whole.splitlines()) <= _lines(plugin) and fits(whole) <= room:
        return [(title, whole, form)]
    pattern = frame.words.phrases.part

    def taken(piece: str) -> bool:
        return fits(write(f"({pattern})\n{piece}")) <= room

    pieces = list(_pieces(body, taken, room, _lines(plugin) - 1))
    numbers = [f"({pattern.format(part=part, parts=len(pieces))})" for part in range(1, len(pieces) + 1)]
    return [(title, write(f"{number}\n{piece}"), form) for number, piece in zip(numbers, pieces, strict=True)]


def names(plugin: Any) -> set[str]:
    """The schemes of a plugin's kind. Its own `schema` may be the one that it speaks to its service."""
    found = (plugin.protocol, plugin.secure_protocol)
    return {name for one in found if one for name in ([one] if isinstance(one, str) else one)}


def _writing(plugin: Any) -> tuple[NotifyFormat, Callable[[str], str]]:
    """The format that is declared to Apprise, and how text gets into it."""
    if names(plugin) & MARKED:
        return NotifyFormat.TEXT, markdown
    if plugin.resolve_format(NotifyFormat.TEXT) == NotifyFormat.MARKDOWN:
        return NotifyFormat.MARKDOWN, markdown
    return NotifyFormat.TEXT, quiet


def markdown(text: str) -> str:
    """The text as Markdown that shows it as it is; an address stays one that can be followed."""
    return "\n".join(map(_markdown, text.split("\n")))


def _markdown(line: str) -> str:
    link = _LINK.fullmatch(line)
    if link is None:
        return _ESCAPED.sub(r"\\\1", quiet(line))
    return _ESCAPED.sub(r"\\\1", quiet(line[: link.start(2)])) + f"<{link[2]}>"


def _limit(plugin: Any, form: NotifyFormat) -> Callable[[str], int]:
    """How long a body is once Apprise has made the service's form of it."""
    shown = plugin.resolve_format(form)
    return lambda body: len(plugin.dialect_convert(convert_between(form, shown, body), shown))


def _room(plugin: Any, title: str) -> int:
    """Characters of a body. Some services count the title in."""
    counted = len(title) + 2 if plugin.overflow_amalgamate_title else 0
    return int(plugin.body_maxlen) - int(plugin.overflow_buffer) - counted


def _lines(plugin: Any) -> int:
    """Lines that a service shows; most set no limit."""
    return int(plugin.body_max_line_count) or 1 << 30


def _pieces(text: str, fits: Callable[[str], bool], room: int, lines: int) -> Iterator[str]:
    """The text in pieces that fit, cut between lines where that can be, else between words, else anywhere."""
    at = 0
    while at < len(text):
        window = text[at : at + max(room, 1)]
        most = _longest(window, fits, lines)
        cut = most if at + most == len(text) else _cut(window, most)
        yield window[:cut].strip("\n")
        at += cut


def _cut(text: str, most: int) -> int:
    for mark in ("\n\n", "\n", " "):
        found = text.rfind(mark, most // 2, most)
        if found > 0:
            return found + len(mark)
    return most


def _longest(text: str, fits: Callable[[str], bool], lines: int) -> int:
    """The longest beginning that fits, at least one character: a service that takes none takes no message."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text.count("\n", 0, middle) < lines and fits(text[:middle]):
            low = middle
        else:
            high = middle - 1
    return low
