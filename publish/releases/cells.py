"""CSV cells that no spreadsheet runs, and the way back.

A spreadsheet takes a cell for a formula when it begins with one of four signs, and a formula can fetch
addresses and start programs. The names and subjects in a release were written by strangers.
"""

import unicodedata

MARK_ABOUT = (
    "In the CSV files a leading apostrophe keeps a spreadsheet from running a cell as a formula; take one away "
    "to have the original text."
)
_MARK = "'"
_SIGNS = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")


def neutralise(text: str) -> str:
    """The text with an apostrophe before it, if a spreadsheet might run it or it begins with one itself."""
    if text[:1].isalnum():  # as nearly all are
        return text
    return _MARK + text if text.startswith(_MARK) or executable(text) else text


def restore(cell: str) -> str:
    """The text that `neutralise` was given: one leading apostrophe taken away."""
    return cell.removeprefix(_MARK)


def executable(text: str) -> bool:
    """Might a spreadsheet run it: a sign first, or a tab or line break, which importers strip or split at.

    Importers also strip blanks and invisible characters before they look, and some read the full-width and
    the small forms of the signs as the signs.
    """
    if not text or text[0].isalnum():
        return False
    if text[0] in _BREAKS:
        return True
    first = next((char for char in text if unicodedata.category(char)[0] not in "CZ"), "")
    return unicodedata.normalize("NFKC", first)[:1] in _SIGNS
