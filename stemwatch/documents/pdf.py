"""PDF to text. What a file can ask of time and memory is bounded only in part: give the process limits, too."""

import logging
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from pypdf import Configuration, PasswordType, PdfReader, apply_configuration
from pypdf.errors import PyPdfError

from stemwatch.documents.lines import paragraphs
from stemwatch.documents.records import MOST_CHARACTERS, Unreadable
from stemwatch.text import clean, without_controls

MOST_PAGES = 2000

# It tells the log of every oddity of a file, of which a broken one has thousands.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_LIMITS = Configuration(
    maximum_declared_stream_length=20_000_000,
    array_based_stream_maximum_output_length=20_000_000,
    lzw_maximum_output_length=20_000_000,
    run_length_maximum_output_length=20_000_000,
    zlib_maximum_output_length=20_000_000,
    brotli_maximum_output_length=20_000_000,
    zlib_maximum_recovery_input_length=200_000,
    stream_decoding_work_maximum_length=60_000_000,
    stream_parsing_work_maximum_count=500_000,
    xform_maximum_invocations_per_extraction=500,
    jbig2dec_binary=None,
)
# Letters that print joins: ﬁ is one character in the file.
_LIGATURES = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)))
# What pypdf raises on files that are not as they should be, besides its own errors.
_BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def pdf_text(body: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    """Title, text and notes of a PDF. Unreadable when it is broken, locked, or holds pictures of text alone."""
    with apply_configuration(_LIMITS):
        reader = _opened(body, name)
        pages: list[str] = []
        unread: list[int] = []
        for number, text in enumerate(_pages(reader), start=1):
            pages.append(text or "")
            if text is None:
                unread.append(number)
        title = _title(reader)
    if unread and len(unread) == len(pages):
        raise _broken(name)
    text = paragraphs(pages)
    if not text:
        raise Unreadable(
            f"{name} is a scan: there is no text in it, only pictures. Give a copy made by text recognition (OCR)."
        )
    return title, text, tuple(_notes(unread, len(reader.pages)))


def _opened(body: bytes, name: str) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(body))
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
        pages = 0 if locked else len(reader.pages)
    except _BROKEN:
        raise _broken(name) from None
    if locked:
        raise Unreadable(f"{name} is locked with a password. Open it, save a copy without one, and give that.")
    if not pages:
        raise _broken(name)
    return reader


def _broken(name: str) -> Unreadable:
    return Unreadable(f"{name} is a PDF that is broken or cut off. Fetch or save it again.")


def _pages(reader: PdfReader) -> Iterator[str | None]:
    """The text of each page, None for one that cannot be read; no more than is asked for of any document."""
    left = MOST_CHARACTERS + 1
    for number in range(min(len(reader.pages), MOST_PAGES)):
        try:
            text = without_controls(reader.pages[number].extract_text(), " ").translate(_LIGATURES)
        except _BROKEN:
            yield None
            continue
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _title(reader: PdfReader) -> str:
    try:
        return clean((reader.metadata and reader.metadata.title) or "")
    except _BROKEN:
        return ""


def _notes(unread: list[int], pages: int) -> Iterator[str]:
    if unread:
        yield f"{len(unread)} of its {pages} pages could not be read, the first of them page {unread[0]}."
    if pages > MOST_PAGES:
        yield f"Only the first {MOST_PAGES:,} of its {pages:,} pages were read."
