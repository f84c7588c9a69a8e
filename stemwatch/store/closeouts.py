"""A close-out letter that a list shows as a row of its own belongs to the letter it closes.

FDA gives close-out letters pages of their own under the same case number; a list that showed one must not make
it a new warning.
"""

from typing import Any

from sqlite_utils import Database

from stemwatch.changes import same_firm
from stemwatch.store.journal import Journal

CLOSEOUT = "closeout_letter"

_FRESH = """SELECT n.* FROM notices n JOIN fresh f ON f.notice = n.id
            WHERE n.kind = ? AND n.case_number <> ''"""
_CLOSED = """SELECT id, title, closed_out_on FROM notices
             WHERE source = ? AND case_number = ? AND kind <> ? ORDER BY id DESC"""


def file_close_outs(db: Database, source: str, journal: Journal) -> None:
    """Turn fresh close-out letters into `closed_out` changes of the letters they close."""
    for row in list(db.query(_FRESH, [CLOSEOUT])):
        letters = db.query(_CLOSED, [source, row["case_number"], CLOSEOUT])
        letter = next((found for found in letters if same_firm(found["title"], row["title"])), None)
        if letter is not None:
            _file(db, row, letter, journal)


def _file(db: Database, row: dict[str, Any], letter: dict[str, Any], journal: Journal) -> None:
    db.execute("DELETE FROM fresh WHERE notice = ?", [row["id"]])
    if letter["closed_out_on"] is None:
        db.execute(
            "UPDATE notices SET closed_out_on = ?, closed_out_url = ? WHERE id = ?",
            [row["posted_on"], row["url"], letter["id"]],
        )
        journal.note(letter["id"], ["closed_out"])
