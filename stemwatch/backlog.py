"""The pages a crawl should read, in order. Pure: the list as just read and what was known before go in."""

from collections.abc import Callable, Container, Iterator, Mapping
from datetime import datetime

from stemwatch.changes import same_firm
from stemwatch.reading import (
    ABSENCES,
    AGAIN,
    CHANGED,
    CLOSED,
    MISSING,
    NEW,
    UNREAD,
    UNREAD_LIKELY,
    Known,
    KnownNotice,
    Reading,
    due,
)
from stemwatch.records import Listed
from stemwatch.relevance import judge
from stemwatch.words import Label, PagesRead, Role

MOST_MISSING = 20
"""Addresses of vanished notices asked in one run; more at once is a broken list rather than an event."""


def backlog(
    rows: Mapping[str, Listed],
    known: Known,
    *,
    now: datetime,
    complete: bool,
    likely: Callable[[Listed], bool],
    recheck: bool,
    pages: PagesRead = "all",
    written: Container[str] = (),
) -> list[Reading]:
    """Everything worth reading now. `written` are further keys that the list showed.

    `recheck` makes every page that was read before due, and only those and what is new; `complete` says that
    absence from the list means something.
    """
    found = list(_missing(rows, known, written)) if complete else []
    if pages != "none":
        for row in rows.values():
            found.extend(_of_row(row, known, now, likely, recheck))
    return sorted(found, key=lambda reading: reading.order)


def worth_reading(row: Listed, known: Known, pages: PagesRead, likely: Callable[[Listed], bool]) -> bool:
    """Whether any page of a notice may have to be read, now or in a later run."""
    if pages != "likely":
        return pages == "all"
    return _label(row, known) != "unrelated" or likely(row)


def _label(row: Listed, known: Known) -> Label:
    notice = known.notices.get(row.key)
    return notice.label if notice else judge({"title": row.title, **row.fields}).label


def _missing(rows: Mapping[str, Listed], known: Known, written: Container[str]) -> Iterator[Reading]:
    """Addresses of notices that left the list: when they left for long, or when one may have replaced them."""
    gone = [
        (key, notice)
        for key, notice in known.notices.items()
        if notice.listed
        and key not in rows
        and key not in written
        and (notice.absent + 1 >= ABSENCES or _replaced(notice, rows))
    ]
    gone.sort(key=lambda entry: _last_asked(entry[1]))
    for key, notice in gone[:MOST_MISSING]:
        yield Reading(rank=MISSING, newest="", key=key, role="notice", url=notice.url, existence=True)


def _last_asked(notice: KnownNotice) -> float:
    """Those not asked for longest come first, so that addresses that fail do not starve the others."""
    page = notice.pages.get("notice")
    return page.looked_at.timestamp() if page and page.looked_at else 0.0


def _replaced(notice: KnownNotice, rows: Mapping[str, Listed]) -> bool:
    return bool(notice.case_number) and any(
        row.case_number == notice.case_number and same_firm(row.title, notice.title) for row in rows.values()
    )


def _of_row(
    row: Listed, known: Known, now: datetime, likely: Callable[[Listed], bool], recheck: bool
) -> Iterator[Reading]:
    notice = known.notices.get(row.key)
    label = _label(row, known)
    unread = UNREAD_LIKELY if label != "unrelated" or likely(row) else UNREAD
    changed = notice is not None and notice.fingerprint != row.fingerprint
    first = NEW if known.notices and notice is None else None
    addresses: tuple[tuple[Role, str, int | None], ...] = (
        ("notice", row.url, first if first is not None else CHANGED if changed else None),
        ("closeout", row.closed_out_url, CLOSED if changed or first is not None else None),
        ("response", row.responded_url, CLOSED if changed or first is not None else None),
    )
    for role, url, urgent in addresses:
        rank = _rank(notice, role, label, now, urgent=urgent, unread=unread, recheck=recheck)
        if url and rank is not None:
            page = notice.pages.get(role) if notice else None
            newest = str(row.posted_on or "")
            yield Reading(rank=rank, newest=newest, key=row.key, role=role, url=url, known=page)


def _rank(
    notice: KnownNotice | None,
    role: Role,
    label: Label,
    now: datetime,
    *,
    urgent: int | None,
    unread: int,
    recheck: bool,
) -> int | None:
    """How urgent a page is; None when it need not be read now."""
    page = notice.pages.get(role) if notice else None
    if urgent is not None:
        return urgent
    if page is None or page.read_at is None:
        return None if recheck or (page and not due(page, label, now)) else unread
    return AGAIN if recheck or due(page, label, now) else None
