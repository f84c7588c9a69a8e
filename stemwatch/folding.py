"""Text folded for finding phrases in it, with a way back to the characters that were stored.

Folded text is small letters without accents, digits and single blanks. Every other sign is a blank of its own, so
`stem-cell`, `stem/cell` and `stem cell` look alike, and so do all quotes. Compatibility forms are folded (NFKC),
invisible characters are gone, runs of white space are one blank. Where a script changes there is a blank, too
(`PRP療法`); white space between two Chinese or Japanese characters is none, for it only breaks a line.
"""

import codecs
import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

import msgspec

# Chinese characters and Japanese syllables: written without blanks between words.
HAN = (
    r"\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
HANGUL = r"\uac00-\ud7a3"
# Characters that belong to the one before them.
_MARKS = r"\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\uff9e\uff9f"
_UNSEEN = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
_UNSEEN += r"\ud800-\udfff\ufe00-\ufe0f\ufeff\ufffe\uffff"

# Letters that no compatibility form takes apart.
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i", "µ": "u"}
_SIGN, _BLANK, _LONG = b", \x00"


class Folded(msgspec.Struct, frozen=True, kw_only=True):
    """Folded text between two blanks. Without `starts` each character stands for the stored one before it."""

    text: str
    starts: tuple[int, ...] = ()
    stored: tuple[tuple[int, int, bool], ...] = ()
    """For each piece that begins at `starts`: where it lies in the stored text, and if character for character."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The stored place of a place in the folded text."""
        if not self.starts:
            return start - 1, end - 1
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        begin, _, even = self.stored[first]
        if even:
            begin += start - self.starts[first]
        before, finish, even = self.stored[last]
        if even:
            finish = before + end - self.starts[last]
        return begin, finish


def fold(text: str) -> Folded:
    """Folds a text; quickly where each character has one that it becomes, as in nearly every English page."""
    if quick := _quickly(text):
        return Folded(text=quick)
    return _piece_by_piece(text)


def folded_phrase(text: str) -> str:
    """A part of a phrase in the form in which it stands in folded texts; a blank before it is kept."""
    return " " * text.startswith(" ") + fold(text.strip()).text[1:-1]


@lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    """One character, with the marks that belong to it, as it stands in folded text."""
    text = unicodedata.normalize("NFKC", cluster).casefold()
    if text[:1] < "\u0370":
        text = "".join(
            letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
        )
    text = "".join(_LETTERS.get(letter, letter) for letter in text)
    if cluster[0].isalnum() or cluster[0] == "_":
        return text if text.replace("_", "x").isalnum() else " "
    return " "


def _byte(letter: str) -> int:
    """The character of the quick way: a small letter, a digit, a sign, a blank, or a mark that it is none."""
    if letter.isspace():
        return _BLANK
    if re.match(f"[{_UNSEEN}{_MARKS}]", letter):
        return _LONG
    folded = _folded(letter)
    if folded == " ":
        return _SIGN
    return ord(folded) if len(folded) == 1 and folded.isascii() else _LONG


_LATIN = bytes(_byte(chr(code)) for code in range(256))


@lru_cache(maxsize=4096)
def _run(letters: str) -> bytes:
    return bytes(map(_byte, letters))


def _stand_in(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    # A stand-in goes through the table as well, in which these signs are themselves.
    letters = error.object[error.start : error.end]
    return _run(letters) if len(letters) < 9 else bytes(map(_byte, letters)), error.end


codecs.register_error("stemwatch.folding", _stand_in)


def _quickly(text: str) -> str:
    """Empty when some character needs more than one, or none."""
    folded = text.encode("latin-1", "stemwatch.folding").translate(_LATIN)
    if b"\x00" in folded or b"  " in folded:
        return ""
    return f" {folded.replace(b',', b' ').decode('latin-1')} "


_PLAIN = "".join(
    re.escape(chr(code)) for code in range(256) if _LATIN[code] not in {_BLANK, _LONG} or chr(code) == "_"
)
_PIECES = re.compile(
    rf"(?P<latin>(?:[{_PLAIN}]+[ ])*[{_PLAIN}]+(?![{_MARKS}]))"
    rf"|(?P<han>[{HAN}]+(?![{_MARKS}]))"
    rf"|(?P<hangul>[{HANGUL}]+(?![{_MARKS}]))"
    rf"|(?P<blank>[\s{_UNSEEN}]+)"
    rf"|(?P<odd>.[{_MARKS}]*)"
)
_KINDS = re.compile(rf"(?P<blank> )|(?P<han>[{HAN}])|(?P<hangul>[{HANGUL}])|(?P<latin>.)")


def _kind(letter: str) -> str:
    found = _KINDS.match(letter)
    return found.lastgroup or "" if found else ""


class _Writing:
    """Folded pieces as they come. `white` says whether the last one was white space, not a sign."""

    def __init__(self) -> None:
        self.parts = [" "]
        self.starts: list[int] = [0]
        self.stored: list[tuple[int, int, bool]] = [(0, 0, False)]
        self.length = 1
        self.kind = "blank"
        self.white = True

    def add(self, text: str, start: int, end: int) -> None:
        """A piece; a blank before it where the script changes, none between lines of Chinese or Japanese."""
        first = _kind(text[0])
        if first != self.kind and "blank" not in {first, self.kind}:
            self._put(" ", start, start)
        elif first == "han" and self.parts[-1] == " " and self._broken_line():
            self._take_back()
        self._put(text, start, end)
        self.kind = _kind(text[-1])

    def _put(self, text: str, start: int, end: int) -> None:
        self.parts.append(text)
        self.starts.append(self.length)
        self.stored.append((start, end, end - start == len(text)))
        self.length += len(text)

    def _broken_line(self) -> bool:
        return self.white and len(self.parts) > 2 and _kind(self.parts[-2][-1]) == "han"

    def _take_back(self) -> None:
        self.parts.pop()
        self.starts.pop()
        self.stored.pop()
        self.length -= 1


def _piece_by_piece(text: str) -> Folded:
    writing = _Writing()
    for match in _PIECES.finditer(text):
        piece, kind = match.group(), match.lastgroup
        if kind == "blank":
            if not any(map(str.isspace, piece)):
                continue
            if not writing.white:
                writing.add(" ", match.start(), match.end())
                writing.white = True
            continue
        if kind == "latin":
            piece = piece.encode("latin-1").translate(_LATIN).replace(b",", b" ").decode("latin-1")
        elif kind == "odd":
            piece = _folded(piece)
        writing.add(piece, match.start(), match.end())
        writing.white = False
    writing.add(" ", len(text), len(text))
    return Folded(text="".join(writing.parts), starts=tuple(writing.starts), stored=tuple(writing.stored))
