"""Bytes to characters: what a document says of its charset is believed only where its bytes bear it out."""

import codecs
import re

import charset_normalizer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Charsets of documents, as Python calls them. Its other codecs (escapes, UTF-7, IDNA) hide text or are slow.
_KNOWN = re.compile(
    r"ascii|utf-(?:8|16|32)(?:-[bl]e)?|iso8859-\d+|cp\d{3,4}|koi8-[rut]|mac-\w+|gb\w+|hz|big5\w*|shift_jis\w*|euc_\w+"
    r"|iso2022_\w+|johab|tis-620"
)
# What browsers read in place of what a page names (WHATWG, Encoding): the larger charset of the same family.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_HEAD, _SAMPLE = 4096, 64 << 10
_BROKEN = 0.1
"""The largest share of letters beyond ASCII that may be broken in a text that still counts as UTF-8."""
_WESTERN = re.compile(r"[\u00a0-\u00ff\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u20ac\u2122œŒšŠžŽŸ]")
_SHARE_WESTERN = 0.15
# Half of what Japanese is written in; no other language has it, and no other charset gives it by accident.
_KANA = re.compile(r"[\u3041-\u30ff]")
_SHARE_KANA = 0.25
# UTF-8 that somebody took for Windows-1252 and encoded again: ’ became â€™, é became Ã©.
_TWICE = re.compile(
    "Ã[\u0080-\u00bf\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122ŒœŠšŽžŸ]|â€[\u0080-\u00bf\u02dc\u2018-\u201d\u2122œž¦¢]"
)


def decoded(body: bytes, declared: str = "", *, markup: bool = False) -> tuple[str, tuple[str, ...]]:
    """The text of `body`, and notes on what was amiss. `declared` is what its sender said, in any spelling.

    With `markup`, a charset that the document itself names counts where its sender named none.
    """
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _noted(body[len(mark) :].decode(charset, "replace"))
    found = _META.search(body, 0, _HEAD) if markup and not declared else None
    said = found.group(1).decode("ascii", "replace") if found else declared
    charset = _codec(said)
    if charset.startswith(("iso2022", "hz", "utf-16", "utf-32")):  # their bytes may pass for UTF-8
        return _noted(body.decode(charset, "replace"))
    if (text := _utf8(body)) is not None:
        return _noted(text)
    if charset and (text := _strict(body, charset)) is not None:
        return _noted(text)
    guessed = _guessed(body)
    note = f"It does not say in which charset it is written; it was read as {guessed}."
    if said:
        note = f"It says that it is written in {said}, which it is not; it was read as {guessed}."
    return _noted(body.decode(guessed, "replace"), note)


def _noted(text: str, *notes: str) -> tuple[str, tuple[str, ...]]:
    if broken := text.count("\ufffd"):
        notes += (f"{_times(broken, 'character')} could not be read and {_are(broken)} shown as \ufffd.",)
    if twice := _TWICE.search(text):
        notes += (
            f"Some letters were garbled before it came here (“{twice.group()}”); they are shown as they came.",
        )
    return text, notes


def _times(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _codec(said: str) -> str:
    """Python's name of a charset that a document may be written in; empty when there is none of that name."""
    try:
        name = codecs.lookup(said.strip().strip("\"'")).name if said.isascii() else ""
    except (LookupError, ValueError):  # a name that holds a NUL is a ValueError
        return ""
    return _LARGER.get(name, name) if _KNOWN.fullmatch(name) else ""


def _strict(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _utf8(body: bytes) -> str | None:
    """The text when it is UTF-8, perhaps with a few broken letters: one that was cut, or pasted from elsewhere."""
    text = _strict(body, "utf-8")
    if text is not None:
        return None if _zeros(body) else text
    text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") <= _BROKEN * _beyond(text) else None


def _beyond(text: str) -> int:
    """How many letters are beyond ASCII."""
    return sum(1 for letter in text if letter > "\x7f")


def _zeros(body: bytes) -> str:
    """UTF-16 without a mark, by the zeros in every second byte of what is mostly Latin script."""
    sample = body[:_SAMPLE]
    half = max(1, len(sample) // 2)
    for charset, high, low in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if sample[high::2].count(0) > 0.7 * half and sample[low::2].count(0) < 0.1 * half:
            return charset
    return ""


def _guessed(body: bytes) -> str:
    """Windows-1252 where that gives a Western text, as most undeclared files do; else what fits best."""
    if zeros := _zeros(body):
        return zeros
    sample = _sample(body)
    text = _strict(sample, "cp1252")
    if text is not None and len(_WESTERN.findall(text)) == _beyond(text) <= _SHARE_WESTERN * len(text):
        return "cp1252"
    for japanese in ("cp932", "euc_jp"):
        text = _strict(sample, japanese)
        if text is not None and len(_KANA.findall(text)) > _SHARE_KANA * _beyond(text):
            return japanese
    best = charset_normalizer.from_bytes(sample).best()
    charset = _codec(best.encoding) if best else ""
    return charset or "cp1252"


def _sample(body: bytes) -> bytes:
    """The beginning, cut behind a blank: no charset has one inside a letter."""
    if len(body) <= _SAMPLE:
        return body
    end = max(body.rfind(b" ", 0, _SAMPLE), body.rfind(b"\n", 0, _SAMPLE))
    return body[: end if end > 0 else _SAMPLE]
