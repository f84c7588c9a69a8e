"""A look at a database that changes nothing: neither made nor brought up to date."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from stemwatch.errors import StemwatchError
from stemwatch.store.database import moment
from stemwatch.store.schema import STEPS


class Peek(msgspec.Struct, frozen=True):
    """Steps that wait, steps that a newer Stemwatch took, and when the newest run began."""

    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    last_started_at: datetime | None


def peek(path: Path) -> Peek:
    """StemwatchError when it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'stemwatch'"
            done = [name for (name,) in database.execute(sql)]
            newest = database.execute("SELECT max(started_at) FROM runs").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise StemwatchError(f"{path} cannot be opened: {error}. Look at its disk and permissions.") from None
    except sqlite3.Error as error:
        raise StemwatchError(f"{path} cannot be read: {error}. Restore a backup, or move it away.") from None
    pending = tuple(name for name in STEPS if name not in done)
    return Peek(pending, tuple(name for name in done if name not in STEPS), moment(newest))


def engine() -> tuple[str, bool]:
    """SQLite's version, and whether it can search (FTS5)."""
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("CREATE VIRTUAL TABLE probe USING fts5 (word)")
        except sqlite3.OperationalError:
            return sqlite3.sqlite_version, False
    return sqlite3.sqlite_version, True
