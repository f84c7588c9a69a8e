"""A data folder with 100,000 notices, their pages, texts and evidence, for asking the site."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from bench.search_speed import NOTICES, fill, text
from bench.site_server import SOURCES
from spiders.registry import sources
from stemwatch.store import Store

_PAGES = """INSERT INTO pages (id, notice, role, url, label, read_at, looked_at, capture)
            SELECT id, id, 'notice', url, 'WARNING LETTER', first_seen_at, first_seen_at, printf('%064x', id)
            FROM notices"""
_CAPTURES = """INSERT INTO captures (sha256, run, url, fetched_at, status, file, offset, length)
               SELECT capture, (SELECT max(id) FROM runs), url, looked_at, 200, 'evidence/bench.warc.gz', id, 1000
               FROM pages"""
PARAGRAPHS = 6
"""Paragraphs of a page, each of 200 words: two printed sheets, as most letters have."""


def filled(home: Path) -> None:
    """Writes the data folder `home`: one letter in ten is relevant, all pages are read."""
    with Store(home, sources()) as store:
        fill(store, home.parent)
        store.db.execute("BEGIN")
        store.db.execute(_PAGES)
        store.db.execute(_CAPTURES)
        store.db.conn.executemany("INSERT INTO texts (page, body) VALUES (?, ?)", _texts(store))
        store.db.execute("UPDATE notices SET label = 'relevant', score = 0.9 WHERE id % 10 = 0")
        store.db.execute("COMMIT")
    (home / SOURCES).write_bytes(msgspec.json.encode(sources()))


def _texts(store: Store) -> Iterator[tuple[int, str]]:
    random = Random(2)
    some = ["\n".join(text(random) for _ in range(PARAGRAPHS)) for _ in range(200)]
    for (number,) in store.db.execute("SELECT id FROM notices").fetchall():
        yield number, some[number % len(some)]


def ids(home: Path, count: int) -> list[str]:
    """Notices spread over the whole, in an order of their own."""
    with Store(home, sources()) as store:
        rows = store.db.execute("SELECT source || '/' || key FROM notices").fetchall()
    found = [notice for (notice,) in rows]
    assert len(found) == NOTICES
    return Random(3).sample(found, count)
