"""What happened to a notice, by day: what the regulator dates, and what Stemwatch saw. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import count
from typing import Literal, NamedTuple

from publish.site.differences import Difference, difference, weight_of
from stemwatch.views import CorrectionView, FieldChange, HistoryView, NoticeView
from stemwatch.words import Cause, Verb

MOST = 40
"""Entries that are shown: the newest."""
DIFFERENCE = 8_000
"""Bytes of one difference that are shown."""
ALL_DIFFERENCES = 20_000
EDITS = 20

Dated = Literal["issued", "posted", "closed_out", "responded"]


class Entry(NamedTuple):
    """What the regulator itself dates (`dated`, on a day), or a change as we saw it (`verb`, at a moment)."""

    on: date
    dated: Dated | None = None
    url: str = ""
    at: datetime | None = None
    change: int = 0
    verb: Verb | None = None
    cause: Cause | None = None
    edited: tuple[FieldChange, ...] = ()
    related: str | None = None
    words: Difference | None = None
    corrections: tuple[CorrectionView, ...] = ()


class Timeline(NamedTuple):
    """The newest entries, oldest of them first, and how many earlier ones are left out."""

    entries: tuple[Entry, ...]
    more: int


def timeline(notice: NoticeView, history: Sequence[HistoryView], wrong: Sequence[CorrectionView]) -> Timeline:
    """All that is known of the life of a notice."""
    seen = list(_seen(history, wrong))
    order = count()
    ranked = sorted([*_dates(notice), *seen], key=lambda entry: (entry.on, entry.at is not None, next(order)))
    return Timeline(tuple(ranked[-MOST:]), max(0, len(ranked) - MOST))


def _dates(notice: NoticeView) -> Iterator[Entry]:
    days: tuple[tuple[Dated, date | None, str], ...] = (
        ("issued", notice.issued_on, ""),
        ("posted", notice.posted_on, ""),
        ("responded", notice.responded_on, notice.responded_url),
        ("closed_out", notice.closed_out_on, notice.closed_out_url),
    )
    return (Entry(on, dated=dated, url=url) for dated, on, url in days if on)


def _seen(history: Iterable[HistoryView], wrong: Sequence[CorrectionView]) -> Iterator[Entry]:
    room = ALL_DIFFERENCES
    for change in history:
        words = difference(change.diff, min(room, DIFFERENCE)) if change.diff else None
        room -= sum(map(weight_of, words.lines)) if words else 0
        yield Entry(
            on=change.detected_at.date(),
            at=change.detected_at,
            change=change.change,
            verb=change.verb,
            cause=change.cause,
            edited=tuple(edit for edit in change.edited if edit.old or edit.new)[:EDITS],
            related=change.related,
            words=words,
            corrections=tuple(each for each in wrong if each.change == change.change),
        )
