"""Opening the database, and its one way of writing."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from filelock import FileLock
from sqlite_utils import Database

from stemwatch.errors import StemwatchError
from stemwatch.store.schema import STEPS, migrations

BUSY_MS = 30_000
# Every word of a search index, for finding those that are spelt alike. It is a view that each connection makes.
_WORDS = "CREATE VIRTUAL TABLE temp.{}_words USING fts5vocab('main', '{}', 'row')"
LEAST_FREE = 1 << 20
_DONE = f"SELECT name FROM {migrations.migrations_table} WHERE migration_set = 'stemwatch'"


def open_database(path: Path, *, any_thread: bool = False) -> Database:
    """The database at `path`, created or brought up to date.

    StemwatchError when the folder cannot be written, the file is no database, or a newer Stemwatch made it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=not any_thread
        )
        db = Database(connection)
        # SQLite's own waiting does not cover the change to WAL, nor two processes that migrate at once.
        with FileLock(path.with_suffix(".lock"), timeout=BUSY_MS / 1000):
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
                db.execute(f"PRAGMA {pragma}")
            _refuse_newer(db, path)
            if migrations.pending(db):
                migrations.apply(db)
        for index in ("search", "name_search"):
            db.execute(_WORDS.format(index, index))
    except FileExistsError:
        raise StemwatchError(
            f"The data folder {path.parent} is not a folder. Set STEMWATCH_HOME to one that can be written."
        ) from None
    except (OSError, sqlite3.OperationalError) as error:
        raise StemwatchError(
            f"The data folder {path.parent} cannot be used: {_reason(error)}. {_way_out(path.parent)}"
        ) from None
    except sqlite3.DatabaseError as error:
        raise StemwatchError(
            f"{path} is not a sound database: {error}. Restore a backup, or move it away."
        ) from None
    return db


def _refuse_newer(db: Database, path: Path) -> None:
    done = {row[0] for row in db.execute(_DONE)} if migrations.migrations_table in db.table_names() else set()
    if unknown := sorted(done - set(STEPS)):
        raise StemwatchError(
            f"{path} was written by a newer Stemwatch (it has {unknown[0]}): upgrade Stemwatch to read it."
        )


def _reason(error: OSError | sqlite3.OperationalError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)


def _way_out(folder: Path) -> str:
    """SQLite calls it an I/O error when a full disk has no room for its log."""
    if folder.is_dir() and shutil.disk_usage(folder).free < LEAST_FREE:
        return "Its disk is full: make room."
    return "Set STEMWATCH_HOME to a folder that can be written."


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One transaction that writes, whole or not at all. StemwatchError when the disk is full or the lock taken.

    It takes the write lock at once: a read that is followed by a write would fail with SQLITE_BUSY_SNAPSHOT
    when another writer came in between, whatever the busy timeout. Inside another one it is a part of that.
    """
    if db.conn.in_transaction:
        yield
        return
    try:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.commit()
    except sqlite3.OperationalError as error:
        db.rollback()
        raise StemwatchError(
            f"The database could not be written: {error}. Nothing of this step was kept."
        ) from error
    except BaseException:
        db.rollback()
        raise


def stamp(moment: datetime) -> str:
    """A moment as it is stored: UTC, whole seconds, sortable as text."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
