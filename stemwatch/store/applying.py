"""Applying a bundle: judge it, find the difference by sets, write everything in one transaction.

Nothing here decides what counts as a change: `health` judges the run, `changes` compares one notice.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.bundle import Bundle, UnusableBundle
from stemwatch.changes import compare
from stemwatch.health import Judgement, judge
from stemwatch.records import Capture, Listed, Source
from stemwatch.store.absences import Absences
from stemwatch.store.clinics.relinking import relink_touched
from stemwatch.store.closeouts import tie_close_outs
from stemwatch.store.database import stamp, writing
from stemwatch.store.events import retie_touched
from stemwatch.store.journal import Journal, Superseded
from stemwatch.store.knowing import save_lists
from stemwatch.store.notice_rows import (
    LISTED_AGAIN,
    LISTED_COLUMNS,
    insert,
    listed_values,
    stored,
    with_page_days,
)
from stemwatch.store.pages import apply_looks, apply_pages, match_again
from stemwatch.store.rejudge import refresh_touched
from stemwatch.store.runs import insert_run
from stemwatch.store.staging import Staged, touch
from stemwatch.views import RunView
from stemwatch.words import VERBS, Cause

EVIDENCE = "evidence"

_assignments = ", ".join(f"{column} = ?" for column in LISTED_COLUMNS)
# A day that the list gives takes the place of the page's.
_DAYS = "posted_by_page = posted_by_page AND ?, closed_by_page = closed_by_page AND ?"
_UPDATE = f"UPDATE notices SET {_assignments}, {_DAYS}, {LISTED_AGAIN} WHERE id = ?"
# What an untrusted run may do to a notice that is known: say for the first time that it was closed or answered.
_LIFE = f"""
UPDATE notices SET
    closed_out_url = CASE WHEN closed_out_on IS NULL THEN :closed_out_url ELSE closed_out_url END,
    closed_out_on = coalesce(closed_out_on, :closed_out_on),
    responded_url = CASE WHEN responded_on IS NULL THEN :responded_url ELSE responded_url END,
    responded_on = coalesce(responded_on, :responded_on),
    {LISTED_AGAIN}
