"""A text falls into the same words in memory as in the search index."""

import sqlite3
import sys
from collections import defaultdict
from unicodedata import category

from stemwatch.tokens import tokens


def there_is(character: str) -> bool:
    """Whether Unicode gives it a meaning. Of the many without one, every seventeenth stands for the rest."""
    kind = category(character)
    return kind != "Cs" and (kind not in ("Cn", "Co") or ord(character) % 17 == 0)


def test_every_character_there_is_counts_as_in_the_index() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x, tokenize = 'unicode61 remove_diacritics 2')")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab (t, instance)")
    characters = [*filter(there_is, map(chr, range(1, sys.maxunicode + 1)))]
    blocks = [
        "".join(f"q{character}z\n" for character in characters[at : at + 256])
        for at in range(0, len(characters), 256)
    ]
    connection.executemany("INSERT INTO t (x) VALUES (?)", [(block,) for block in blocks])
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row, place, term in connection.execute("SELECT doc, offset, term FROM words"):
        found[row].append((place, term))
    connection.close()
    for row, block in enumerate(blocks, start=1):
        assert tokens(block) == [term for _, term in sorted(found[row])]
