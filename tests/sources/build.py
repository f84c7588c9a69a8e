"""Writes recorded moments of FDA's site from a short description: `python tests/sources/build.py FOLDER...`.

A description is a `letters.toml` in FOLDER. The pages have the structure that fda.gov's pages had in 2024 to 2026
and the public facts of real letters (firm, dates, offices, subjects, case numbers); every sentence is ours.
What the spider reads, and what is kept, are the files that this writes.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
import msgspec
from markupsafe import Markup

WASHINGTON = ZoneInfo("America/New_York")
HOST = "https://www.fda.gov"
COMPLIANCE = "/inspections-compliance-enforcement-and-criminal-investigations"
FOLDER = f"{COMPLIANCE}/warning-letters/"
LANDING = f"{COMPLIANCE}/compliance-actions-and-activities/warning-letters"
VIEW = {"view_name": "warning_letter_solr_index", "view_display_id": "warning_letter_solr_block"}
LIST = (
    f"{HOST}/datatables/views/ajax?_drupal_ajax=1&view_name={VIEW['view_name']}"
    f"&view_display_id={VIEW['view_display_id']}&start=0&length=500"
)
COLUMNS = (
    "Posted Date", "Letter Issue Date", "Company Name", "Issuing Office", "Subject", "Response Letter",
    "Closeout Letter",
)  # fmt: skip
ROBOTS = "User-agent: *\nCrawl-Delay: 30\nDisallow: /core/\nDisallow: /node/\nDisallow: /search/\n"
HTML = {"Content-Type": "text/html; charset=UTF-8"}
JSON = {"Content-Type": "application/json"}
PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A close-out or response as its column shows it: a date, linked when it has a page (`key`)."""

    on: date
    key: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One letter page and its row. `posted` is the instant of the `datetime` attribute, `saved` the last save.

    `office` and `subject` are mark-up, as the list serves them. `since` names the moment that first lists it,
    `then` what a later moment shows otherwise. `gap` leaves its page unrecorded.
    """

    key: str
    company: str
    posted: datetime
    issued: date
    office: str
    subject: str
    products: tuple[str, ...] = ()
    delivery: str = ""
    reference: str = ""
    recipient: str = ""
    recipient_title: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    email: str = ""
    secondary: str | None = None
    label: str = "WARNING LETTER"
    listed: bool = True
    link_host: str = ""
    canonical_host: str = "www.fda.gov"
    banner: str = ""
    body: str = ""
    etag: str = ""
    closed: Event | None = None
    responded: Event | None = None
    saved: datetime | None = None
    gap: bool = False
    since: str = ""
    then: dict[str, dict[str, Any]] = {}

    @property
    def posted_on(self) -> date:
        return self.posted.astimezone(WASHINGTON).date()

    @property
    def case(self) -> str:
        found = re.search(r"-(\d{6})(?=-|$)", self.key)
        return found[1] if found else ""


class Other(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address that answers something else than a letter."""

    url: str
    status: int


class Moment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`folder` below the description's own; "." is that itself. `views`: the list's older way answers, too."""

    folder: str
    at: datetime
    views: bool = False


class Description(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    moments: tuple[Moment, ...]
    letters: tuple[Letter, ...]
    others: tuple[Other, ...] = ()


def read(path: Path) -> Description:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Description)


def files(description: Description) -> dict[str, bytes]:
    """Every recorded file by its path below the description's folder.

    What an earlier moment recorded already is not recorded again: the later one points at it.
    """
    found: dict[str, bytes] = {}
    places: dict[bytes, str] = {}
    for moment in description.moments:
        prefix = "" if moment.folder == "." else f"{moment.folder}/"
        recorded = {prefix + name: body for name, body in _moment(description, moment, places)}
        places |= {body: f"../{name}" for name, body in recorded.items()}
        found |= recorded
    return found


def _moment(description: Description, moment: Moment, places: Mapping[bytes, str]) -> Iterator[tuple[str, bytes]]:
    letters = [_as_of(letter, moment) for letter in description.letters if letter.since <= moment.folder]
    rows = sorted((letter for letter in letters if letter.listed), key=lambda row: row.posted_on, reverse=True)
    answers = [
        _answer(f"{HOST}/robots.txt", "robots.txt", ROBOTS, {"Content-Type": "text/plain"}),
        _answer(HOST + LANDING, "landing.html", _landing(rows), HTML),
        _answer(LIST, "list.json", _lines(_list(rows)), JSON),
        *([_answer(f"{HOST}/views/ajax", "views.json", _json(_commands(rows)), JSON)] if moment.views else []),
        *(_page(letter) for letter in letters if not letter.gap),
    ]
    yield from ((entry["file"], body) for entry, body in answers if body not in places)
    entries = [{**entry, "file": places.get(body, entry["file"])} for entry, body in answers]
    entries += [{"url": other.url, "status": other.status} for other in description.others]
    yield "moment.json", _lines({"at": moment.at.isoformat(), "responses": entries}).encode()


def _as_of(letter: Letter, moment: Moment) -> Letter:
    """The letter as this moment shows it."""
    changes = letter.then.get(moment.folder, {})
    return msgspec.convert(msgspec.to_builtins(letter) | changes, Letter)


def _answer(url: str, file: str, body: str, headers: dict[str, str]) -> tuple[dict[str, Any], bytes]:
    return {"url": url, "status": 200, "headers": headers, "file": file}, body.encode()


def _page(letter: Letter) -> tuple[dict[str, Any], bytes]:
    saved = letter.saved or letter.posted
    page = PAGES.get_template("letter.html").render(
        letter=letter,
        subject=Markup(letter.subject).striptags(),
        folder=FOLDER,
        saved=_us(saved),
        posted=_us(datetime.combine(letter.posted_on, time(), WASHINGTON)),
        long=_long,
        body=Markup(letter.body or _stand_in(letter)).strip(),
    )
    headers = {
        **HTML,
        "ETag": letter.etag or f'W/"{sha256(page.encode()).hexdigest()[:16]}"',
        "Last-Modified": saved.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }
    return _answer(HOST + FOLDER + letter.key, f"letters/{letter.key}.html", page, headers)


def _stand_in(letter: Letter) -> str:
    """Our own words where a letter's content does not matter to the sample."""
    subject = Markup(letter.subject).striptags()
    return (
        f"<p>{escape(letter.company)}: a short text in place of the letter.</p>"
        f"<p>Its matter, in the words of the list: {escape(subject)}.</p>"
    )


