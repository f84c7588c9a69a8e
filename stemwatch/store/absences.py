"""Absence from a list is a claim: it is counted over healthy runs, asked for at the source, and worded so."""

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from stemwatch.changes import same_firm
from stemwatch.reading import ABSENCES
from stemwatch.records import Look, Source
from stemwatch.store.journal import Journal

_MISSING = """
SELECT n.* FROM notices n LEFT JOIN staged_list s ON s.key = n.key
WHERE n.source = ? AND n.status = 'listed' AND s.key IS NULL
"""
_SUCCESSORS = """
SELECT n.id, n.title FROM notices n JOIN staged_list s ON s.key = n.key
WHERE n.source = ? AND n.case_number = ? AND n.id > ? AND n.first_run <> ? AND n.status = 'listed'
ORDER BY n.id DESC
"""


class Absences:
    """The notices that a complete list no longer shows."""

    def __init__(self, db: Database, source: Source, journal: Journal, looks: list[Look]) -> None:
        self.db = db
        self.source = source
        self.journal = journal
        self.looks = {
            look.key: look for look in looks if look.role == "notice" and look.outcome in ("gone", "alive")
        }
        self.cited: set[str] = set()

    def settle(self, trusted: bool) -> set[str]:
        """Forget the absences of what is back; in a trusted run count the others and say what they mean.

        Returns the digests of the captures that the changes rest on.
        """
        self._forget_returned()
        if trusted and self.source.list == "complete":
            for row in list(self._missing()):
                self._count(row)
        return self.cited

    def _forget_returned(self) -> None:
        self.db.execute(
            """UPDATE notices SET absent = 0, absent_since = NULL
               WHERE source = ? AND absent > 0 AND key IN (SELECT key FROM staged_list)""",
            [self.source.name],
        )

    def _missing(self) -> Iterator[dict[str, Any]]:
        return self.db.query(_MISSING, [self.source.name])

    def _count(self, row: dict[str, Any]) -> None:
        look = self.looks.get(row["key"])
        successor = self._successor(row) if look and look.outcome == "gone" else None
        since = row["absent_since"] or self.journal.at[:10]
        if look and successor:
            self._reissue(row["id"], successor, since, look)
        elif look and row["absent"] + 1 >= ABSENCES:
            self._update(row["id"], "delisted", row["absent"] + 1, since)
            self.journal.note(row["id"], ["delisted"])
            self.cited.add(look.capture)
        else:
            self._update(row["id"], "listed", row["absent"] + 1, since)

    def _successor(self, row: dict[str, Any]) -> int | None:
        """The notice that took this one's place: same case number and firm, first seen in a later run, listed."""
        if not row["case_number"]:
            return None
        found = self.db.query(_SUCCESSORS, [self.source.name, row["case_number"], row["id"], row["first_run"]])
        return next((later["id"] for later in found if same_firm(later["title"], row["title"])), None)

    def _reissue(self, old: int, new: int, since: str, look: Look) -> None:
        self._update(old, "reissued", 0, since)
        self.db.execute("UPDATE notices SET reissued_as = ? WHERE id = ?", [new, old])
        if not self.journal.baseline:
            self.db.execute("DELETE FROM fresh WHERE notice = ?", [new])
            self.journal.insert(new, "reissued", related=old)
        self.cited.add(look.capture)

    def _update(self, notice: int, status: str, absent: int, since: str) -> None:
        self.db.execute(
            "UPDATE notices SET status = ?, absent = ?, absent_since = ? WHERE id = ?",
            [status, absent, since, notice],
        )
