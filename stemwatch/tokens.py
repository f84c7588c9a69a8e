"""The words of a text as the search index sees them: SQLite's FTS5 tokenizer unicode61, in memory. Pure."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def tokens(text: str) -> list[str]:
    """The words in their order, folded: small letters, Latin ones without accents."""
    return text.translate(_table()).split()


@cache
def _table() -> dict[int, str]:
    """What becomes of a character; those that are not named stay as they are."""
    file = tomllib.loads(files("stemwatch").joinpath("unicode61.toml").read_text(encoding="utf-8"))
    table = dict.fromkeys(_codes(file["separators"]), " ")
    table.update(dict.fromkeys(_codes(file["marks"]), ""))
    table.update({ord(pair[0]): pair[1] for pair in file["folded"].split()})
    return table


def _codes(ranges: str) -> Iterator[int]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
