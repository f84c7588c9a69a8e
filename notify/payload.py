"""What our webhooks carry: one message as JSON. `schema()` is kept in docs/webhook.schema.json. Pure."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from notify.content import Content, Kind
from notify.frame import Frame
from notify.item import Mention
from stemwatch.views import SourceView

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Window(msgspec.Struct, frozen=True):
    """What a digest covers: `start` <= t < `end`."""

    start: datetime
    end: datetime


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one subscription. It has the same bytes at every attempt.

    `cursor` is the last change that this tells of, 0 when it tells of none: `stemwatch changes --since CURSOR`
    shows what came after it. `sentences` hold what is said in words: of a correction, what was wrong. Of a `test`,
    nothing is true.
    """

    type: Kind
    test: bool
    timestamp: datetime
    cursor: int
    subscription: str
    note: str
    subject: str
    sentences: tuple[str, ...]
    window: Window | None
    mentions: tuple[Mention, ...]
    coverage: tuple[SourceView, ...]


def payload(content: Content, frame: Frame, subject: str) -> Payload:
    """The content for a program; `subject` is for people."""
    window = Window(content.start, content.end) if content.start and content.end else None
    return Payload(
        type=content.kind,
        test=frame.test,
        timestamp=_happened(content),
        cursor=content.cursor,
        subscription=frame.subscription,
        note=frame.note,
        subject=subject,
        sentences=content.sentences,
        window=window,
        mentions=content.mentions,
        coverage=content.coverage,
    )


def _happened(content: Content) -> datetime:
    """When it became true: the end of a window, the time of a note, else when the last change was seen."""
    seen = (change.detected_at for mention in content.mentions for change in mention.changes)
    return content.end or max(seen, default=content.start or BEGINNING)


def schema() -> dict[str, Any]:
    """The JSON Schema of a payload."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stemwatch webhook payload",
        **msgspec.json.schema(Payload),
    }
