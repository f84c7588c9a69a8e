"""The run table: one row for each bundle that was applied."""

from datetime import datetime

from sqlite_utils import Database

from stemwatch.bundle import Report
from stemwatch.store.database import stamp
from stemwatch.words import Verdict


def insert_run(db: Database, report: Report, *, verdict: Verdict, reason: str, applied_at: datetime) -> None:
    """The row of a run whose changes are still to be counted."""
    taken = ("revision", "seconds", "requests", "seen", "total", "details_read", "details_failed", "details_left")
    row = {
        "id": report.run,
        "source": report.source,
        "started_at": stamp(report.started_at),
        "finished_at": stamp(report.finished_at),
        "applied_at": stamp(applied_at),
        "verdict": verdict,
        "reason": reason,
        "verbs": "{}",
        **{name: getattr(report, name) for name in taken},
    }
    db.table("runs").insert(row)
