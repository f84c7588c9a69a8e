"""What one run did to notices that were known before, gathered so that one notice has one `edited` a run."""

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Literal

import msgspec
from sqlite_utils import Database

from stemwatch.store.database import stamp
from stemwatch.views import FieldChange
from stemwatch.words import Cause, Role, Verb

_CHANGE = """INSERT INTO changes (notice, run, verb, cause, detected_at, edited, related, matched_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""


class Superseded(msgspec.Struct, frozen=True):
    """The words that an edit replaced, kept so that the difference can be shown."""

    role: Role | Literal["list"]
    fields: dict[str, str]
    text: str


class Entry(msgspec.Struct):
    """Everything that one run did to one notice."""

    verbs: list[Verb] = []
    edited: list[FieldChange] = []
    old: list[Superseded] = []
    cause: Cause = "source"


class Journal:
    """Collects entries and writes them as changes; counts them by verb.

    Until a source's first good run (`baseline`) nothing is told of notices: what moves then is still the first
    look. `cause` is what moves unless something else is said.
    """

    def __init__(
        self, db: Database, run: str, detected_at: datetime, *, baseline: bool, cause: Cause = "source"
    ) -> None:
        self.db = db
        self.cause = cause
        self.run = run
        self.baseline = baseline
        self.at = stamp(detected_at)
        self.counts: dict[str, int] = {}
        self._entries: dict[int, Entry] = {}

    def note(self, notice: int, verbs: Iterable[Verb], *, cause: Cause | None = None) -> Entry:
        """Add verbs to the notice's entry; an edit that the source made outweighs one of ours."""
        if self.baseline:
            return Entry()
        cause = cause or self.cause
        entry = self._entries.setdefault(notice, Entry(cause=cause))
        if cause == "source":
            entry.cause = cause
        for verb in verbs:
            if verb == "edited" and "relisted" in entry.verbs:
                continue
            if verb not in entry.verbs:
                entry.verbs.append(verb)
        return entry

    def write(self) -> None:
        """Write every entry as changes, the new notices first, the others in the order in which they came."""
        self._write_new("baseline" if self.baseline else "added")
        for notice, entry in sorted(self._entries.items(), key=itemgetter(0)):
            for verb in entry.verbs:
                self._write_verb(notice, verb, entry)

    def _write_verb(self, notice: int, verb: Verb, entry: Entry) -> None:
        tells_edits = verb in ("edited", "relisted")
        change = self.insert(notice, verb, entry.cause, entry.edited if tells_edits else ())
        if tells_edits:
            self.db.conn.executemany(
                "INSERT INTO versions (change, notice, role, fields, text) VALUES (?, ?, ?, ?, ?)",
                [(change, notice, old.role, _json(old.fields), old.text) for old in entry.old],
            )

    def _write_new(self, verb: Verb) -> None:
        """Call every fresh notice `verb`, by one statement. A baseline is silent.

        What is already closed out when it is first listed was closed out as well: FDA does both on one day.
        """
        self._write_fresh(verb, "1 = 1")
        if verb != "baseline":
            self._write_fresh("closed_out", "n.closed_out_on IS NOT NULL OR n.closed_by IS NOT NULL")
            self._write_fresh("responded", "n.responded_on IS NOT NULL")

    def _write_fresh(self, verb: Verb, where: str) -> None:
        cursor = self.db.conn.execute(
            f"""INSERT INTO changes (notice, run, verb, cause, detected_at, matched_at)
                SELECT f.notice, ?, ?, f.cause, ?, CASE WHEN ? = 'baseline' OR f.cause <> 'source' THEN ? END
                FROM fresh f CROSS JOIN notices n ON n.id = f.notice
                WHERE {where} ORDER BY f.notice""",
            (self.run, verb, self.at, verb, self.at),
        )
        if cursor.rowcount > 0:
            self.counts[verb] = self.counts.get(verb, 0) + cursor.rowcount

    def insert(
        self,
        notice: int,
        verb: Verb,
        cause: Cause = "source",
        edited: Iterable[FieldChange] = (),
        related: int | None = None,
    ) -> int:
        """One change. What is silent by rule (a baseline, our own re-reading) counts as matched at once."""
        silent = self.at if verb == "baseline" or cause != "source" else None
        row = (notice, self.run, verb, cause, self.at, _json(list(edited)), related, silent)
        self.counts[verb] = self.counts.get(verb, 0) + 1
        return int(self.db.conn.execute(_CHANGE, row).lastrowid or 0)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
