"""Runs made up by tests: list rows, pages and looks go in, a real bundle is written and applied."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import msgspec

from stemwatch.bundle import Bundle, BundleWriter, Report
from stemwatch.flow import FlowStore
from stemwatch.records import Capture, Expectations, Listed, Look, Page, Source
from stemwatch.store import Store
from stemwatch.store.store import DATABASE
from stemwatch.views import ChangeView, NoticeView, RunView
from stemwatch.words import Role

NAME = "us_fda_warning_letters"
SITE = "https://www.fda.gov/warning-letters/"
START = datetime(2025, 1, 2, 6, 0, tzinfo=UTC)
SOURCE = Source(
    name=NAME,
    title="FDA warning letters",
    regulator="FDA",
    jurisdiction="US",
    language="en",
    kind="warning_letter",
    list="complete",
    url=SITE,
    licence="Public domain",
    every_minutes=360,
    delay_seconds=30.0,
    details_per_run=100,
    revision=1,
    expectations=Expectations(shrink=1.0),
)
BIOLOGICS = "Center for Biologics Evaluation and Research (CBER)"


def letter(key: str, title: str = "Chara Biologics, Inc.", **other: Any) -> Listed:
    """A row of the list. `office` and `subject` are its fields."""
    fields = {"office": other.pop("office", BIOLOGICS), "subject": other.pop("subject", "Deviations/CGMP")}
    values: dict[str, Any] = {
        "url": SITE + key,
        "kind": "warning_letter",
        "posted_on": date(2025, 1, 28),
        "issued_on": date(2025, 1, 17),
    }
    return Listed(key=key, title=title, fields=fields, **{**values, **other}).stamped()


def changed(row: Listed, **values: Any) -> Listed:
    """The row as the list shows it after a change."""
    fields = dict(row.fields)
    for name in fields.keys() & values.keys():
        fields[name] = values.pop(name)
    return msgspec.structs.replace(row, fields=fields, **values).stamped()


CHARA = letter("chara-biologics-inc-698004-01172025", case_number="698004")
KIMERA = letter(
    "kimera-labs-inc-649343-09012023",
    "Kimera Labs, Inc.",
    case_number="649343",
    posted_on=date(2024, 1, 4),
    issued_on=date(2023, 9, 1),
)
SURGENEX = letter(
    "surgenex-llc-615557-11152021", "Surgenex, LLC", posted_on=date(2021, 11, 30), issued_on=date(2021, 11, 15)
)


def page(row: Listed, text: str = "We inspected your firm.", role: Role = "notice", **other: Any) -> Page:
    url = row.closed_out_url if role == "closeout" else row.responded_url if role == "response" else row.url
    values: dict[str, Any] = {"url": url, "read_at": START, "label": "WARNING LETTER", "capture": ""}
    return Page(key=row.key, role=role, text=text, **{**values, **other})


def look(row: Listed, outcome: Any, role: Role = "notice", **other: Any) -> Look:
    return Look(key=row.key, role=role, url=row.url, looked_at=START, outcome=outcome, **other)


class Runs:
    """The runs of one source, a day apart, applied to any store. `view` is what the last run brought."""

    view: RunView
    store: FlowStore

    def __init__(self, home: Path, store: FlowStore, source: Source = SOURCE) -> None:
        self.home = home
        self.store = store
        self.source = source
        self.days = 0

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.days)

    def bundle(
        self, rows: Sequence[Listed], pages: Iterable[Page] = (), looks: Iterable[Look] = (), **report: Any
    ) -> Bundle:
        """The bundle of a crawl that starts a day after the one before."""
        self.days += 1
        values: dict[str, Any] = {
            "run": f"run-{self.days:03}",
            "source": self.source.name,
            "revision": self.source.revision,
            "started_at": self.now,
            "finished_at": self.now + timedelta(minutes=5),
            "seconds": 300.0,
            "total": len(rows),
            "seen": len(rows),
        }
        made = Report(**{**values, **report})
        with BundleWriter(self.home / "work" / made.run) as writer:
            _fill(writer, made, rows, pages, looks)
            return Bundle(writer.finish(made, self.home / "inbox"))

    def run(self, rows: Sequence[Listed], *records: Page | Look, **report: Any) -> list[str]:
        """Apply a run; returns its changes as `verb key`."""
        pages = [record for record in records if isinstance(record, Page)]
        looks = [record for record in records if isinstance(record, Look)]
        return self.apply(self.bundle(rows, pages, looks, **report))

    def apply(self, bundle: Bundle) -> list[str]:
        before = max([change.change for change in self.store.changes()], default=0)
        self.view = self.store.apply(bundle, self.now)
        return [f"{change.verb} {_key(change.notice)}" for change in self.store.changes(since=before)]

    def broken(self, rows: Sequence[Listed], *records: Page | Look, **report: Any) -> list[str]:
        """Apply a run that the site blocked half-way."""
        return self.run(rows, *records, **{"stopped": "blocked", "reason": "Apology page.", **report})

    def told(self) -> list[str]:
        """The changes that wait for a match, as `verb key`."""
        return [f"{change.verb} {_key(change.notice)}" for change in self.store.unmatched()]

    def match(self) -> None:
        """Let every waiting change be matched by nobody."""
        self.store.enqueue([], [change.change for change in self.store.unmatched()], self.now)

    def last(self) -> ChangeView:
        return list(self.store.changes())[-1]

    def edited(self) -> list[tuple[str, str, str]]:
        return [(edit.field, edit.old, edit.new) for edit in self.last().edited]


def opened(home: Path, sources: Mapping[str, Source], **options: Any) -> Store:
    """A store over `home`. Where there is no database an empty one is copied: its steps take ten times as long."""
    if (home / DATABASE).exists():
        return Store(home, sources, **options)
    home.mkdir(parents=True, exist_ok=True)
    (home / DATABASE).write_bytes(_empty())
    store = Store(home, sources, **options)
    store.db.execute("UPDATE instance SET id = ?", [token_hex(8)])
    return store


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        Store(Path(folder), {}).close()
        return (Path(folder) / DATABASE).read_bytes()


class World(Runs):
    """A data folder and the runs of one source."""

    store: Store

    def __init__(self, home: Path, source: Source = SOURCE) -> None:
        super().__init__(home, opened(home, {source.name: source}), source)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    def notice(self, row: Listed) -> NoticeView:
        return self.store.dossier(f"{self.source.name}/{row.key}").notice


def _key(notice: str) -> str:
    return notice.partition("/")[2]


def _fill(
    writer: BundleWriter, report: Report, rows: Iterable[Listed], pages: Iterable[Page], looks: Iterable[Look]
) -> None:
    listing = answer(writer, SITE, f"list of {report.run}".encode(), report.started_at)
    for row in rows:
        writer.add(msgspec.structs.replace(row, capture=listing.sha256))
    for read in pages:
        kept = answer(writer, read.url, f"{read.url} {read.text}".encode(), report.started_at)
        writer.add(msgspec.structs.replace(read, capture=kept.sha256, read_at=report.started_at))
    for seen in looks:
        status = {"gone": 404, "unchanged": 304, "failed": 500, "alive": 200}[seen.outcome]
        kept = answer(writer, seen.url, b"Page not found", report.started_at, status=status)
        writer.add(msgspec.structs.replace(seen, capture=kept.sha256, looked_at=report.started_at))


def answer(writer: BundleWriter, url: str, body: bytes, at: datetime, status: int = 200) -> Capture:
    return writer.capture(
        url=url, status=status, headers=[("Content-Type", "text/html")], body=body, fetched_at=at
    )
