"""Documents made by hand: PDF files of lines of print."""

from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

LINE, LEFT, TOP = 14, 50, 740


def pdf(*pages: Sequence[str], title: str = "", password: str | None = None, owner: str = "owner") -> bytes:
    """A PDF with those lines on each page. With `password`, it is encrypted; an empty one opens for everyone."""
    writer = PdfWriter()
    for lines in pages:
        _add_page(writer, lines)
    if title:
        writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password, owner, algorithm="AES-256")
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_content(content: bytes) -> bytes:
    """A PDF of one page that shows `content`, whatever that is, packed."""
    writer = PdfWriter()
    page = writer.add_blank_page(612, 792)
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    page[NameObject("/Resources")] = _fonts()
    return written(writer)


def _add_page(writer: PdfWriter, lines: Sequence[str]) -> None:
    page = writer.add_blank_page(612, 792)
    shown = (f"({line.translate(_ESCAPES)}) Tj 0 -{LINE} Td" for line in lines)
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 11 Tf {LEFT} {TOP} Td {' '.join(shown)} ET".encode("cp1252"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    page[NameObject("/Resources")] = _fonts()


_ESCAPES = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


def _fonts() -> DictionaryObject:
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
    return DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
