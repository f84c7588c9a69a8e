"""Faults that any list may suffer, applied to the first answer of each source's recorded list."""

import gzip
import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import html
from w3lib.url import canonicalize_url

from spiders.common.dump import DumpSpider
from spiders.common.feed import FeedSpider
from spiders.common.html_list import HtmlListSpider
from spiders.common.json_list import JsonListSpider
from spiders.common.mirror import type_of
from spiders.common.spider import NoticeSpider
from stemwatch.words import Verdict
from tests.sources.replay import FIXTURES, Outcome, job_of, outcome, work

FORMS = {"feed": FeedSpider, "json": JsonListSpider, "html": HtmlListSpider, "dump": DumpSpider}
AT_ONCE = 100
"""Crawls of one worker; each keeps two files open."""

BOT_PAGE = b"""<!DOCTYPE html><html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>
<p>We have detected unusual traffic. Please enable JavaScript and cookies to continue.</p></body></html>"""
BOMB = gzip.compress(bytes(64 << 20))
HTML = "text/html; charset=UTF-8"


@dataclass
class Answer:
    """What an address answers: changed in place by a fault."""

    status: int
    headers: dict[str, str]
    body: bytes


Break = Callable[[Answer, type[NoticeSpider]], None]


@dataclass(frozen=True)
class Common:
    """One fault: what it does to an answer, and the verdict that must come of it, by form where forms differ.
    `lists`: rows before the fault may stand."""

    name: str
    apply: Break
    verdict: Verdict
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    retry_after: int = 0
    lists: bool = False


def status(code: int, **headers: str) -> Break:
    def apply(answer: Answer, spider: type[NoticeSpider]) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer.status, answer.headers, answer.body = code, {"Content-Type": HTML, **named}, b"<h1>No</h1>"

    return apply


def body(made: Callable[[bytes], bytes], **headers: str) -> Break:
    def apply(answer: Answer, spider: type[NoticeSpider]) -> None:
        answer.body = made(answer.body)
        answer.headers |= {name.replace("_", "-"): value for name, value in headers.items()}

    return apply


def empty(answer: Answer, spider: type[NoticeSpider]) -> None:
    """The same list without rows."""
    if issubclass(spider, HtmlListSpider):
        document = html.document_fromstring(answer.body)
        for row in document.cssselect(spider.rows_at):
            row.drop_tree()
        answer.body = html.tostring(document)
    elif answer.body.lstrip()[:1] in (b"[", b"{"):
        answer.body = json.dumps(_without_rows(json.loads(answer.body))).encode()
    else:
        answer.body = re.sub(rb"(?s)<(item|entry)[ >].*</\1>", b"", answer.body)


def _without_rows(data: Any) -> Any:
    if isinstance(data, list):
        return []
    return {name: _without_rows(value) if isinstance(value, list) else value for name, value in data.items()}


def renamed(whole: bytes) -> bytes:
    """The same list with other names for its parts."""
    if whole.lstrip()[:1] in (b"[", b"{"):
        return re.sub(rb'"([^"\n]{1,40})": ?', rb'"\1_v2": ', whole)
    if b"<html" not in whole:
        return re.sub(rb"(</?)(link|title|id)([ />])", rb"\1x\2\3", whole)
    return re.sub(rb'(class|id)="', rb'\1="fx-', whole).replace(b"<main", b"<div").replace(b"<h1", b"<h2")


COMMON_FAULTS = (
    Common("asked to wait", status(429, Retry_After="120"), "blocked", retry_after=120),
    Common("forbidden", status(403), "blocked"),
    Common("not found", status(404), "unreachable"),
    Common("server error", status(500), "unreachable"),
    Common("unavailable", status(503), "unreachable"),
    Common("not modified without having been asked", status(304), "unreachable"),
    Common("bot page", body(lambda _: BOT_PAGE, Content_Type=HTML), "blocked"),
    Common("bot page under the list's own type", body(lambda _: BOT_PAGE), "blocked"),
    Common("cut short", body(lambda whole: whole[: len(whole) // 2]), "unreachable", lists=True),
    Common(
        "cut within a character",
        body(lambda whole: whole[:-1][: len(whole) // 3] + b"\xe5"),
        "unreachable",
        lists=True,
    ),
    Common("garbage", body(lambda _: random.Random(7).randbytes(5000)), "layout_changed"),
    Common("nothing", body(lambda _: b""), "layout_changed"),
    Common("empty list", empty, "empty"),
    Common("renamed parts", body(renamed), "layout_changed"),
    Common("bomb", body(lambda _: BOMB, Content_Encoding="gzip"), "layout_changed"),
    Common("redirect in a circle", status(302, Location="?again=1"), "unreachable"),
    Common("redirect to another site", status(302, Location="https://unblock.invalid/"), "blocked"),
)


def form_of(spider: type[NoticeSpider]) -> str | None:
    """Which of the common forms a source's list has; None for FDA's tables."""
    return next((name for name, base in FORMS.items() if issubclass(spider, base)), None)


def suffer(spiders: Mapping[str, type[NoticeSpider]], folder: Path) -> dict[tuple[str, str], Outcome]:
    """Every source of a common form under every common fault."""
    jobs = {}
    for name, spider in spiders.items():
        for number, fault in enumerate(COMMON_FAULTS if form_of(spider) else ()):
            moment = _broken(FIXTURES / name, spider, fault, folder / f"{name}-{number}-moment")
            jobs[name, fault.name] = job_of(moment, name, folder / f"{name}-{number}", details=0)
    folders = [Path(job.folder).parent for job in jobs.values()]
    for start in range(0, len(folders), AT_ONCE):
        work(folders[start : start + AT_ONCE])
    return {key: outcome(job) for key, job in jobs.items()}


def _broken(moment: Path, spider: type[NoticeSpider], fault: Common, copy: Path) -> Path:
    """A moment in which the first address of the list, the one after robots.txt, answers otherwise."""
    copy.mkdir()
    recorded = json.loads((moment / "moment.json").read_text(encoding="utf-8"))
    entries = [entry for entry in recorded["responses"] if not urlsplit(entry["url"]).path.endswith("robots.txt")]
    first, others = entries[0], entries[1:]
    answer = Answer(first.get("status", 200), _headers(first), (moment / first["file"]).read_bytes())
    fault.apply(answer, spider)
    (copy / "fault").write_bytes(answer.body)
    url = canonicalize_url(first["url"])
    broken = {"url": url, "status": answer.status, "headers": answer.headers, "file": "fault"}
    whole = [{**entry, "file": str(moment / entry["file"])} for entry in others]
    if "Location" in answer.headers and answer.headers["Location"].startswith("?"):
        whole.append({**broken, "url": url.partition("?")[0] + answer.headers["Location"]})
    text = json.dumps({**recorded, "responses": [broken, *whole]})
    (copy / "moment.json").write_text(text, encoding="utf-8")
    return copy


def _headers(entry: Mapping[str, Any]) -> dict[str, str]:
    return dict(entry.get("headers") or type_of(entry["file"]))
