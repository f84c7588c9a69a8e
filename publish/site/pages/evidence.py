"""The record of one response, as a WARC file of its own."""

import re
from datetime import UTC, datetime
from http import HTTPStatus

from publish.site.asking import Answer, Asked, Trouble
from publish.site.texts import texts
from stemwatch.evidence import read_record
from stemwatch.records import Capture
from stemwatch.views import CaptureView

HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Robots-Tag": "noindex"}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def evidence(asked: Asked) -> Answer:
    """The record whose body has the SHA-256 of the address; `at` tells apart what was fetched more than once."""
    digest = asked.path["sha256"]
    found = asked.store.capture(digest, _moment(asked)) if _DIGEST.fullmatch(digest) else None
    if found is None:
        raise Trouble(HTTPStatus.NOT_FOUND, texts(asked.site.language, "notice")["no_record"])
    return Answer(
        read_record(asked.site.home / found.file, _capture(found)),
        "application/gzip",
        headers={"Content-Disposition": f'attachment; filename="{digest}.warc.gz"'},
    )


def _moment(asked: Asked) -> datetime | None:
    value = asked.one("at")
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if value else None
    except ValueError:
        raise Trouble(HTTPStatus.BAD_REQUEST, f"at {value!r} is no moment such as 2025-01-28T16:00:00Z.") from None


def _capture(view: CaptureView) -> Capture:
    return Capture(
        sha256=view.sha256,
        url=view.url,
        fetched_at=view.fetched_at,
        status=view.status,
        offset=view.offset,
        length=view.length,
    )
