"""A listing with nothing new: judging, diffing and storing it, against parsing its answer with lxml alone."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import msgspec
from lxml import html

from bench.measure import Result, in_child, slower, tell, timed
from bench.replica import LETTERS
from spiders.common.drupal_table import PAGE_LENGTH, read_row
from spiders.common.job import Job
from spiders.common.progress import Progress
from spiders.us_fda_warning_letters import UsFdaWarningLetters
from stemwatch.bundle import Bundle, BundleWriter, Report
from stemwatch.reading import Known
from stemwatch.records import Capture
from stemwatch.store import Store

ROWS, RUNS, AT_MOST = 3_400, 9, 3.0
FIRST_RUN = datetime(2026, 1, 6, 6, 0, tzinfo=UTC)
SOURCE = UsFdaWarningLetters.source

_LINK = urlsplit(LETTERS).path
_NAMES = """Abbey Acadia Alder Amber Apex Aurora Beacon Birch Blue Bright Cascade Cedar Clear Coastal Copper Crest
Crown Delta Desert Dragon Eagle East Elm Emerald Evergreen Falcon Fortune Garden Glen Golden Grand Granite Green
Harbor Haven Heritage Highland Horizon Imperial Iron Island Jade Juniper Key Lake Laurel Liberty Lotus Magnolia
Maple Marble Meridian Metro Noble North Oak Ocean Olive Orchid Pacific Palm Peak Pine Pioneer Prairie Premier
Quartz Rainbow River Rose Royal Sage Sierra Silver Sky South Spring Star Stone Summit Sun Tiger Union Valley
Vista West Wild Willow Wolf Zenith""".split()
_TRADES = """Vapor,Smoke Shop,Pharmaceuticals,Pharma Industries,Laboratories,Foods,Seafood,Imports,Trading,Medical
Devices,Nutrition,Botanicals,Biologics,Wellness Center,Regenerative Clinic,Cosmetics,Dairy,Compounding Pharmacy,Eye
Bank,Fertility Center,Sciences,Supply,Produce,Bakery,Diagnostics,Herbals,Vape &amp; Tobacco""".replace(
    "\n", " "
).split(",")
_FORMS = (
    "Inc.",
    "LLC",
    "Co., Ltd.",
    "Limited",
    "Corp.",
    "Pvt. Ltd.",
    "L.L.C. dba {0} Outlet",
    "GmbH",
    "S.A. de C.V.",
)
_MATTERS = (
    (
        0.36,
        "Center for Tobacco Products",
        "Family Smoking Prevention and Tobacco Control Act/Adulterated/Misbranded",
    ),
    (0.16, "Center for Drug Evaluation and Research (CDER)", "CGMP/Finished Pharmaceuticals/Adulterated"),
    (0.12, "Center for Drug Evaluation and Research | CDER", "Unapproved New Drugs/Misbranded<br />\n"),
    (0.09, "Division of Southwest Imports", "Foreign Supplier Verification Program (FSVP)"),
    (0.08, "Center for Devices and Radiological Health", "CGMP/QSR/Medical Devices/Adulterated"),
    (0.07, "Human Foods Program ", "CGMP/Food/Prepared, Packed or Held Under Insanitary Conditions/Adulterated"),
    (0.06, "Center for Veterinary Medicine", "Illegal Drug Residue Animal Tissue/Adulterated"),
    (
        0.06,
        "Center for Biologics Evaluation and Research (CBER)",
        "Deviations/CFR/Regulations for Human Cells, Tissues &amp; Cellular Products (HCT/Ps)",
    ),
)


@dataclass(frozen=True)
class Letter:
    """One invented letter with mark-up as FDA's list prints it. Its case number is its own."""

    company: str
    office: str
    subject: str
    posted_on: date
    issued_on: date
    case: int
    closed_out_on: date | None

    @property
    def slug(self) -> str:
        words = "".join(letter if letter.isalnum() else " " for letter in self.company.lower()).split()
        return f"{'-'.join(words)}-{self.case}-{self.issued_on:%m%d%Y}"

    def cells(self) -> list[str]:
        closed = self.closed_out_on
        link = f'<a href="{_LINK}{self.slug}-closeout">{closed:%m/%d/%Y}</a>' if closed else ""
        return [
            _time(self.posted_on),
            _time(self.issued_on),
            f'<a href="{_LINK}{self.slug}">{self.company}</a>',
            self.office,
            self.subject,
            "",
            link,
            "",
        ]


def _time(day: date) -> str:
    return f'<time datetime="{day}T05:00:00Z">{day:%m/%d/%Y}</time>\n'


def letters(count: int, seed: int = 1) -> Iterator[Letter]:
    """Invented letters, newest first: about nine share a posting day, one in ten is closed out."""
    random = Random(seed)
    posted = FIRST_RUN.date()
    weights = [weight for weight, _, _ in _MATTERS]
    for number in range(count):
        posted -= timedelta(days=random.choice((1, 3, 7)) if random.random() < 1 / 9 else 0)
        posted = max(posted, date(1996, 1, 2))
        firm = " ".join((*random.sample(_NAMES, random.randint(1, 2)), random.choice(_TRADES)))
        issued = posted - timedelta(days=random.randint(5, 60))
        closed = issued + timedelta(days=random.randint(90, 900))
        yield Letter(
            f"{firm}, {random.choice(_FORMS).format(firm)}",
            *random.choices(_MATTERS, weights)[0][1:],
            posted,
            issued,
            100_000 + number,
            closed if random.random() < 0.1 and closed <= FIRST_RUN.date() else None,
        )