def _list(rows: Sequence[Letter]) -> dict[str, Any]:
    cells = [[*_cells(letter), ""] for letter in rows]
    return {"draw": 0, "recordsTotal": len(rows), "recordsFiltered": len(rows), "data": cells}


def _commands(rows: Sequence[Letter]) -> list[dict[str, Any]]:
    """What the older address answers: commands for a browser, one of which inserts the table."""
    return [
        {"command": "settings", "settings": {}, "merge": True},
        {"command": "insert", "method": "replaceWith", "selector": ".js-view-dom-id-x", "data": _table(rows)},
    ]


def _table(rows: Sequence[Letter]) -> str:
    head = "".join(f'<th scope="col" class="views-field">{name}</th>' for name in COLUMNS)
    body = "\n".join(f"<tr>{''.join(map(_table_cell, _cells(letter)))}</tr>" for letter in rows)
    return (
        f'<table id="datatable" class="lcds-datatable table cols-8"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table>"
    )


def _table_cell(cell: str) -> str:
    return f'<td class="views-field">{cell}</td>'


def _cells(letter: Letter) -> tuple[str, ...]:
    host = f"https://{letter.link_host}" if letter.link_host else ""
    midnight = datetime.combine(letter.issued, time(), WASHINGTON).astimezone(UTC)
    return (
        f"{_time(letter.posted, letter.posted_on)}\n",
        f"{_time(midnight, letter.issued)}\n",
        f'<a href="{host}{FOLDER}{letter.key}">{escape(letter.company, quote=False)}</a>',
        letter.office,
        letter.subject,
        _event(letter.responded),
        _event(letter.closed),
    )


def _time(instant: datetime, printed: date) -> str:
    return f'<time datetime="{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}">{printed:%m/%d/%Y}</time>'


def _event(event: Event | None) -> str:
    if event is None:
        return ""
    shown = _time(datetime.combine(event.on, time(), WASHINGTON), event.on)
    return f'<a href="{FOLDER}{event.key}">{shown}</a>' if event.key else shown


def _landing(rows: Sequence[Letter]) -> str:
    view = sha256(b"view").hexdigest()
    data = {**VIEW, "view_args": "", "view_path": "/node/360089", "view_dom_id": view, "total_items": len(rows)}
    settings = {"datatables": {view: {"ajax": {"url": "/datatables/views/ajax", "data": data}, "pageLength": 10}}}
    return PAGES.get_template("landing.html").render(
        table=Markup(_table(rows[:10])), settings=Markup(json.dumps(settings))
    )


def _us(instant: datetime) -> str:
    """Tue, 01/28/2025 - 09:20, the form of the page's own time stamps."""
    return f"{instant.astimezone(WASHINGTON):%a, %m/%d/%Y - %H:%M}"


def _long(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(value: dict[str, Any]) -> str:
    """JSON that reads well in a diff: one entry of a list a line."""
    parts = []
    for name, part in value.items():
        entries = "[\n  " + ",\n  ".join(map(_json, part)) + "\n ]" if isinstance(part, list) else _json(part)
        parts.append(f"{_json(name)}: {entries}")
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def main(folders: Sequence[str]) -> None:
    for folder in map(Path, folders):
        for name, body in files(read(folder / "letters.toml")).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)


if __name__ == "__main__":
    main(sys.argv[1:])
