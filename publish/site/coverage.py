"""What was looked at: the sentence that every page ends with."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from publish.site.asking import Asked
from stemwatch.views import SourceView


class Coverage(msgspec.Struct, frozen=True):
    """How the sources fare: how many there are, how many of them the last run read whole, the latest good check,
    the newest posted date, and which could not be read whole.
    """

    sources: int
    healthy: int
    last_ok_at: datetime | None
    newest_on: date | None
    failing: tuple[str, ...]


def coverage(asked: Asked) -> Coverage:
    """The coverage as stored now."""
    return covered(sources_of(asked))


def sources_of(asked: Asked) -> tuple[SourceView, ...]:
    """Every source and how it fares."""
    return asked.store.once("sources", lambda: tuple(asked.store.source_views(asked.site.every)))


def covered(views: Sequence[SourceView]) -> Coverage:
    """Pure: the figures over all sources."""
    checked = [view.last_ok_at for view in views if view.last_ok_at]
    newest = [view.newest_on for view in views if view.newest_on]
    return Coverage(
        sources=len(views),
        healthy=sum(view.verdict == "ok" for view in views),
        last_ok_at=max(checked, default=None),
        newest_on=max(newest, default=None),
        failing=tuple(view.source for view in views if view.verdict not in ("ok", None)),
    )
