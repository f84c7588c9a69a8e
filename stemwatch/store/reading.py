"""A store for readers: it cannot write, and it does not read for ever."""

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.store.store import Store

_STEPS = 20_000
"""Steps of SQLite between two looks at the clock: a few milliseconds."""
Thing = TypeVar("Thing")


class _Rows(Database):
    """Asks without a savepoint around each question: nothing that is asked here can write."""

    def query(
        self, sql: str, params: Sequence[Any] | dict[str, Any] | None = None
    ) -> Generator[dict[Any, Any], None, None]:
        cursor = self.conn.execute(sql, params or ())
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)


class Reader(Store):
    """The store `home` for one reading thread at a time; a write through it fails."""

    def __init__(self, home: Path, sources: Mapping[str, Source]) -> None:
        super().__init__(home, sources, any_thread=True)
        self.db.execute("PRAGMA query_only = ON")
        self.db = _Rows(self.db.conn)
        self._kept: dict[str, Any] = {}
        self._kept_for = -1

    @property
    def version(self) -> int:
        """Another number whenever another connection has written; only numbers of the same reader compare."""
        return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """One state of the data is read within; TimeoutError when that takes more than `seconds`."""
        end = monotonic() + seconds
        self.db.conn.set_progress_handler(lambda: int(monotonic() > end), _STEPS)
        try:
            with self.snapshot():
                yield
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise TimeoutError from error
            raise
        finally:
            self.db.conn.set_progress_handler(None, 0)

    def once(self, name: str, read: Callable[[], Thing]) -> Thing:
        """What `read` gives, read once for each state of the data; `name` tells it from other things."""
        if self._kept_for != self.version:
            self._kept, self._kept_for = {}, self.version
        if name not in self._kept:
            self._kept[name] = read()
        thing: Thing = self._kept[name]
        return thing
