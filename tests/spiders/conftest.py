"""A site of our own that answers as www.fda.gov does (tests make its rows, pages and faults), and crawls of it."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from spiders.common.job import Job, save_job
from stemwatch.bundle import Bundle, Report
from stemwatch.reading import Known
from stemwatch.records import AnyRecord, Capture, Listed, Look, Page, Same
from tests.sources.replay import MOST_SECONDS, WORKERS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "us_fda_warning_letters"
HOST = "https://www.fda.gov"
COMPLIANCE = "/inspections-compliance-enforcement-and-criminal-investigations"
LETTERS = f"{COMPLIANCE}/warning-letters/"
LANDING = f"{COMPLIANCE}/compliance-actions-and-activities/warning-letters"
FIRST_WAY, SECOND_WAY = "/datatables/views/ajax", "/views/ajax"
AGENT = "Mozilla/5.0 (compatible; Stemwatch/test; +https://stemwatch.invalid)"
NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
NEWEST = date(2025, 1, 28)
HTML, JSON = {"Content-Type": "text/html; charset=UTF-8"}, {"Content-Type": "application/json"}
MISSING = "<html><head><title>Page Not Found | FDA</title></head><body><h1>Page Not Found</h1></body></html>"


def settings_script(**settings: Any) -> str:
    body = json.dumps({"ajax": [], **settings})
    return f'<script type="application/json" data-drupal-selector="drupal-settings-json">{body}</script>'


def row(number: int, *, day: date = NEWEST, **cells: str) -> list[str]:
    """Eight cells of mark-up. `cells` replaces a value by name: key, company, office, subject, response, ..."""
    key = cells.get("key", f"firm-{number}-{600000 + number}-01172025")
    company = cells.get("company", f"Firm {number}, Inc.")
    # The regulator's attribute is an instant in UTC, here in the evening before or after the printed day.
    instant = f"{day + timedelta(days=number % 3 - 1)}T01:20:00Z"
    usual = {
        "posted": f'<time datetime="{instant}">{day:%m/%d/%Y}</time>\n',
        "issued": '<time datetime="2025-01-18T04:00:00Z">01/17/2025</time>\n',
        "link": f'<a href="{LETTERS}{key}">{company}</a>',
        "office": "Center for Drug Evaluation and Research (CDER)",
        "subject": "CGMP/Drugs/Adulterated<br />\n",
        **dict.fromkeys(("response", "closeout", "excerpt"), ""),
    }
    return [cells.get(name, cell) for name, cell in usual.items()]


def rows(count: int, *, a_day: int = 1) -> list[list[str]]:
    """Rows in the order of the list, `a_day` of them posted on each day."""
    return [row(number, day=NEWEST - timedelta(days=number // a_day)) for number in range(count)]


def letter(*, label: str = "WARNING LETTER", body: str = "<p>This text is ours.</p>", **facts: Any) -> str:
    """A letter's page as the site builds it. Facts: company, case, delivery, reference, products, recipient,
    title, address (lines), email, secondary (offices), banner."""
    banner = facts.get("banner", "")
    note = f'<div class="alert site-banner" role="alert"><p>{banner}</p></div>' if banner else ""
    company = facts.get("company", "Firm 1, Inc.")
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<link rel="canonical" href="https://cacmap.fda.gov{LETTERS}elsewhere"><title>{company} | FDA</title></head>
<body class="page-node-type-warning-letter"><header role="banner"><nav>Site navigation</nav></header>
<main><article id="main-content" role="article"><header class="row content-header">
<p class="content-type-label text-center">{label}</p>
<h1 class="text-center content-title">{company}
  <span class="font-family-sans">MARCS-CMS {facts.get("case", 600001)} — <time>January 17, 2025</time></span></h1>
</header><aside role="complementary"><nav>Section navigation</nav></aside>
<div class="col-md-8" role="main">{note}
<hr><div class="inset-column"><dl class="lcds-description-list--grid">{"".join(_grid(facts))}</dl></div>
<hr><div class="row inset-column">{"".join(_columns(facts, company))}</div>
<hr>{note}
{body}
<!--BEGIN QUALTRICS WEBSITE FEEDBACK SNIPPET--><p>Survey of the site</p></div>
<aside role="complementary"><h2>Content current as of:</h2><p>01/28/2025</p></aside></article></main>
<footer>Foot of the site</footer>{settings_script()}</body></html>"""


def _grid(facts: Mapping[str, Any]) -> Iterator[str]:
    made = "<br/>".join(facts.get("products", ["Drugs"]))
    told = {"Delivery Method:": facts.get("delivery"), "Reference #:": facts.get("reference"), "Product:": made}
    for term, value in told.items():
        if value:
            yield f'<dt class="cell-1">{term}</dt>\n<dd class="cell-2">\n   {value}\n\n  </dd>'


def _columns(facts: Mapping[str, Any], company: str) -> Iterator[str]:
    yield '<div class="col-xs-12 col-md-6"><dl class=""><dt>Recipient:</dt>'
    for name, fact in (("recipient-name", "recipient"), ("recipient-title", "title")):
        if fact in facts:
            item = f'<div class="field--label">{fact}</div><div class="field--item">{facts[fact]}</div>'
            yield f'<dd><div class="field field--name-field-{name}">{item}</div></dd>'
    yield f"<dd>{company}</dd>"
    if "address" in facts:
        lines = "<br>\n".join(f"<span>{line}</span>" for line in facts["address"])
        yield f'<dd><p class="address" translate="no">{lines}</p></dd>'
    if "email" in facts:
        yield f'<dd><span class="fa"></span><a href="mailto:{facts["email"]}"> {facts["email"]}</a></dd>'
    yield '</dl></div><div class="col-xs-12 col-md-6"><dl class=""><dt>Issuing Office:</dt><dd>An Office </dd>'
    yield '<dd><p class="address"><span class="country">United States</span></p></dd></dl><dl class="">'
    item = '<div class="field--item"><br><dd>{}</dd><dd><p class="address">United States</p></dd></div>'
    items = "".join(map(item.format, facts.get("secondary", ())))
    yield f'<div class="field--name-field-issuing-office-paragraph">{items}</div></dl></div>'


