"""Which evidence may go: answers of lists on which nothing rests, from runs that changed nothing."""

from datetime import datetime

from sqlite_utils import Database

from stemwatch.store.database import stamp, writing

# What a notice, a page, or a change of either rests on stays, and so does every answer of a notice's own address.
_UNUSED = """
SELECT k.file FROM captures k JOIN runs r ON r.id = k.run GROUP BY k.file
HAVING max(r.finished_at) < ? AND NOT max(
    k.sha256 IN (SELECT capture FROM notices) OR k.sha256 IN (SELECT capture FROM pages)
    OR k.url IN (SELECT url FROM notices) OR k.url IN (SELECT url FROM pages)
    OR k.run IN (SELECT run FROM changes))
"""


def forget_unused(db: Database, before: datetime) -> int:
    """Forget evidence files that nothing rests on, of runs that ended before then; returns how many."""
    with writing(db):
        files = [file for (file,) in db.execute(_UNUSED, [stamp(before)])]
        db.conn.executemany("DELETE FROM captures WHERE file = ?", [(file,) for file in files])
    return len(files)


def cited(db: Database) -> set[str]:
    """Every evidence file that the database points at, relative to the data folder."""
    return {file for (file,) in db.execute("SELECT DISTINCT file FROM captures")}