# FDA writes these in its JSON as escapes.
_ESCAPED = str.maketrans({letter: f"\\u{ord(letter):04X}" for letter in "<>&'"})


def answer_of(rows: list[list[str]], total: int) -> bytes:
    """A DataTables answer as FDA writes it."""
    data = json.dumps(rows, separators=(",", ":")).translate(_ESCAPED).replace("/", "\\/")
    return f'{{"draw":1,"recordsTotal":{total},"recordsFiltered":{total},"data":{data}}}'.encode()


def parse_plainly(body: bytes) -> list[list[tuple[str, str | None]]]:
    """The floor: the text and the link of every cell, by one lxml document over all of them."""
    rows = json.loads(body)["data"]
    width = len(rows[0])
    marked = "".join(f"<section>{cell}</section>" for row in rows for cell in row)
    document = html.fromstring(f"<div>{marked}</div>")
    cells = []
    for cell in document.iterfind("section"):
        link = cell.find("a")
        cells.append((cell.text_content().strip(), link.get("href") if link is not None else None))
    return [cells[start : start + width] for start in range(0, len(cells), width)]


class Reading:
    """One crawl of the list as the spider does it, without the network."""

    def __init__(self, folder: Path, run: int) -> None:
        self.started_at = FIRST_RUN + timedelta(hours=run)
        self.run = f"{self.started_at:%Y%m%dT%H%M%SZ}-{SOURCE.name}"
        self.folder = folder
        self.writer = BundleWriter(folder / "work")
        job = Job(
            run=self.run,
            source=SOURCE.name,
            started_at=self.started_at,
            known="",
            folder=str(folder / "work"),
            inbox=str(folder),
            user_agent="",
        )
        self.spider = UsFdaWarningLetters(job, Known(source=SOURCE.name), self.writer, Progress())

    def capture(self, body: bytes) -> Capture:
        return self.writer.capture(
            url=SOURCE.url,
            status=200,
            headers=[("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
            body=gzip.compress(body, mtime=0),
            fetched_at=self.started_at,
        )

    def parse(self, rows: list[list[str]], capture: Capture) -> None:
        """Our own reading of rows, up to the fingerprint of each, by a worker that has seen none of them."""
        read_row.cache_clear()
        for cells in rows:
            told = read_row(UsFdaWarningLetters, tuple(cells))
            self.spider.leftover |= told.leftover
            listed = msgspec.structs.replace(told.listed, capture=capture.sha256)
            self.spider.list_notice(listed, told.doubts)

    def finish(self) -> Path:
        """The bundle of what was parsed."""
        for listed in self.spider.rows.values():
            self.writer.add(listed)
        report = Report(
            run=self.run,
            source=SOURCE.name,
            revision=SOURCE.revision,
            started_at=self.started_at,
            finished_at=self.started_at,
            seconds=1.0,
            total=len(self.spider.rows),
            seen=len(self.spider.rows),
            filled=self.spider.filled,
        )
        return self.writer.finish(report, self.folder)


def measure() -> dict[str, list[float]]:
    """Seconds of every run by what was measured; floor and ours take turns."""
    rows = [letter.cells() for letter in letters(ROWS)]
    body = answer_of(rows, ROWS)
    seconds: dict[str, list[float]] = {"floor": [], "parse": [], "apply": []}
    with TemporaryDirectory() as name, Store(Path(name), {SOURCE.name: SOURCE}) as store:
        for run in range(RUNS + 1):
            seconds["floor"].append(timed(parse_plainly, body))
            reading = Reading(Path(name) / "inbox", run)
            seconds["parse"].append(_parse(reading, rows))
            bundle = reading.finish()
            seconds["apply"].append(timed(_apply, store, bundle, reading.started_at, changes=0 if run else ROWS))
    return {name: values[1:] for name, values in seconds.items()}


def _parse(reading: Reading, rows: list[list[str]]) -> float:
    """Seconds of parsing; writing the evidence, which a crawl pays as well, is not among them."""
    spent = 0.0
    for start in range(0, len(rows), PAGE_LENGTH):
        part = rows[start : start + PAGE_LENGTH]
        capture = reading.capture(answer_of(part, len(rows)))
        begun = perf_counter()
        reading.parse(part, capture)
        spent += perf_counter() - begun
    return spent


def _apply(store: Store, path: Path, now: datetime, changes: int) -> None:
    view: Any = msgspec.to_builtins(store.apply(Bundle(path), now))
    found = sum(view[verb] for verb in ("baseline", "added", "edited", "closed_out") if verb in view)
    if view["verdict"] != "ok" or (found, view["seen"]) != (changes, ROWS):
        raise RuntimeError(f"The listing was not applied as it should be: {view}.")


def results() -> list[Result]:
    tell(f"listing: {ROWS:,} rows, {RUNS} runs")
    seconds, _ = in_child(measure)
    floor, both = seconds["floor"], list(map(sum, zip(seconds["parse"], seconds["apply"], strict=True)))
    return [
        slower(f"listing: apply {ROWS:,} rows, none new", seconds["apply"], floor, at_most=AT_MOST),
        slower("listing: our parsing of the rows", seconds["parse"], floor),
        slower("listing: parsing and apply together", both, floor),
    ]
