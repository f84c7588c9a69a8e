"""One way in for every kind of document."""

import re

from stemwatch.documents import html
from stemwatch.documents.charsets import decoded
from stemwatch.documents.kinds import kind_of
from stemwatch.documents.records import MOST_BYTES, MOST_CHARACTERS, Document, Unreadable
from stemwatch.text import without_controls

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_FEW_CONTROLS, _MOST_CONTROLS = 4, 0.005
_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def read(body: bytes, *, media_type: str = "", name: str = "", charset: str = "") -> Document:
    """The text of a document. Unreadable when it gives none, or is beyond the limits.

    `media_type` and `charset` are what its sender said (a Content-Type will do), `name` is how errors call it.
    Time and memory grow with the size of plain text and HTML; of a PDF they are the process's to limit.
    """
    name = name or "The document"
    if len(body) > MOST_BYTES:
        raise Unreadable(f"{name} is larger than {MOST_BYTES // 1_000_000} MB. Give the part that matters.")
    if not body.strip():
        raise Unreadable(f"{name} is empty.")
    said, _, rest = media_type.partition(";")
    declared = charset or "".join(_CHARSET.findall(rest)[:1])
    kind = kind_of(body, said.strip().lower(), name)
    if kind == "application/pdf":
        # It takes longer to import than most documents to read.
        from stemwatch.documents.pdf import pdf_text

        title, text, notes = pdf_text(body, name)
    elif kind == "text/html":
        title, text, notes = _html(body, name, declared)
    else:
        title, text, notes = _plain(body, name, declared)
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(
            f"{name} has more than {MOST_CHARACTERS:,} characters of text. Give the part that matters."
        )
    return Document(text=text, media_type=kind, title=title, notes=notes)


def _html(body: bytes, name: str, declared: str) -> tuple[str, str, tuple[str, ...]]:
    markup, notes = decoded(body, declared, markup=True)
    title, text, whole = html.page(_printable(markup, name))
    if not whole:
        notes += ("Its elements are nested too deeply to be shown by anything; only its beginning was read.",)
    if not text:
        raise Unreadable(
            f"{name} shows no text: a script may put it together. Save it from a browser as PDF, and give that."
        )
    return title, text, notes


def _plain(body: bytes, name: str, declared: str) -> tuple[str, str, tuple[str, ...]]:
    """A plain text keeps its places: what is found in it can be found in the file."""
    text, notes = decoded(body, declared)
    text = _printable(text.replace("\r\n", "\n").replace("\r", "\n"), name)
    if not text.strip():
        raise Unreadable(f"{name} is empty.")
    if marks := len(_DIRECTIONS.findall(text)):
        notes += (f"{marks:,} invisible marks in it change the order in which it is read.",)
    return "", text, notes


def _printable(text: str, name: str) -> str:
    """The text with a blank for each control character; Unreadable when they show that it is no text."""
    if len(_CONTROLS.findall(text)) > _FEW_CONTROLS + _MOST_CONTROLS * len(text):
        raise Unreadable(f"{name} holds binary data, not text. Give PDF, HTML or plain text.")
    return without_controls(text, " ")
