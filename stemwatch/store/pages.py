"""The pages of notices: read for the first time, read again, looked at in vain."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.changes import PageContent, compare_pages, of_page, without_moved
from stemwatch.records import Page
from stemwatch.store.database import stamp
from stemwatch.store.journal import Journal, Superseded
from stemwatch.store.staging import Staged, touch
from stemwatch.text import comparable
from stemwatch.views import FieldChange
from stemwatch.words import Cause

_FIND = """SELECT p.*, coalesce(t.body, '') AS body FROM pages p LEFT JOIN texts t ON t.page = p.id
           WHERE p.notice = ? AND p.role = ?"""
_SAVE = """
INSERT INTO pages (notice, role, url, label, fields, fingerprint, revision, etag, last_modified,
                   read_at, looked_at, capture)
VALUES (:notice, :role, :url, :label, :fields, :fingerprint, :revision, :etag, :last_modified,
        :at, :at, :capture)
ON CONFLICT (notice, role) DO UPDATE SET
    url = excluded.url, label = excluded.label, fields = excluded.fields, fingerprint = excluded.fingerprint,
    revision = excluded.revision, etag = excluded.etag, last_modified = excluded.last_modified,
    read_at = excluded.read_at, looked_at = excluded.looked_at, capture = excluded.capture,
    failures = 0, failure = ''
RETURNING id
"""
_SEEN = """UPDATE pages SET etag = ?, last_modified = ?, revision = ?, read_at = ?, looked_at = ?, failures = 0,
           failure = '' WHERE id = ?"""
_POSTED = """UPDATE notices SET posted_on = ?, posted_by_page = 1
             WHERE id = ? AND (posted_on IS NULL OR posted_by_page = 1)"""
_CLOSING = """SELECT closed_out_on, EXISTS (SELECT 1 FROM fresh WHERE notice = id) AS is_fresh
              FROM notices WHERE id = ?"""
_CLOSED = """UPDATE notices SET closed_out_on = :day, closed_by_page = :day IS NOT NULL
             WHERE id = :notice AND (closed_out_on IS NULL OR closed_by_page = 1)"""
_UNCHANGED = """UPDATE pages SET looked_at = ?, failures = 0, failure = ''
                WHERE role = ? AND notice = (SELECT id FROM notices WHERE source = ? AND key = ?)"""
_FAILED = """
INSERT INTO pages (notice, role, url, looked_at, failures, failure)
SELECT id, ?, ?, ?, 1, ? FROM notices WHERE source = ? AND key = ?
ON CONFLICT (notice, role) DO UPDATE SET
    looked_at = excluded.looked_at, failures = failures + 1, failure = excluded.failure
