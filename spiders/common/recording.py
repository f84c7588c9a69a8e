"""Recorded moments: what the sites answered in one crawl, as a folder that can be replayed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from spiders.common.mirror import TYPES
from stemwatch.bundle import Bundle
from stemwatch.evidence import read_answer
from stemwatch.records import Capture

MOMENT = "moment.json"
# Headers that say how an answer travelled, when, and to whom, not what it is.
_OF_THE_WAY = {
    "age", "alt-svc", "cache-control", "connection", "content-encoding", "content-length", "date", "expires",
    "server", "set-cookie", "strict-transport-security", "transfer-encoding", "vary", "via",
}  # fmt: skip
_ENDINGS = {kind.partition(";")[0]: ending for ending, kind in TYPES.items()} | {"text/xml": ".xml"}


def answers(bundle: Bundle) -> Iterator[tuple[Capture, dict[str, str], bytes]]:
    """What each address answered in a crawl the last time it was asked: headers and decompressed body."""
    captures = {record.url: record for record, _ in bundle.lines() if isinstance(record, Capture)}
    with TemporaryDirectory(prefix="stemwatch-") as folder:
        file = Path(folder) / "captures.warc.gz"
        if not bundle.extract_captures(file):
            return
        for capture in captures.values():
            headers, body = read_answer(file, capture)
            yield capture, dict(headers), body


def save_moment(bundle: Bundle, folder: Path, **options: Any) -> None:
    """Write what was answered in a crawl into `folder`. `options` are those of the crawl, which a replay needs.
    What was recorded there before goes."""
    folder.mkdir(parents=True, exist_ok=True)
    _remove_recorded(folder)
    responses = []
    for number, (capture, headers, body) in enumerate(answers(bundle), start=1):
        kept = {name: value for name, value in headers.items() if name.lower() not in _OF_THE_WAY}
        name = f"{number:02}-{_slug(capture.url)}{_ending(headers.get('Content-Type', ''))}"
        (folder / name).write_bytes(body)
        status = {"status": capture.status} if capture.status != 200 else {}
        responses.append({"url": capture.url, **status, "file": name, "headers": kept})
    moment = {"at": bundle.report.started_at.isoformat(), "options": options, "responses": responses}
    (folder / MOMENT).write_text(json.dumps(moment, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _remove_recorded(folder: Path) -> None:
    before = folder / MOMENT
    if not before.exists():
        return
    for response in json.loads(before.read_text(encoding="utf-8"))["responses"]:
        if "file" in response:
            (folder / response["file"]).unlink(missing_ok=True)


def _slug(url: str) -> str:
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")[:40] or "list"


def _ending(kind: str) -> str:
    """The ending by which a file of this media type is known to a replay."""
    kind = kind.partition(";")[0].strip().lower()
    suffix = kind.rpartition("+")[2]
    return _ENDINGS.get(kind) or {"xml": ".xml", "json": ".json"}.get(suffix, ".txt")
