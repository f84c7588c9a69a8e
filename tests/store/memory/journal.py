"""What one run did to notices, gathered so that one notice has one `edited` a run, and written as changes."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from stemwatch.views import FieldChange
from stemwatch.words import Cause, Role, Verb
from tests.store.memory.tables import ChangeRow, NoticeRow, Tables, put


class Entry(msgspec.Struct):
    """Everything that one run did to one notice that was known before."""

    cause: Cause
    verbs: list[Verb] = []
    edited: list[FieldChange] = []
    replaced: list[tuple[Role, str]] = []


class Journal:
    """The changes of one run. `fresh` are the notices that it saw first, `touched` those to be judged anew."""

    def __init__(self, tables: Tables, run: str, at: datetime, *, baseline: bool) -> None:
        self.tables = tables
        self.run = run
        self.at = at
        self.baseline = baseline
        self.counts: Counter[Verb] = Counter()
        self.fresh: dict[int, Cause] = {}
        self.touched: set[int] = set()
        self._entries: dict[int, Entry] = {}

    def note(self, notice: int, verbs: Iterable[Verb], *, cause: Cause = "source") -> Entry:
        """Until the first good run nothing is told; an edit that the source made outweighs one of ours."""
        if self.baseline:
            return Entry(cause)
        entry = self._entries.setdefault(notice, Entry(cause))
        if cause == "source":
            entry.cause = cause
        for verb in verbs:
            if verb not in entry.verbs and not (verb == "edited" and "relisted" in entry.verbs):
                entry.verbs.append(verb)
        return entry

    def write(self) -> None:
        """The new notices first. What is closed out when it is first listed was closed out as well."""
        self._write_fresh("baseline" if self.baseline else "added", lambda row: True)
        if not self.baseline:
            self._write_fresh("closed_out", lambda row: bool(row.closed_out_on or row.closed_by))
            self._write_fresh("responded", lambda row: bool(row.listed.responded_on))
        for notice, entry in self._entries.items():
            for verb in entry.verbs:
                self._write(notice, verb, entry)

    def _write_fresh(self, verb: Verb, which: Callable[[NoticeRow], bool]) -> None:
        for notice, cause in sorted(self.fresh.items()):
            if which(self.tables.notices[notice]):
                self.insert(notice, verb, cause=cause)

    def _write(self, notice: int, verb: Verb, entry: Entry) -> None:
        if verb in ("edited", "relisted"):
            told = {"edited": tuple(entry.edited), "replaced": tuple(entry.replaced)}
            put(self.tables.changes, self.insert(notice, verb, cause=entry.cause), **told)
        else:
            self.insert(notice, verb, cause=entry.cause)

    def insert(self, notice: int, verb: Verb, *, cause: Cause = "source", related: int | None = None) -> int:
        """One change; returns its number. A baseline and our own reading count as matched at once."""
        number = len(self.tables.changes) + 1
        self.counts[verb] += 1
        self.tables.changes[number] = ChangeRow(
            number=number,
            notice=notice,
            run=self.run,
            verb=verb,
            cause=cause,
            detected_at=self.at,
            related=related,
            matched_at=self.at if verb == "baseline" or cause != "source" else None,
        )
        return number

    def match_again(self, notice: int) -> None:
        """What was matched by less than is known now is matched again, and marked as late."""
        for row in list(self.tables.changes.values()):
            told = row.verb != "baseline" and row.cause == "source" and row.matched_at
            if row.notice == notice and told:
                put(self.tables.changes, row.number, matched_at=None, late=True)
