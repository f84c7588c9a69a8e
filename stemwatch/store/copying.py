"""The database as one file that can be carried away, and made ready to go on from."""

import sqlite3
from contextlib import closing
from pathlib import Path

from stemwatch.errors import StemwatchError

LEAP = 1_000_000
"""How far numbers jump when a copy takes the place of what it was taken from."""


def copy_database(path: Path, target: Path) -> None:
    """One state of the database at `path`, written to `target` while others go on writing.

    StemwatchError when there is none, or when the copy is not sound: a backup must not hide damage.
    """
    try:
        with closing(_read_only(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)  # in one step: with several, each write of others would begin it anew
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
            finding = " ".join(copy.execute("PRAGMA integrity_check(1)").fetchone()[0].split())
    except sqlite3.Error as error:
        raise StemwatchError(f"The database {path} cannot be copied: {error}.") from error
    if finding != "ok":
        raise StemwatchError(f"The database {path} is damaged: {finding}. Restore a backup of before.")


def evidence_of(path: Path) -> list[str]:
    """The evidence files that a copied database points at, relative to the data folder."""
    with closing(_read_only(path)) as database:
        return [file for (file,) in database.execute("SELECT DISTINCT file FROM captures ORDER BY file")]


def leap(path: Path) -> None:
    """Let new changes, deliveries and decisions be numbered far above all that were ever given out.

    What happened after a copy was taken is not in it, but people and receivers know the numbers of that time, as
    cursors and idempotency keys: given out again for something else, they would mislead.
    """
    with closing(sqlite3.connect(path)) as database, database:
        numbered = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '% AUTOINCREMENT%'"
        for (table,) in database.execute(numbered).fetchall():
            used = database.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone() or (0,)
            database.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
            database.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, used[0] + LEAP])


def settle_log(path: Path) -> None:
    """Bring what lies in the log beside a database into it, as far as it can be read at all."""
    with closing(sqlite3.connect(path)) as database:
        try:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError:
            return


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