@dataclass(frozen=True)
class Asked:
    """One request as it reached the site: `path` below the mirror, `in_flight` with itself."""

    method: str
    path: str
    fields: Mapping[str, str]
    headers: Mapping[str, str]
    in_flight: int

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[1]


@dataclass(frozen=True)
class Reply:
    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: HTML)


T = TypeVar("T", Listed, Same, Page, Look, Capture)
Answer = Callable[[Asked], Reply | None]


class Site:
    """As its tests set it: `answers` replaces what a path answers, `at_most` rows go into one answer. Rows of one
    day come in another order each time."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = rows(3)
        self.robots: Reply = Reply("User-agent: *\nCrawl-Delay: 30\nDisallow: /node/\n", headers={})
        self.answers: dict[str, Reply | Answer] = {}
        self.counted: int | None = None
        self.announced: int | None = None
        self.at_most = 500
        self.asked: list[Asked] = []
        self._random, self._lock, self._in_flight = random.Random(7), Lock(), 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    @property
    def letters(self) -> list[str]:
        """The keys of the letter pages that were asked, in order."""
        return [asked.name for asked in self.asked if asked.path.startswith(LETTERS)]

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: str) -> Reply:
        with self._lock:
            self._in_flight += 1
            at = urlsplit(target)
            fields = {name: values[0] for name, values in parse_qs(at.query or body).items()}
            asked = Asked(method, at.path.removeprefix("/www.fda.gov"), fields, headers, self._in_flight)
            self.asked.append(asked)
        try:
            special = self.answers.get(asked.path)
            reply = special(asked) if callable(special) else special
            return reply if reply is not None else self.usual(asked)
        finally:
            with self._lock:
                self._in_flight -= 1

    def usual(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return self.robots
        if asked.path == LANDING:
            tables = {"a1": {"ajax": {"data": {"total_items": self.announced}}}}
            return Reply(f"<html><body>Warning Letters{settings_script(datatables=tables)}</body></html>")
        if asked.path == FIRST_WAY:
            total = len(self.rows) if self.counted is None else self.counted
            return json_reply({"draw": 0, "recordsTotal": total, "data": self.shown(asked.fields)})
        if asked.path == SECOND_WAY:
            return json_reply(commands(self.shown(asked.fields)))
        if asked.path.startswith(LETTERS):
            return Reply(letter(), headers={**HTML, "ETag": '"1"'})
        return Reply(MISSING, 404)

    def shown(self, fields: Mapping[str, str]) -> list[list[str]]:
        ordered: list[list[str]] = []
        for _, day in groupby(self.rows, key=lambda cells: cells[0].partition(">")[2]):
            ties = list(day)
            self._random.shuffle(ties)
            ordered += ties
        start = int(fields["start"])
        return ordered[start : start + min(int(fields["length"]), self.at_most)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def json_reply(data: Any) -> Reply:
    return Reply(json.dumps(data), headers=JSON)


def commands(shown: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """What the older way answers: seven columns of a table among commands for a browser."""
    lines = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells[:7]) + "</tr>" for cells in shown)
    table = "<table><thead><tr><th>Posted Date</th></tr></thead><tbody>" + "".join(lines) + "</tbody></table>"
    return [{"command": "settings", "settings": {}}, {"command": "insert", "data": table}]


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one segment an answer

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = site.answer(self.command, self.path, headers, self.rfile.read(length).decode())
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if reply.status == 304 else body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    return Handler


@dataclass(frozen=True)
class Outcome:
    """What one crawl left: its report, its records in order, the site's log."""

    report: Report
    everything: tuple[AnyRecord, ...]

    def of(self, kind: type[T]) -> list[T]:
        return [record for record in self.everything if isinstance(record, kind)]

    @property
    def listed(self) -> dict[str, Listed]:
        return {record.key: record for record in self.of(Listed)}


def run(folder: Path, known: Known | None = None, **options: Any) -> Outcome:
    """One crawl by the real worker. `options` are further fields of its job."""
    job = Job(
        run="crawl", source=SOURCE, started_at=NOW, known=str(folder / "known.json"), folder=str(folder / "work"),
        inbox=str(folder / "inbox"), user_agent=AGENT, **{"details": 0, **options},
    )  # fmt: skip
    Path(job.known).write_bytes(msgspec.json.encode(known or Known(source=SOURCE)))
    save_job(job, folder / "job.json")
    trouble = WORKERS.crawl(folder / "job.json", lambda told: None, MOST_SECONDS)
    assert not trouble, trouble
    bundle = Bundle(job.inbox_path / f"{job.run}.bundle")
    return Outcome(bundle.report, tuple(record for record, _ in bundle.lines()))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def crawl(site: Site, tmp_path: Path) -> Callable[..., Outcome]:
    """Crawl the site once, without its pages unless `details` says otherwise."""
    return lambda known=None, **options: run(tmp_path, known, **{"mirror": site.url, **options})