WHERE id = :id
"""


class Application:
    """One bundle on its way into the database."""

    def __init__(self, db: Database, bundle: Bundle, source: Source, now: datetime) -> None:
        self.db = db
        self.report = bundle.report
        self.bundle = bundle
        self.source = source
        self.now = now
        self.journal = Journal(db, self.report.run, self.report.started_at, baseline=not self._baselined())
        self.cited: set[str] = set()
        self.last_ok_on = self._last_ok_on()

    def write(self) -> None:
        """Everything, inside the caller's transaction."""
        staged = Staged(self.db, self.bundle)
        self.captures = staged.captures
        judgement = self._judge(staged)
        older = self._older_than_applied()
        trusted = judgement.trusted and not older
        insert_run(self.db, self.report, verdict=judgement.verdict, reason=judgement.reason, applied_at=self.now)
        self.db.execute("INSERT OR IGNORE INTO sources (name) VALUES (?)", [self.source.name])
        self._insert_new(staged)
        if not older:
            self._compare(staged, trusted)
        self.cited |= apply_pages(self.db, staged, self.journal, self.report.revision, trusted)
        if not older:
            apply_looks(self.db, staged)
            absences = Absences(self.db, self.source, self.journal, staged.looks)
            self.cited |= absences.settle(trusted and not self.report.unchanged)
        tie_close_outs(self.db, self.source.name, self.journal)
        self.journal.write()
        refresh_touched(self.db)
        retie_touched(self.db, relink_touched(self.db, {self.source.name: self.source.language}))
        self._keep_captures()
        self._close(judgement, trusted)

    def _judge(self, staged: Staged) -> Judgement:
        size = self.db.execute(
            "SELECT count(*) FROM notices WHERE source = ? AND status = 'listed'", [self.source.name]
        ).fetchone()[0]
        # What fell out of a window stays listed with us, so our count says nothing of the window's size.
        comparable = self._baselined() and self.source.list == "complete"
        differing = staged.count_different() if self._cause() == "source" else 0
        expected = self.source.expectations
        window = self._baselined() and self.source.list == "window"
        return judge(
            self.report,
            expected,
            last_size=size if comparable else 0,
            differing=differing,
            compared=staged.count_known() if window else 0,
        )

    def _baselined(self) -> bool:
        """Whether the first good run is over; one that began before it belongs to it, however late it comes."""
        sql = "SELECT baselined_at FROM sources WHERE name = ?"
        row = self.db.execute(sql, [self.source.name]).fetchone()
        return row is not None and row[0] is not None and row[0] <= stamp(self.report.started_at)

    def _last_ok_on(self) -> str:
        """The day of the last good run; empty when there was none."""
        sql = "SELECT last_ok_at FROM sources WHERE name = ?"
        row = self.db.execute(sql, [self.source.name]).fetchone()
        return str(row[0])[:10] if row is not None and row[0] else ""

    def _older_than_applied(self) -> bool:
        """A bundle that comes in late may still add what nobody has seen, but it knows nothing newer."""
        sql = "SELECT last_started_at FROM sources WHERE name = ?"
        row = self.db.execute(sql, [self.source.name]).fetchone()
        return row is not None and row[0] is not None and row[0] > stamp(self.report.started_at)

    def _insert_new(self, staged: Staged) -> None:
        """Rows never seen before; what they are called is decided when the rest of the run is known."""
        for listed in staged.new():
            notice = insert(self.db, self.source.name, listed, run=self.journal.run, at=self.journal.at)
            self.cited.add(listed.capture)
            cause = "backfill" if listed.backfilled and not self._is_news(listed) else "source"
            self.db.conn.execute("INSERT INTO fresh VALUES (?, ?)", (notice, cause))
            touch(self.db, notice)

    def _is_news(self, listed: Listed) -> bool:
        """Whether what was found by looking back was published since the last good look."""
        return bool(listed.posted_on and self.last_ok_on and str(listed.posted_on) >= self.last_ok_on)

    def _compare(self, staged: Staged, trusted: bool) -> None:
        for row, listed in list(staged.different()):
            difference = compare(stored(row), listed, trusted=trusted)
            if difference.verbs:
                entry = self.journal.note(row["id"], difference.verbs, cause=self._cause())
                entry.edited.extend(difference.edited)
                if difference.edited:
                    old = {edit.field: edit.old for edit in difference.edited}
                    entry.old.append(Superseded("list", old, ""))
            self.cited.add(listed.capture)
            self._update(row, listed, trusted)
            if row["doubted"] and trusted:
                match_again(self.db, row["id"])

    def _cause(self) -> Cause:
        row = self.db.execute("SELECT revision FROM sources WHERE name = ?", [self.source.name]).fetchone()
        ours = row is not None and row[0] not in (0, self.report.revision)
        return "parser" if ours else "source"

    def _update(self, row: dict[str, Any], listed: Listed, trusted: bool) -> None:
        notice = row["id"]
        values = listed_values(with_page_days(listed, row))
        if trusted:
            lacking = (listed.posted_on is None, listed.closed_out_on is None)
            self.db.conn.execute(_UPDATE, (*values, *lacking, notice))
            touch(self.db, notice)
        else:
            self.db.conn.execute(_LIFE, {**dict(zip(LISTED_COLUMNS, values, strict=True)), "id": notice})

    def _keep_captures(self) -> None:
        """Index the captures that something stored rests on."""
        file = f"{EVIDENCE}/{self.report.run}.warc.gz"
        rows = [
            _capture_row(capture, self.report.run, file)
            for digest in sorted(self.cited & self.captures.keys())
            for capture in self.captures[digest]
        ]
        self.kept = len(rows)
        self.db.conn.executemany("INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _close(self, judgement: Judgement, trusted: bool) -> None:
        counts = msgspec.json.encode(self.journal.counts).decode()
        self.db.execute("UPDATE runs SET verbs = ? WHERE id = ?", [counts, self.report.run])
        if self._older_than_applied():
            return
        at = stamp(self.report.started_at)
        values = {
            "name": self.source.name,
            "at": at,
            "run": self.report.run,
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "ok": at if trusted else None,
            "revision": self.report.revision if trusted else None,
            "not_before": self._not_before(),
            "leftover": self._leftover(),
        }
        self.db.execute(_CLOSE, values)
        if trusted and not self.report.unchanged:
            save_lists(self.db, self.source.name, self.report.lists)

    def _leftover(self) -> str | None:
        """None where no row was looked at: what the list held before stands."""
        looked = self.report.seen and not self.report.unchanged
        return msgspec.json.encode(self.report.leftover).decode() if looked else None

    def _not_before(self) -> str | None:
        if not self.report.retry_after:
            return None
        until = self.report.finished_at.timestamp() + self.report.retry_after
        return stamp(datetime.fromtimestamp(until, tz=self.report.finished_at.tzinfo))


_CLOSE = """
UPDATE sources SET
    last_run = :run, last_started_at = :at, reason = :reason, not_before = :not_before,
    verdict_since = CASE WHEN verdict IS :verdict THEN verdict_since ELSE :at END,
    verdict = :verdict,
    last_ok_at = coalesce(:ok, last_ok_at),
    baselined_at = coalesce(baselined_at, :ok),
    leftover = coalesce(:leftover, leftover),
    revision = coalesce(:revision, revision)
WHERE name = :name
"""


def _capture_row(capture: Capture, run: str, file: str) -> tuple[object, ...]:
    return (
        capture.sha256,
        run,
        capture.url,
        stamp(capture.fetched_at),
        capture.status,
        file,
        capture.offset,
        capture.length,
    )


def apply_bundle(db: Database, bundle: Bundle, source: Source, *, home: Path, now: datetime) -> RunView:
    """Apply one bundle and return what it brought; a bundle applied before changes nothing."""
    report = bundle.report
    if report.reread:
        raise UnusableBundle(f"{bundle.path.name} holds evidence read again: `stemwatch reparse` does that here.")
    known = run_view(db, report.run)
    if known is not None:
        return known
    evidence = home / EVIDENCE / f"{report.run}.warc.gz"
    bundle.extract_captures(evidence)
    kept = 0
    try:
        with writing(db):
            if run_view(db, report.run) is None:
                application = Application(db, bundle, source, now)
                application.write()
                kept = application.kept
            else:  # another process was quicker
                kept = _captures_kept(db, report.run)
    finally:
        if not kept:
            evidence.unlink(missing_ok=True)
    view = run_view(db, report.run)
    assert view is not None
    return view


def _captures_kept(db: Database, run: str) -> int:
    return int(db.execute("SELECT count(*) FROM captures WHERE run = ?", [run]).fetchone()[0])


def run_view(db: Database, run: str) -> RunView | None:
    """The stored outcome of a run; None when it was never applied."""
    row = next(iter(db.query("SELECT * FROM runs WHERE id = ?", [run])), None)
    if row is None:
        return None
    counts = msgspec.json.decode(row["verbs"], type=dict[str, int])
    taken = ("source", "verdict", "reason", "seen", "details_read", "details_left", "requests", "seconds")
    fields: dict[str, Any] = {name: row[name] for name in taken}
    fields.update({verb: counts.get(verb, 0) for verb in VERBS})
    return RunView(run=row["id"], **fields)
