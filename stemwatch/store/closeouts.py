"""A close-out letter that a list shows as a row of its own belongs to the letter it closes.

FDA gives close-out letters pages of their own under the same case number; a list that showed one must not make
it a new warning. Its page tells it apart, perhaps in a later run than the list.
"""

from typing import Any

from sqlite_utils import Database

from stemwatch.changes import same_firm
from stemwatch.store.journal import Journal

CLOSEOUT = "closeout_letter"

_CLOSEOUTS = """SELECT n.id, n.title, n.case_number FROM touched t CROSS JOIN notices n ON n.id = t.notice
                WHERE n.kind = ? AND n.case_number <> ''"""
_LETTERS = """SELECT id, title, closed_out_on, id IN (SELECT notice FROM fresh) AS is_fresh FROM notices
              WHERE source = ? AND case_number = ? AND kind <> ? AND closed_by IS NULL ORDER BY id DESC"""


def tie_close_outs(db: Database, source: str, journal: Journal) -> None:
    """Tie each close-out letter just read to its letter, which is thereby closed out; it is no news itself."""
    for closeout in list(db.query(_CLOSEOUTS, [CLOSEOUT])):
        letters = db.query(_LETTERS, [source, closeout["case_number"], CLOSEOUT])
        letter = next((found for found in letters if same_firm(found["title"], closeout["title"])), None)
        if letter is not None:
            _tie(db, closeout["id"], letter, journal)


def _tie(db: Database, closeout: int, letter: dict[str, Any], journal: Journal) -> None:
    db.execute("UPDATE notices SET closed_by = ? WHERE id = ?", [closeout, letter["id"]])
    if not journal.baseline:
        db.execute("DELETE FROM fresh WHERE notice = ?", [closeout])
    if letter["closed_out_on"] is None and not letter["is_fresh"]:
        journal.note(letter["id"], ["closed_out"])
