"""Sample notices and changes with the words of strangers in them, and an export of them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from publish.releases.release import Content, Release, write_release
from stemwatch.dataset import CaptureRow, ClinicNameRow, ClinicRow, EvidenceRow, RelationRow, SourceRow
from stemwatch.decisions import Decision
from stemwatch.relevance import Reason, Relevance
from stemwatch.views import ChangeView, FieldChange, NoticeView

NOW = datetime(2026, 1, 27, 23, 30, tzinfo=UTC)
FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1", "\ufeff@a"),
    *("＝1", "＋1", "－1", "＠a", " ＝1", "﹢1"),
    *("+cmd|' /C calc'!A0", '=HYPERLINK("https://example.org")', "-2+3"),
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
SOURCE = SourceRow(
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
    url="https://www.fda.gov/warning-letters",
    licence="Public domain (17 U.S.C. 105)",
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


def hostile_clinics() -> list[ClinicRow]:
    values: dict[str, Any] = {"first_on": date(2025, 1, 2), "last_on": None, "notices": 2, "relevant": 1}
    rows = [
        ClinicRow(
            clinic=f"c-{n:07}",
            name=text,
            became=None,
            names=(text,),
            people=(text,),
            websites=(),
            places=(text,),
            **values,
        )
        for n, text in enumerate(HOSTILE)
    ]
    gone = ClinicRow(
        clinic="c-zzzzzzz",
        name="",
        became="c-0000000",
        names=(),
        people=(),
        websites=(),
        places=(),
        notices=0,
        relevant=0,
        first_on=None,
        last_on=None,
    )
    return [*rows, gone]


def hostile_clinic_names() -> list[ClinicNameRow]:
    return [
        ClinicNameRow(clinic=row.clinic, name=name, first_on=row.first_on, last_on=None)
        for row in hostile_clinics()
        for name in row.names
    ]


def hostile_relations() -> list[RelationRow]:
    about = notice("000").notice
    one, other = "c-0000000", "c-0000001"
    return [
        RelationRow(clinic=one, other=other, relation="shared_officer", shared=("=a b",), notices=(about,)),
        RelationRow(clinic=one, other=other, relation="supplier", shared=(), notices=(about,)),
    ]


def captures() -> list[CaptureRow]:
    values: dict[str, Any] = {"fetched_at": NOW, "status": 200, "source": SOURCE.source, "run": "r"}
    return [
        CaptureRow(file="evidence/r.warc.gz", offset=n, length=7, sha256=f"{n:064}", url="=https", **values)
        for n in (0, 7, 70)
    ]


def evidence() -> list[EvidenceRow]:
    return [
        EvidenceRow(notice=notice("000").notice, role=role, sha256=f"{0:064}") for role in ("list", "page: notice")
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

    def __call__(self, *, now: datetime = NOW, parquet: bool = False, **other: Any) -> Release:
        """`other` are streams by the name of their table, `texts` and `sources` among them.

        With notices of its own a test has no rows that refer to others.
        """
        views = hostile_notices()
        plain: dict[str, Any] = {"clinics": hostile_clinics, "clinic_names": hostile_clinic_names}
        plain |= {"relations": hostile_relations, "captures": captures}
        bound: dict[str, Any] = {"changes": hostile_changes, "labels": hostile_labels, "evidence": evidence}
        values = plain | (dict.fromkeys(bound, list) if "notices" in other else bound)
        values |= {
            "notices": lambda: iter(views),
            "texts": lambda: ((view.notice, f"About {view.title}, with naïve exosomes.") for view in views[:-1]),
            "sources": [SOURCE],
        }
        values |= other
        content = Content(sources=values.pop("sources"), texts=values.pop("texts"), tables=values)
        return write_release(self.folder, content, now=now, progress=self.progress, parquet=parquet)

    def progress(self, step: str, rows: int) -> None:
        self.steps.append((step, rows))

    def into(self, folder: Path) -> "Export":
        return Export(folder)

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path / "releases")
