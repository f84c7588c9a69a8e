"""A store filled with every notice that the stand-in for the regulators' sites holds, for measuring clinics."""

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from scrapy.http import HtmlResponse

from bench.relevance_data import LANGUAGES, plain
from spiders.common.fda import parse_letter
from spiders.registry import sources
from stemwatch.bundle import Bundle, BundleWriter, Report
from stemwatch.records import Expectations, Listed, Page, Source
from stemwatch.store import Store
from stemwatch.text import clean_lines

AT = datetime(2026, 1, 1, tzinfo=UTC)
LETTERS = "us_fda_warning_letters"
Record = tuple[Listed, Page | None]


def filled(home: Path, replica: Path) -> Store:
    """A store below `home` with the whole list of letters, the held pages, and all other lists."""
    data = replica / "data-dev"
    known = {LETTERS: sources()[LETTERS]}
    known |= {path.stem: _source(path.stem) for path in sorted((data / "sources").glob("*.jsonl"))}
    store = Store(home, known)
    for name, source in known.items():
        records = _letters(data) if name == LETTERS else _others(data / "sources" / f"{name}.jsonl")
        store.apply(_bundle(home, source, list(records)), AT)
    return store


def _source(name: str) -> Source:
    return Source(
        name=name,
        title=name,
        regulator=name,
        jurisdiction="",
        language=LANGUAGES.get(name, "en"),
        kind="notice",
        list="complete",
        url=f"https://{name}.example/",
        licence="",
        every_minutes=60,
        delay_seconds=0.0,
        details_per_run=0,
        revision=1,
        expectations=Expectations(shrink=1.0, failed_pages=1.0),
    )


def _bundle(home: Path, source: Source, records: list[Record]) -> Bundle:
    writer = BundleWriter(home / "work" / source.name)
    kept = writer.capture(url=source.url, status=200, headers=[], body=b"{}", fetched_at=AT).sha256
    for listed, page in records:
        writer.add(_with_capture(listed, kept))
        if page:
            writer.add(_with_capture(page, kept))
    report = Report(
        run=f"bench-{source.name}",
        source=source.name,
        revision=source.revision,
        started_at=AT,
        finished_at=AT,
        seconds=1.0,
        total=len(records),
        seen=len(records),
        filled=dict.fromkeys(source.expectations.filled, len(records)),
    )
    return Bundle(writer.finish(report, home / "inbox"))


def _with_capture(record: Any, capture: str) -> Any:
    return type(record)(
        **{name: getattr(record, name) for name in record.__struct_fields__} | {"capture": capture}
    )


def _letters(data: Path) -> Iterator[Record]:
    pages = dict(_letter_pages(data))
    with (data / "fda_listing.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            fields = {"office": plain(row["office"]).strip(), "subject": plain(row["subject"]).strip()}
            issued, posted = _day(row.get("issued", "")), _day(row.get("posted", ""))
            url = f"https://www.fda.gov/{row['slug']}"
            yield _listed(row["slug"], plain(row["company"]), fields, issued, posted, url), pages.get(row["slug"])


def _letter_pages(data: Path) -> Iterator[tuple[str, Page]]:
    """Raw pages as the spider reads them; transcriptions by their text alone."""
    with gzip.open(data / "texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for letter in map(json.loads, lines):
            yield letter["slug"], _page(letter["slug"], letter["text"])
    with ZipFile(data / "letters.zip") as pages:
        for name in pages.namelist():
            if name.endswith(".html"):
                slug = Path(name).stem
                response = HtmlResponse(f"https://www.fda.gov/{slug}", body=pages.read(name), encoding="utf-8")
                yield slug, parse_letter(response, _page(slug, ""))


def _others(path: Path) -> Iterator[Record]:
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        extra = raw.get("extra") or {}
        firm = {"firm": extra.get("recalling_firm", ""), "products": extra.get("product_description", "")}
        places = (extra.get(name) or "" for name in ("address", "address_1", "city", "state", "country"))
        found = {**firm, "docket": extra.get("docket", ""), "address": ", ".join(filter(None, places))}
        fields = {name: value for name, value in found.items() if value}
        key = sha256(raw["url"].encode()).hexdigest()[:16]
        body = (raw.get("body") or raw.get("summary") or "").replace("</p>", "</p>\n").replace("<br", "\n<br")
        yield _listed(key, raw["title"], fields, None, _day(raw["date"]), raw["url"]), _page(key, plain(body))


def _listed(
    key: str, title: str, fields: dict[str, str], issued: date | None, posted: date | None, url: str
) -> Listed:
    return Listed(
        key=key, url=url, title=title, kind="notice", fields=fields, issued_on=issued, posted_on=posted
    ).stamped()


def _page(key: str, text: str) -> Page:
    return Page(
        key=key, role="notice", url=f"https://bench.example/{key}", read_at=AT, capture="", text=clean_lines(text)
    )


def _day(text: str) -> date | None:
    """A day as ISO 8601 or as FDA prints it."""
    if "/" in text:
        return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date()
    return date.fromisoformat(text[:10]) if text else None
