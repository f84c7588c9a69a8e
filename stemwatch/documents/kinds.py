"""What a document is, by its first bytes, then by what it is said to be, then by its name."""

import re
from typing import Literal

from stemwatch.documents.records import Unreadable

Kind = Literal["text/plain", "text/html", "application/pdf"]

# The first bytes of files that people take for documents. Words end the sentence "NAME is ...".
_OTHERS: dict[bytes, str] = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or a sound",
    b"II*\x00": "a picture",
    b"MM\x00*": "a picture",
    b"PK\x03\x04": "an Office document or a ZIP archive",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"{\\rtf": "a document in RTF",
    b"\x1f\x8b": "packed with gzip",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"\x7fELF": "a program",
    b"SQLite format 3\x00": "a database",
}
_HEAD = 1024
_HTML = re.compile(rb"<(?:!doctype html|html|head|body)[\s>]", re.IGNORECASE)
_PROLOGUE = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*|<!--[^>]{0,400}-->\s*){0,4}")
_TYPES: dict[str, Kind] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "application/pdf": "application/pdf",
    "application/x-pdf": "application/pdf",
}
_UNSAID = ("", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml")
_ENDINGS: dict[str, Kind] = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
}


def kind_of(body: bytes, media_type: str, name: str) -> Kind:
    """What `body` is to be read as. `media_type` is the bare type; Unreadable when it is nothing we read."""
    head = body[:_HEAD]
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-"):
        return "application/pdf"
    for magic, words in _OTHERS.items():
        if head.startswith(magic):
            raise Unreadable(f"{name} is {words}. Save it as PDF, HTML or plain text, and give that.")
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf"), _prologue(head.removeprefix(b"\xef\xbb\xbf"))):
        return "text/html"
    return _said(media_type, name, head)


def _prologue(head: bytes) -> int:
    found = _PROLOGUE.match(head)
    return found.end() if found else 0


def _said(media_type: str, name: str, head: bytes) -> Kind:
    if media_type in _TYPES:
        said = _TYPES[media_type]
    elif media_type in _UNSAID:
        said = next((kind for ending, kind in _ENDINGS.items() if name.lower().endswith(ending)), "text/plain")
    elif readable(media_type):
        said = "text/plain"
    else:
        raise Unreadable(f"{name} is {media_type}, which is no text. Give PDF, HTML or plain text.")
    if said == "application/pdf" and b"%PDF-" not in head:
        raise Unreadable(f"{name} is said to be a PDF and is none. Save it again, or give plain text.")
    return said


def readable(media_type: str) -> bool:
    """Whether a document of that bare type can be read, as far as its type tells."""
    return media_type in _TYPES or media_type in _UNSAID or media_type.startswith("text/")
