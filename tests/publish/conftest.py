"""Sample notices and changes with the words of strangers in them, and an export of them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from publish.release import Release, write_release
from stemwatch.decisions import Decision
from stemwatch.relevance import Reason, Relevance
from stemwatch.views import ChangeView, FieldChange, NoticeView, SourceView

NOW = datetime(2026, 1, 27, 23, 30, tzinfo=UTC)
FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1", "\ufeff@a"),
    *("＝1", "＋1", "－1", "＠a", " ＝1", "﹢1"),
)
HOSTILE = (
    *FORMULAS,
    "'=1+1",
    "''",
    "<script>alert(1)</script>",
    'quote " comma , semicolon ; pipe |',
    "two\nlines",
    "two\r\nlines",
    "control \x01\x07\x1b[31m and \u2028 and \x85",
    "\u202etxt.exe\u2066 clinic",
    "NA",
    "null",
    "007",
    "x" * 20_000,
)
RELEVANCE = Relevance(
    label="relevant",
    score=0.9,
    reasons=(Reason(phrase="umbilical cord", field="subject", why="names a product"),),
    products=("umbilical_cord", "exosome"),
)
SOURCE = SourceView(
    source="us_fda_warning_letters",
    title="Warning letters",
    regulator="FDA",
    jurisdiction="US",
    language="en",
    list="complete",
    verdict="blocked",
    verdict_since=datetime(2026, 1, 27, 6, 0, tzinfo=UTC),
    reason="the site answered with an apology page",
    last_ok_at=datetime(2026, 1, 26, 6, 0, tzinfo=UTC),
    newest_on=date(2026, 1, 20),
    notices=3277,
    due_at=None,
)


def notice(key: str, title: str = "Example Biologics, Inc.", **other: Any) -> NoticeView:
    values: dict[str, Any] = {
        "notice": f"us_fda_warning_letters/{key}",
        "source": "us_fda_warning_letters",
        "key": key,
        "url": f"https://www.fda.gov/warning-letters/{key}",
        "kind": "warning_letter",
        "title": title,
        "posted_on": date(2026, 1, 20),
        "issued_on": None,
        "regulator": "FDA",
        "jurisdiction": "US",
        "language": "en",
        "stage": "issued",
        "status": "listed",
        "absent_since": None,
        "reissued_as": None,
        "case_number": "",
        "closed_out_on": None,
        "closed_out_url": "",
        "responded_on": None,
        "responded_url": "",
        "relevance": RELEVANCE,
        "products": RELEVANCE.products,
        "clinics": (),
        "fields": {"subject": "Deviations", "office": "Center for Biologics"},
        "first_seen_at": datetime(2026, 1, 20, 6, 30, tzinfo=UTC),
        "page_read_at": None,
        "event": None,
    }
    return NoticeView(**values | other)


def change(number: int, about: NoticeView, **other: Any) -> ChangeView:
    values: dict[str, Any] = {
        "change": number,
        "notice": about.notice,
        "source": about.source,
        "verb": "added",
        "cause": "source",
        "detected_at": datetime(2026, 1, 20, 6, 30, 1, 500_000, tzinfo=UTC),
        "posted_on": about.posted_on,
        "issued_on": about.issued_on,
        "title": about.title,
        "url": about.url,
        "relevance": about.relevance,
        "reasons": about.relevance.reasons,
        "clinics": about.clinics,
        "edited": (),
        "related": None,
        "late": False,
    }
    return ChangeView(**values | other)


def hostile_notices() -> list[NoticeView]:
    views = [
        notice(f"{number:03}", text, case_number=text, clinics=(text,), fields={"subject": text, "office": text})
        for number, text in enumerate(HOSTILE)
    ]
    unread = Relevance(label="unrelated", score=0.0)
    return [*views, notice("900", relevance=unread, products=(), fields={})]


def hostile_changes() -> list[ChangeView]:
    views = [
        change(n, about, edited=(FieldChange(field="title", old=about.title, new=""),), late=n % 2 == 0)
        for n, about in enumerate(hostile_notices(), 1)
    ]
    return [*views, change(900, notice("000"), verb="reissued", related="us_fda_warning_letters/001")]


def hostile_labels() -> list[Decision]:
    views = hostile_notices()
    return [
        Decision(notice=view.notice, label="unrelated", why=view.title or "none", decided_at=NOW)
        for view in views[:9]
    ]


class Export:
    """One call of `write_release` with the samples, changed by what a test wants otherwise."""

    now = NOW
    source = SOURCE
    notice = staticmethod(notice)
    change = staticmethod(change)
    hostile_notices = staticmethod(hostile_notices)
    hostile_changes = staticmethod(hostile_changes)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[tuple[str, int]] = []

    def __call__(self, **other: Any) -> Release:
        views = hostile_notices()
        values: dict[str, Any] = {
            "notices": lambda: iter(views),
            "changes": hostile_changes,
            "labels": (lambda: ()) if "notices" in other else hostile_labels,
            "texts": lambda: ((view.notice, f"About {view.title}, with naïve exosomes.") for view in views[:-1]),
            "sources": [SOURCE],
            "now": NOW,
            "progress": lambda step, rows: self.steps.append((step, rows)),
        }
        return write_release(self.folder, **values | other)

    def into(self, folder: Path) -> "Export":
        return Export(folder)

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path / "releases")
