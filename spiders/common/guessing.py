"""What a list is made of, guessed from one look at it: a draft for a person to correct. Pure."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

import msgspec

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.guessing_html import article_of, document_of, reads_as_title, rows_of
from spiders.common.html import is_html, visible
from stemwatch.errors import StemwatchError

Base = Literal["FeedSpider", "JsonListSpider", "HtmlListSpider", "DumpSpider"]
DUMP = 1 << 20
"""Bytes from which JSON is read as a stream."""
DEEPEST = 4
FIRST_PAGES = 3
LONGEST_KEY = 100
TITLES = ("title", "title.rendered", "name", "headline", "subject")
LINKS = ("url", "link", "html_url", "href")
KEYS = ("id", "uuid", "guid", "nid", "number", "slug")
DAYS = ("date", "published", "publication_date", "published_at", "posted", "created")


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """What a list seems to be. `rows_at` is where its rows lie, `marker` what a web page has without any, too;
    `links` are the first pages it leads to.

    `title`, `link`, `key` and `posted` name fields of a row (selectors in a web page), `form` the function of
    `dates` that reads its days; empty where nothing fits.
    """

    base: Base
    rows: int
    links: tuple[str, ...] = ()
    language: str = "en"
    rows_at: str = ""
    marker: str = ""
    title: str = "title"
    link: str = ""
    key: str = ""
    posted: str = ""
    form: str = ""


def guess(url: str, body: bytes) -> Guess:
    """What the list at `url` is made of. StemwatchError when nothing in it reads as a list."""
    begins = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begins in (b"{", b"["):
        found = _of_json(url, body)
    elif is_html(body):
        found = _of_html(url, body)
    else:
        found = _of_feed(url, body)
    if found is None:
        raise StemwatchError(
            f"Nothing at {url} reads as a list: no feed, no JSON rows, no repeated links with words."
        )
    return found


def guess_article(bodies: Iterable[bytes]) -> Article | None:
    """Selectors of title and text that fit all of these notices' pages; None when there are none."""
    return article_of(
        [document for body in bodies if is_html(body) and (document := document_of(body)) is not None]
    )


def _of_feed(url: str, body: bytes) -> Guess | None:
    import feedparser

    parsed = feedparser.parse(body, resolve_relative_uris=False)
    links = [urljoin(url, entry.link) for entry in parsed.entries if entry.get("link")]
    if not parsed.get("version") or not links:
        return None
    language = str(parsed.feed.get("language") or "en")[:2].lower()
    return Guess(base="FeedSpider", rows=len(links), links=_first(links), language=language)


def _of_html(url: str, body: bytes) -> Guess | None:
    document = document_of(body)
    found = rows_of(document) if document is not None else None
    if document is None or found is None:
        return None
    posted, form = found.day(form_of)
    return Guess(
        base="HtmlListSpider",
        rows=len(found.links),
        links=_first(urljoin(url, link) for link in found.links),
        language=(document.get("lang") or "en")[:2].lower(),
        rows_at=found.selector,
        marker=found.marker,
        link=found.link,
        posted=posted,
        form=form,
    )


def _of_json(url: str, body: bytes) -> Guess | None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise StemwatchError(f"{url} answered with JSON that cannot be read.") from None
    if isinstance(data, dict) and "jsonfeed.org" in str(data.get("version")):
        return Guess(
            base="FeedSpider", rows=len(data.get("items", ())), links=_links_of(url, data["items"], "url")
        )
    place, rows = max(_lists(data), key=lambda found: len(found[1]), default=("", []))
    columns = _columns(rows)
    title = _pick(columns, TITLES, _are_titles)
    if not title:
        return None
    link = _pick(columns, LINKS, _are_addresses)
    posted = _pick(columns, DAYS, lambda values: bool(form_of(values)))
    key = _pick(columns, KEYS, _are_keys, but=(title, link, posted))
    dump = len(body) >= DUMP
    return Guess(
        base="DumpSpider" if dump else "JsonListSpider",
        rows=len(rows),
        links=_first(urljoin(url, str(address)) for address in columns.get(link, ())),
        rows_at=".".join(filter(None, (place, "item"))) if dump else place,
        title=title,
        link=link,
        key=key,
        posted=posted,
        form=form_of(columns[posted]) if posted else "",
    )


def _links_of(url: str, rows: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return _first(urljoin(url, str(row[name])) for row in rows if row.get(name))


def _lists(data: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every list of records within `data`, with its dotted place."""
    if isinstance(data, list) and data and all(isinstance(entry, dict) for entry in data):
        yield place, data
    elif isinstance(data, dict) and depth < DEEPEST:
        for name, value in data.items():
            yield from _lists(value, f"{place}.{name}" if place else name, depth + 1)


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values of each field that every row has; of a mapping, those one level down as `field.name`."""
    flat = [dict(_flat(row)) for row in rows]
    shared = [name for name in (flat[0] if flat else ()) if all(name in row for row in flat)]
    return {name: [row[name] for row in flat] for name in shared}


def _flat(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{part}", below) for part, below in value.items())
        else:
            yield name, value


def _pick(
    columns: Mapping[str, list[Any]],
    wanted: Sequence[str],
    fits: Callable[[list[Any]], bool],
    but: Sequence[str] = (),
) -> str:
    """The first field that fits, those of usual names first; empty when none does."""
    usual = [name for name in columns if name.lower() in wanted]
    usual.sort(key=lambda name: wanted.index(name.lower()))
    return next((name for name in [*usual, *columns] if name not in but and fits(columns[name])), "")


def _are_titles(values: list[Any]) -> bool:
    words = [visible(value) for value in values if isinstance(value, str)]
    return len(words) == len(values) and all(map(reads_as_title, words))


def _are_addresses(values: list[Any]) -> bool:
    return all(isinstance(value, str) and urlsplit(value).scheme in ("http", "https") for value in values)


def _are_keys(values: list[Any]) -> bool:
    """Different in every row, and no sentence."""
    words = [str(value) for value in values if isinstance(value, str | int) and not isinstance(value, bool)]
    identify = all(word and " " not in word and len(word) <= LONGEST_KEY for word in words)
    return identify and len(set(words)) == len(values)


FORMS = ("iso", "english", "french", "day_month_year", "month_day_year", "japanese", "korean")


def form_of(values: Sequence[Any]) -> str:
    """The function of `dates` that reads all of these days; empty when none does, or when the order of day and
    month is open."""
    fits = [name for name in FORMS if values and all(_reads(name, value) for value in values)]
    return "" if not fits or {"day_month_year", "month_day_year"} <= set(fits) else fits[0]


def _reads(form: str, value: Any) -> bool:
    try:
        getattr(dates, form)(value)
    except (ValueError, AttributeError, TypeError):
        return False
    return True


def _first(links: Iterable[str]) -> tuple[str, ...]:
    """The first few addresses that a crawl may ask for, each once."""
    asked = (link for link in dict.fromkeys(links) if urlsplit(link).scheme == "https")
    return tuple(link for link, _ in zip(asked, range(FIRST_PAGES), strict=False))
