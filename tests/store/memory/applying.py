"""A bundle on its way into the tables. `health` judges it and `changes` compares; here is only what is kept."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from stemwatch.assessing import Assessment, Document, assess
from stemwatch.bundle import Bundle
from stemwatch.changes import compare, same_firm
from stemwatch.health import Judgement, judge
from stemwatch.reading import ABSENCES
from stemwatch.records import Listed, Look, Page, Same, Source
from stemwatch.views import RunView
from stemwatch.words import VERBS, Cause
from tests.store.memory.journal import Journal
from tests.store.memory.pages import Pages
from tests.store.memory.tables import NoticeRow, SourceRow, Tables, put, whole
from tests.store.memory.views import as_stored

CLOSEOUT = "closeout_letter"
_LISTED_AGAIN: dict[str, Any] = {"status": "listed", "absent": 0, "absent_since": None, "reissued_as": None}
_REPORTED = ("source", "run", "seen", "details_read", "details_left", "requests", "seconds")


class Application:
    """One bundle, inside the caller's transaction."""

    def __init__(self, tables: Tables, bundle: Bundle, source: Source) -> None:
        self.tables = tables
        self.report = bundle.report
        self.source = source
        self.at = whole(self.report.started_at)
        self.state = tables.sources.get(source.name, SourceRow())
        self.older = self.state.last_started_at is not None and self.state.last_started_at > self.at
        self.baselined = self.state.baselined_at is not None and self.state.baselined_at <= self.at
        self.journal = Journal(tables, self.report.run, self.at, baseline=not self.baselined)
        self.rows: dict[str, Listed | Same] = {}
        self.pages: list[Page] = []
        self.looks: list[Look] = []
        self._load(bundle)

    def _load(self, bundle: Bundle) -> None:
        for record, _ in bundle.lines():
            match record:
                case Listed() | Same():
                    self.rows.pop(record.key, None)  # a key that the list shows twice keeps its last row
                    self.rows[record.key] = record
                case Page():
                    self.pages.append(record)
                case Look():
                    self.looks.append(record)

    def write(self) -> RunView:
        judgement = self._judge()
        trusted = judgement.trusted and not self.older
        self._insert_new()
        if not self.older:
            self._compare(trusted)
        pages = Pages(self.tables, self.journal, self.report)
        for number, page in self._known_pages():
            pages.apply(number, page, trusted)
        if not self.older:
            pages.look(self.source.name, self.looks)
            self._settle_absences(trusted and not self.report.unchanged)
        self._tie_close_outs()
        self.journal.write()
        for number in self.journal.touched:
            put(self.tables.notices, number, assessment=assessed(self.tables.notices[number]))
        self._close(judgement, trusted)
        said: dict[str, Any] = {name: getattr(self.report, name) for name in _REPORTED}
        said |= {verb: self.journal.counts[verb] for verb in VERBS}
        return RunView(verdict=judgement.verdict, reason=judgement.reason, **said)

    def _of_source(self) -> Iterator[NoticeRow]:
        return (row for row in list(self.tables.notices.values()) if row.source == self.source.name)

    def _stored(self, key: str) -> NoticeRow | None:
        number = self.tables.numbers.get(f"{self.source.name}/{key}")
        return None if number is None else self.tables.notices[number]

    def _known_pages(self) -> Iterator[tuple[int, Page]]:
        return ((row.number, page) for page in self.pages if (row := self._stored(page.key)))

    def _judge(self) -> Judgement:
        pairs = [(row, said) for key, said in self.rows.items() if (row := self._stored(key))]
        differing = sum(
            row.listed.fingerprint != said.fingerprint and not row.listed.doubtful for row, said in pairs
        )
        complete = self.source.list == "complete"
        size = sum(row.status == "listed" for row in self._of_source())
        return judge(
            self.report,
            self.source.expectations,
            last_size=size if self.baselined and complete else 0,
            differing=differing if self._cause() == "source" else 0,
            compared=len(pairs) if self.baselined and not complete else 0,
        )

    def _cause(self) -> Cause:
        return "source" if self.state.revision in (0, self.report.revision) else "parser"

    def _insert_new(self) -> None:
        """Rows never seen before; a list has its newest first."""
        for listed in reversed(self.rows.values()):
            if isinstance(listed, Listed) and self._stored(listed.key) is None:
                row = NoticeRow(
                    number=len(self.tables.notices) + 1,
                    source=self.source.name,
                    listed=listed,
                    kind=listed.kind,
                    first_run=self.report.run,
                    first_seen_at=self.at,
                )
                self.tables.notices[row.number] = row
                self.tables.numbers[row.name] = row.number
                self.journal.fresh[row.number] = (
                    "backfill" if listed.backfilled and not self._is_news(listed) else "source"
                )
                self.journal.touched.add(row.number)

    def _is_news(self, listed: Listed) -> bool:
        good = self.state.last_ok_at
        return bool(listed.posted_on and good and listed.posted_on >= good.date())

    def _compare(self, trusted: bool) -> None:
        for said in self.rows.values():
            row = self._stored(said.key)
            if row is None or not isinstance(said, Listed):
                continue
            if row.listed.fingerprint == said.fingerprint and row.status == "listed":
                continue
            difference = compare(as_stored(row), said, trusted=trusted)
            if difference.verbs:
                entry = self.journal.note(row.number, difference.verbs, cause=self._cause())
                entry.edited.extend(difference.edited)
            self._update(row, said, trusted)
            if row.listed.doubtful and trusted:
                self.journal.match_again(row.number)

    def _update(self, row: NoticeRow, said: Listed, trusted: bool) -> None:
        """An untrusted run may only say for the first time that a notice was closed or answered."""
        if trusted:
            self.journal.touched.add(row.number)
        else:
            life: dict[str, Any] = {}
            if row.closed_out_on is None:
                life |= {"closed_out_on": said.closed_out_on, "closed_out_url": said.closed_out_url}
            if row.listed.responded_on is None:
                life |= {"responded_on": said.responded_on, "responded_url": said.responded_url}
            said = msgspec.structs.replace(row.listed, **life)
        put(self.tables.notices, row.number, listed=said, **_LISTED_AGAIN)

    def _settle_absences(self, trusted: bool) -> None:
        for row in self._of_source():
            if row.absent and row.listed.key in self.rows:
                put(self.tables.notices, row.number, absent=0, absent_since=None)
        if trusted and self.source.list == "complete":
            told = [look for look in self.looks if look.role == "notice" and look.outcome in ("gone", "alive")]
            looks = {look.key: look for look in told}
            for row in self._of_source():
                if row.status == "listed" and row.listed.key not in self.rows:
                    self._count(row, looks.get(row.listed.key))

    def _count(self, row: NoticeRow, look: Look | None) -> None:
        since = row.absent_since or self.at.date()
        successor = self._successor(row) if look and look.outcome == "gone" else None
        if successor is not None:
            values = {"status": "reissued", "absent": 0, "reissued_as": successor}
            self.journal.fresh.pop(successor, None)
            self.journal.insert(successor, "reissued", related=row.number)
        elif look and row.absent + 1 >= ABSENCES:
            values = {"status": "delisted", "absent": row.absent + 1}
            self.journal.note(row.number, ["delisted"])
        else:
            values = {"absent": row.absent + 1}
        put(self.tables.notices, row.number, absent_since=since, **values)

    def _successor(self, old: NoticeRow) -> int | None:
        """The newest listed letter to the same firm in the same case that came in a later run."""
        later = (
            row
            for row in self._same_case(old)
            if row.number > old.number and row.first_run != old.first_run and row.status == "listed"
        )
        return next((row.number for row in later if row.listed.key in self.rows), None)

    def _same_case(self, of: NoticeRow) -> Iterable[NoticeRow]:
        """The notices of its case and firm, newest first."""
        case, title = of.listed.case_number, of.listed.title
        rows = [row for row in self._of_source() if row.listed.case_number == case != ""]
        return (row for row in reversed(rows) if same_firm(row.listed.title, title))

    def _tie_close_outs(self) -> None:
        for number in sorted(self.journal.touched):
            closeout = self.tables.notices[number]
            letters = (row for row in self._same_case(closeout) if row.kind != CLOSEOUT and row.closed_by is None)
            letter = next(letters, None) if closeout.kind == CLOSEOUT else None
            if letter is None:
                continue
            put(self.tables.notices, letter.number, closed_by=number)
            if self.baselined:
                self.journal.fresh.pop(number, None)
            if letter.closed_out_on is None and letter.number not in self.journal.fresh:
                self.journal.note(letter.number, ["closed_out"])

    def _close(self, judgement: Judgement, trusted: bool) -> None:
        state = self.state
        if not self.older:
            state = msgspec.structs.replace(state, last_started_at=self.at)
        if trusted:
            first = state.baselined_at or self.at
            state = msgspec.structs.replace(
                state, last_ok_at=self.at, baselined_at=first, revision=self.report.revision
            )
        if trusted and not self.report.unchanged:
            state = msgspec.structs.replace(state, lists=self.report.lists)
        self.tables.sources[self.source.name] = state


def assessed(row: NoticeRow) -> Assessment:
    """What list and page say of a notice, read by the lexicons."""
    page = row.pages["notice"].content if "notice" in row.pages else None
    words = {**(page.fields if page else {}), **row.listed.fields}
    fields = {**words, "title": row.listed.title, "text": page.text if page else ""}
    return assess(Document(fields=fields, kind=row.kind))
