"""Labelled notices from the stand-in for the regulators' sites beside the checkout, as relevance is shown them."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import html

REPLICA = Path(__file__).resolve().parents[2] / "shared" / "replica"
LANGUAGES = {"mhlw": "ja", "mfds": "ko"}
# What a list's own name says of everything on it, as its source hands it on.
SUBJECTS = {
    "import_alert": "Detention Without Physical Examination of Unlicensed Biological Products",
}
UNTAGGED = partial(re.compile(r"<[^>]+>").sub, " ")


@dataclass(frozen=True)
class Item:
    """One notice with its label: yes, no, borderline, or nothing when nobody labelled it."""

    source: str
    name: str
    label: str
    fields: dict[str, str]
    products: frozenset[str]
    group: str
    language: str

    @property
    def header(self) -> dict[str, str]:
        return {name: self.fields.get(name, "") for name in ("title", "office", "subject")}

    @property
    def held(self) -> bool:
        """Whether more than the header is known: a text, or the description of a recalled product."""
        return bool(self.fields.get("text") or self.fields.get("products"))


def plain(markup: str) -> str:
    return unescape(UNTAGGED(markup))


def truth(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "truth-dev.csv").open(newline="", encoding="utf-8") as rows:
        return {row["url"]: row for row in csv.DictReader(rows)}


def body(page: bytes) -> str:
    """A letter's text: what follows the last inset column of the main part, up to the survey's comment."""
    main = html.fromstring(page.decode("utf-8", "replace")).find('.//div[@role="main"]')
    parts: list[str] = []
    for child in main if main is not None else ():
        if not isinstance(child.tag, str):
            if "QUALTRICS" in (child.text or ""):
                break
        elif "inset-column" in child.get("class", ""):
            parts.clear()
        else:
            parts.append(" ".join(child.itertext()))
    return "\n".join(parts)


def letter_texts(data: Path) -> dict[str, str]:
    """The held texts of warning letters by slug, from raw pages and from transcriptions."""
    with ZipFile(data / "letters.zip") as pages:
        texts = {Path(name).stem: body(pages.read(name)) for name in pages.namelist() if name.endswith(".html")}
    with gzip.open(data / "texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts |= {letter["slug"]: letter["text"] for letter in map(json.loads, lines)}
    return texts


def item(source: str, name: str, row: dict[str, str], fields: dict[str, str], language: str = "") -> Item:
    types = frozenset(row.get("product_types", "").split(";")) - {""}
    language = language or LANGUAGES.get(source, "en")
    return Item(source, name, row.get("label", ""), fields, types, row.get("group_id", ""), language)


def letters(folder: Path) -> Iterator[Item]:
    """FDA's whole list of warning letters."""
    data = folder / "data-dev"
    labels = {url.rsplit("/", 1)[-1]: row for url, row in truth(folder).items() if "/warning-letters/" in url}
    texts = letter_texts(data)
    with (data / "fda_listing.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            fields = {"title": row["company"], "office": row["office"], "subject": row["subject"]}
            fields = {name: plain(value) for name, value in fields.items()}
            label = labels.get(row["slug"], {})
            yield item("letters", row["company"], label, {**fields, "text": texts.get(row["slug"], "")})


def others(folder: Path) -> Iterator[Item]:
    """All other lists. An enforcement report has no text; it describes its product and gives a reason."""
    for row, raw, source in _lines(folder):
        extra = raw.get("extra", {})
        fields = {
            "title": raw["title"],
            "text": plain(raw.get("body") or raw.get("summary") or ""),
            "products": extra.get("product_description") or (raw["summary"] if source in SUBJECTS else ""),
            "subject": extra.get("reason_for_recall") or SUBJECTS.get(source, ""),
        }
        yield item(source, raw["title"], row, fields)


def translated(folder: Path) -> Iterator[Item]:
    """Titles of the same notices in the regulator's other language."""
    for row, raw, source in _lines(folder):
        extra = raw.get("extra", {})
        if title := extra.get("title_zh"):
            yield item(source, title, row, {"title": title}, "zh")
        if title := (extra.get("fr") or {}).get("title"):
            yield item(source, title, row, {"title": title}, "fr")


def _lines(folder: Path) -> Iterator[tuple[dict[str, str], dict[str, Any], str]]:
    rows = truth(folder)
    for path in sorted((folder / "data-dev" / "sources").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            yield rows.get(raw["url"], {}), raw, path.stem
