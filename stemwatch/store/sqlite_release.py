"""The SQLite file of a release, written once and never changed: the same rows give the same bytes.

Equal bytes need the same version of SQLite, which writes its number into the file.
"""

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database
from sqlite_utils.db import ForeignKey

from stemwatch.errors import StemwatchError
from stemwatch.shapes import Cell, Shape

# Nobody reads the file before it is whole, and a crash throws it away, so nothing has to survive one.
_PRAGMAS = """
PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
"""
_SEARCHED = ("title", "office", "subject", "text")
_TEXT_ROW = """
INSERT INTO texts
SELECT notice, title, json_extract(fields, '$.office'), json_extract(fields, '$.subject'), {text}
FROM notices WHERE {which}
"""
_ADD_TEXT = _TEXT_ROW.format(text="?", which="notice = ?")
_ADD_THE_REST = _TEXT_ROW.format(text="NULL", which="notice NOT IN (SELECT notice FROM texts) ORDER BY notice")
_ERRNO = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EROFS,
}


class ReleaseDatabase:
    """The file at `path`, there after `finish`; until then a working file lies beside it.

    A disk that is full or not writable raises OSError, as it does for every other file.
    """

    def __init__(self, path: Path, format_version: int) -> None:
        self._path = path
        self._working = path.with_name(path.name + ".working")
        with _disk_errors():
            self._db = Database(self._working, execute_plugins=False)
            self._db.executescript(_PRAGMAS)
            self._db.execute(f"PRAGMA user_version = {int(format_version)}")
        self._keys: dict[str, tuple[str, ...]] = {}
        self._indexes: dict[str, tuple[tuple[str, ...], ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._working.unlink(missing_ok=True)

    def insert(self, shape: Shape, rows: Iterable[tuple[Cell, ...]]) -> None:
        """Creates the table and fills it from a stream. What it references is inserted before it."""
        with _disk_errors(), self._db.atomic():
            self._create(shape)
            self._db.table(shape.name).insert_all(chain([tuple(shape.columns)], rows))

    def insert_texts(self, shape: Shape, texts: Iterable[tuple[str, str]]) -> None:
        """Fills the table `texts` from `notices` and the (notice, text) pairs.

        Its rows are numbered without a gap, so the VACUUM of any reader leaves the search index right.
        """
        with _disk_errors():
            self._create(shape)
            self._enable_search()
            with self._db.atomic():
                self._db.conn.executemany(_ADD_TEXT, ((text, notice) for notice, text in texts))
                self._db.execute(_ADD_THE_REST)

    def add_view(self, name: str, sql: str) -> None:
        with _disk_errors():
            self._db.create_view(name, sql)

    def finish(self) -> None:
        """Indexes, checks the references, and writes the file in its final, compact form."""
        with _disk_errors():
            for name, indexes in self._indexes.items():
                for columns in indexes:
                    self._db.table(name).create_index(columns)
            self._db.table("texts").populate_fts(_SEARCHED).optimize()
            self._check_references()
            self._db.execute("VACUUM INTO ?", [str(self._path)])

    def _enable_search(self) -> None:
        """The index is made while `texts` is empty, so that its growth can be set before it is filled.

        Gathering 32 MiB before each write and merging once at the end takes a third of the time that
        SQLite's defaults of 1 MiB and merging all along take (3.5 s to 11 s for 20,000 letters).
        """
        self._db.table("texts").enable_fts(_SEARCHED, tokenize="unicode61 remove_diacritics 2")
        with self._db.atomic():
            for setting in (("hashsize", 1 << 25), ("automerge", 0)):
                self._db.execute("INSERT INTO texts_fts (texts_fts, rank) VALUES (?, ?)", setting)

    def _create(self, shape: Shape) -> None:
        self._keys[shape.name] = shape.key
        foreign = [
            ForeignKey(shape.name, column, other, self._keys[other][0])
            for column, other in shape.references.items()
        ]
        filled = {column for column, other in shape.references.items() if other != shape.name}
        key = shape.key if len(shape.key) > 1 else shape.key[0]
        self._db.table(shape.name).create(
            shape.columns, pk=key, not_null={*shape.key, *filled}, foreign_keys=foreign
        )
        self._indexes[shape.name] = shape.indexes

    def _check_references(self) -> None:
        broken = self._db.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise StemwatchError(
                f"The release cannot be written: row {broken[1]} of {broken[0]} names one of {broken[2]} "
                "that is not there; `stemwatch verify` tells what is wrong with the database."
            )


@contextmanager
def _disk_errors() -> Iterator[None]:
    """SQLite's words for a full or unwritable disk as the OSError that a plain file would raise."""
    try:
        yield
    except sqlite3.OperationalError as error:
        number = _ERRNO.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if number is None:
            raise
        raise OSError(number, str(error)) from error
