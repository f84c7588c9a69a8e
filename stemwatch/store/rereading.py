"""Applying what today's parsers make of stored evidence: changes of the cause `parser`, of which nobody is told.

What the regulator's site says now is not known from it: nothing is listed again, missed, or counted as looked at.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.bundle import Bundle
from stemwatch.changes import compare
from stemwatch.records import Capture, Listed, Source
from stemwatch.rereading import Stored, StoredList, StoredPage
from stemwatch.store.clinics.relinking import relink_touched
from stemwatch.store.closeouts import tie_close_outs
from stemwatch.store.database import moment, writing
from stemwatch.store.dossiers import text_diff
from stemwatch.store.events import retie_touched
from stemwatch.store.journal import Journal, Superseded
from stemwatch.store.notice_rows import (
    LISTED_COLUMNS,
    as_listed,
    insert,
    listed_values,
    stored,
    with_page_days,
)
from stemwatch.store.pages import reread_pages
from stemwatch.store.rejudge import refresh_touched
from stemwatch.store.runs import insert_run
from stemwatch.store.staging import Staged, touch
from stemwatch.store.views import CHANGE_SQL, edits
from stemwatch.views import FieldChange, RereadChange, RereadView

_LISTS = """
SELECT DISTINCT c.run, c.file, r.started_at FROM captures c JOIN runs r ON r.id = c.run
WHERE r.source = :source AND c.sha256 IN (
    SELECT capture FROM notices WHERE source = :source
    UNION SELECT p.capture FROM pages p JOIN notices n ON n.id = p.notice WHERE n.source = :source AND :bodies)
ORDER BY r.started_at, c.run
"""
_PAGES = """
SELECT n.key, p.role, p.url, p.read_at, p.fingerprint, p.capture AS sha256,
       c.file, c.url AS asked, c.fetched_at, c.status, c.offset, c.length
FROM pages p JOIN notices n ON n.id = p.notice LEFT JOIN captures c ON c.sha256 = p.capture
WHERE n.source = ? AND p.read_at IS NOT NULL GROUP BY p.id ORDER BY p.id
"""
_OTHERWISE = """SELECT n.*, s.line FROM staged_list s JOIN notices n ON n.source = ? AND n.key = s.key
                WHERE s.line IS NOT NULL"""
_assignments = ", ".join(f"{column} = ?" for column in LISTED_COLUMNS)


def stored_evidence(db: Database, source: Source) -> Stored:
    """What is stored of a source and where it rests on."""
    rows = db.query("SELECT * FROM notices WHERE source = ?", [source.name])
    lists = db.query(_LISTS, {"source": source.name, "bodies": source.pages == "none"})
    return Stored(
        source=source.name,
        rows={row["key"]: msgspec.structs.replace(as_listed(row), capture=row["capture"]) for row in rows},
        lists=tuple(msgspec.convert(row, StoredList, strict=False) for row in lists),
        pages=tuple(map(_page, db.query(_PAGES, [source.name]))),
    )


def _page(row: dict[str, Any]) -> StoredPage:
    read = moment(row["read_at"])
    assert read is not None
    return StoredPage(
        **{name: row[name] for name in ("key", "role", "url", "sha256", "fingerprint")},
        read_at=read,
        file=row["file"] or "",
        capture=_capture(row) if row["file"] else None,
    )


def _capture(row: dict[str, Any]) -> Capture:
    fetched = moment(row["fetched_at"])
    assert fetched is not None
    taken = {name: row[name] for name in ("sha256", "status", "offset", "length")}
    return Capture(url=row["asked"], fetched_at=fetched, **taken)


class Undone(Exception):
    """Raised to leave the transaction without a trace."""


def apply_reread(db: Database, bundle: Bundle, source: Source, *, now: datetime, keep: bool) -> RereadView:
    """What today's parsers read otherwise; written to the database when it is to be kept, and only then."""
    view = None
    try:
        with writing(db):
            view = Rereading(db, bundle, source, now).write()
            if not keep:
                raise Undone
    except Undone:
        pass
    assert view is not None
    return view


class Rereading:
    """One bundle of what was read again, on its way into the database."""

    def __init__(self, db: Database, bundle: Bundle, source: Source, now: datetime) -> None:
        self.db = db
        self.bundle = bundle
        self.report = bundle.report
        self.source = source
        self.now = now
        self.journal = Journal(db, self.report.run, now, baseline=False, cause="parser")

    def write(self) -> RereadView:
        """Everything, inside the caller's transaction. A reading that changes nothing leaves no run."""
        staged = Staged(self.db, self.bundle)
        reason = "Stored evidence was read again."
        insert_run(self.db, self.report, verdict="ok", reason=reason, applied_at=self.now)
        for listed in staged.new():
            notice = insert(self.db, self.source.name, listed, run=self.journal.run, at=self.journal.at)
            self.db.conn.execute("INSERT INTO fresh VALUES (?, 'parser')", (notice,))
            touch(self.db, notice)
        for row in list(self.db.query(_OTHERWISE, [self.source.name])):
            self._compare(row, msgspec.json.decode(row.pop("line"), type=Listed))
        reread_pages(self.db, staged, self.journal, self.report.revision)
        tie_close_outs(self.db, self.source.name, self.journal)
        self.journal.write()
        refresh_touched(self.db)
        retie_touched(self.db, relink_touched(self.db, {self.source.name: self.source.language}))
        return self._close(staged)

    def _compare(self, row: dict[str, Any], listed: Listed) -> None:
        before = msgspec.structs.replace(stored(row), status="listed", doubted=False)
        difference = compare(before, listed, trusted=True)
        moved = [FieldChange(field="url", old=row["url"], new=listed.url)] if row["url"] != listed.url else []
        if edited := [*difference.edited, *moved]:
            event = self.journal.note(row["id"], ["edited"])
            event.edited.extend(edited)
            event.old.append(Superseded("list", {edit.field: edit.old for edit in edited}, ""))
        self.journal.note(row["id"], [verb for verb in difference.verbs if verb != "edited"])
        values = listed_values(with_page_days(listed, row))
        self.db.conn.execute(f"UPDATE notices SET {_assignments} WHERE id = ?", (*values, row["id"]))
        touch(self.db, row["id"])

    def _close(self, staged: Staged) -> RereadView:
        unread = tuple(f"{look.key}: {look.why}" for look in staged.looks if look.outcome == "failed")
        changes = tuple(self._changes())
        counts = msgspec.json.encode(self.journal.counts).decode()
        self.db.execute("UPDATE runs SET verbs = ? WHERE id = ?", [counts, self.report.run])
        if not changes:
            self.db.execute("DELETE FROM runs WHERE id = ?", [self.report.run])
        if not unread:
            # What the site shows next is compared with what the same parser read.
            sql = "UPDATE sources SET revision = ? WHERE name = ? AND revision > 0"
            self.db.execute(sql, [self.report.revision, self.source.name])
        return RereadView(
            source=self.source.name,
            notices=self.report.seen,
            pages=self.report.details_read,
            changes=changes,
            unread=unread,
        )

    def _changes(self) -> Iterator[RereadChange]:
        for row in list(self.db.query(f"{CHANGE_SQL} WHERE c.run = ? ORDER BY c.id", [self.report.run])):
            yield RereadChange(
                source=row["source"],
                notice=row["notice"],
                verb=row["verb"],
                cause=row["cause"],
                edited=edits(row["edited"]),
                diff=text_diff(self.db, row["change"], row["notice_id"]),
            )