"""
_REREAD = "UPDATE pages SET label = ?, fields = ?, fingerprint = ?, revision = ? WHERE id = ?"
_REVISED = """UPDATE pages SET revision = ?
              WHERE role = ? AND notice = (SELECT id FROM notices WHERE source = ? AND key = ?)"""
_REMATCH = """UPDATE changes SET matched_at = NULL, late = 1
              WHERE notice = ? AND verb <> 'baseline' AND cause = 'source' AND matched_at IS NOT NULL"""


def apply_pages(db: Database, staged: Staged, journal: Journal, revision: int, trusted: bool) -> set[str]:
    """Store what was read; returns the digests of the captures that stored words rest on.

    An untrusted run may bring pages that were never read. An edit that it shows is left for a better run: the
    page keeps its old validators, so it will be sent again.
    """
    cited = set()
    for notice, page in staged.pages():
        row = next(iter(db.query(_FIND, [notice, page.role])), None)
        if row is None or row["read_at"] is None:
            _save(db, notice, page, revision)
            if page.role == "notice":
                _close(db, notice, page, journal, "backfill")
                match_again(db, notice)
            cited.add(page.capture)
        elif row["fingerprint"] == page.fingerprint:
            _seen(db, row["id"], page, revision)
        elif trusted:
            _edit(db, notice, row, page, revision, journal)
            cited.add(page.capture)
    return cited


def reread_pages(db: Database, staged: Staged, journal: Journal, revision: int) -> None:
    """Store what today's parser makes of pages that were read before. When they were read, and what the site said
    of their age, stays as it was."""
    for notice, page in staged.pages():
        row = next(iter(db.query(_FIND, [notice, page.role])))
        fields = msgspec.json.decode(row["fields"], type=dict[str, str])
        page = _without_told(db, notice, page, fields)
        edits = compare_pages(PageContent(label=row["label"], fields=fields, text=row["body"]), page)
        if page.role == "notice":
            _close(db, notice, page, journal, journal.cause)
        if edits:
            event = journal.note(notice, ["edited"])
            event.edited.extend(of_page(edit, page) for edit in edits)
            event.old.append(Superseded(page.role, fields, row["body"]))
        written = msgspec.json.encode(page.fields).decode()
        db.execute(_REREAD, [page.label, written, page.fingerprint, revision, row["id"]])
        _save_words(db, row["id"], notice, page)
    for look in staged.looks:
        if look.outcome == "unchanged":
            db.execute(_REVISED, [revision, look.role, staged.source, look.key])


def _without_told(db: Database, notice: int, page: Page, stored: dict[str, str]) -> Page:
    """A page less the fields that its list once said, and so were not taken from it when it was read."""
    told = {
        comparable(value)
        for (fields,) in db.execute("SELECT fields FROM versions WHERE notice = ? AND role = 'list'", [notice])
        for value in msgspec.json.decode(fields, type=dict[str, str]).values()
    }
    kept = {name: value for name, value in page.fields.items() if name in stored or comparable(value) not in told}
    return msgspec.structs.replace(page, fields=kept)


def match_again(db: Database, notice: int) -> None:
    """What was matched by less than is known now is matched again, and marked as late."""
    db.execute(_REMATCH, [notice])


def _edit(db: Database, notice: int, row: dict[str, Any], page: Page, revision: int, journal: Journal) -> None:
    fields = msgspec.json.decode(row["fields"], type=dict[str, str])
    old = PageContent(label=row["label"], fields=fields, text=row["body"])
    edits = _without_moved(db, notice, compare_pages(old, page))
    cause: Cause = "source" if row["revision"] == revision else "parser"
    if page.role == "notice":
        _close(db, notice, page, journal, cause)
    if edits:
        entry = journal.note(notice, ["edited"], cause=cause)
        entry.edited.extend(of_page(edit, page) for edit in edits)
        entry.old.append(Superseded(page.role, fields, row["body"]))
    _save(db, notice, page, revision)


def _without_moved(db: Database, notice: int, edits: Iterable[FieldChange]) -> list[FieldChange]:
    """Edits less those by which a page leaves a fact to the list, which until now could not be trusted with it."""
    row = next(iter(db.query("SELECT title, fields FROM notices WHERE id = ?", [notice])))
    listed = (row["title"], *msgspec.json.decode(row["fields"], type=dict[str, str]).values())
    return without_moved(edits, listed)


def _close(db: Database, notice: int, page: Page, journal: Journal, cause: Cause) -> None:
    """Take the day on which a page says that its notice was withdrawn. A notice that is new itself is told as
    closed out by the journal."""
    row = next(db.query(_CLOSING, [notice]))
    day = str(page.closed_out_on) if page.closed_out_on else None
    db.execute(_CLOSED, {"day": day, "notice": notice})
    if day and row["closed_out_on"] is None and not row["is_fresh"]:
        journal.note(notice, ["closed_out"], cause=cause)


def _save(db: Database, notice: int, page: Page, revision: int) -> None:
    values = {
        "notice": notice,
        "role": page.role,
        "url": page.url,
        "label": page.label,
        "fields": msgspec.json.encode(page.fields).decode(),
        "fingerprint": page.fingerprint,
        "revision": revision,
        "etag": page.etag,
        "last_modified": page.last_modified,
        "at": stamp(page.read_at),
        "capture": page.capture,
    }
    _save_words(db, db.conn.execute(_SAVE, values).fetchone()[0], notice, page)


def _save_words(db: Database, identity: int, notice: int, page: Page) -> None:
    db.conn.execute(
        "INSERT INTO texts VALUES (?, ?) ON CONFLICT (page) DO UPDATE SET body = excluded.body",
        (identity, page.text),
    )
    if page.kind and page.role == "notice":
        db.conn.execute("UPDATE notices SET kind = ? WHERE id = ?", (page.kind, notice))
    if page.posted_on and page.role == "notice":
        db.conn.execute(_POSTED, (str(page.posted_on), notice))
    touch(db, notice)


def _seen(db: Database, identity: int, page: Page, revision: int) -> None:
    at = stamp(page.read_at)
    db.conn.execute(_SEEN, (page.etag, page.last_modified, revision, at, at, identity))


def apply_looks(db: Database, staged: Staged) -> None:
    """Looks that brought no text: a 304 counts as a look, a failure puts the next try off."""
    for look in staged.looks:
        at = stamp(look.looked_at)
        if look.outcome == "unchanged":
            db.execute(_UNCHANGED, [at, look.role, staged.source, look.key])
        elif look.outcome == "failed":
            db.execute(_FAILED, [look.role, look.url, at, look.why, staged.source, look.key])
