"""Text as a reader sees it: two normal forms, one for keeping and one for comparing."""

import re
import unicodedata

# Soft hyphen, zero-width characters, direction marks, byte order mark: in the page, never seen.
_INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n\s*")
# C0/C1 controls except tab, line feed, carriage return and next line, which are white space.
_CONTROL = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
_CONTROLS = re.compile(f"[{_CONTROL}]")
_UNSEEN = re.compile(f"[{_CONTROL}{_INVISIBLE}]")


def without_controls(text: str, instead: str = "") -> str:
    """`text` with `instead` for each character that no page prints and that parsers stumble over."""
    return _CONTROLS.sub(instead, text)


def visible(text: str) -> str:
    """The characters that a reader sees, blanks and line ends as they are."""
    return _UNSEEN.sub("", text)


def clean(text: str) -> str:
    """One line for keeping: invisible characters gone, white space runs made one space, ends trimmed."""
    return " ".join(_UNSEEN.sub("", text).split())


def clean_lines(text: str) -> str:
    """Several lines for keeping: as `clean`, each paragraph on a line of its own, no empty lines."""
    text = _UNSEEN.sub("", text).replace("\r", "\n").replace("\x85", "\n")
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def comparable(text: str) -> str:
    """For comparing: compatibility forms, typographic quotes and dashes folded; letters and case kept."""
    if text.isascii():
        return clean(text.replace("`", "'"))
    # Folded before, too: the compatibility form of an acute accent is a blank and a combining mark.
    return clean(unicodedata.normalize("NFKC", text.translate(FOLDED)).translate(FOLDED))
