"""Rows as people, rules and messages are shown them."""

from collections.abc import Collection, Mapping

import msgspec

from stemwatch.changes import Stored, lines_replaced
from stemwatch.deliveries import Content, Correction, Delivery, LedgerView, Status
from stemwatch.reading import KnownNotice
from stemwatch.records import Source
from stemwatch.views import ChangeView, NoticeView
from tests.store.memory.tables import ChangeRow, DeliveryRow, NoticeRow, Shelf, Tables


def change_view(tables: Tables, row: ChangeRow) -> ChangeView:
    notice = tables.notices[row.notice]
    relevance = notice.assessment.relevance
    return ChangeView(
        change=row.number,
        notice=notice.name,
        source=notice.source,
        verb=row.verb,
        cause=row.cause,
        detected_at=row.detected_at,
        posted_on=notice.listed.posted_on or notice.posted_by_page,
        issued_on=notice.listed.issued_on,
        title=notice.listed.title,
        url=notice.listed.url,
        relevance=relevance,
        reasons=relevance.reasons,
        clinics=(),
        edited=row.edited,
        related=tables.notices[row.related].name if row.related else None,
        late=row.late,
    )


def notice_view(tables: Tables, row: NoticeRow, source: Source) -> NoticeView:
    closeout = tables.notices[row.closed_by].listed if row.closed_by else None
    page = row.pages.get("notice")
    listed, relevance = row.listed, row.assessment.relevance
    taken = ("key", "url", "title", "issued_on", "case_number", "responded_on", "responded_url")
    return NoticeView(
        **{name: getattr(listed, name) for name in taken},
        notice=row.name,
        source=row.source,
        kind=row.kind,
        posted_on=listed.posted_on or row.posted_by_page,
        regulator=source.regulator,
        jurisdiction=source.jurisdiction,
        language=source.language,
        stage="closed" if row.closed_out_on or closeout else row.assessment.stage,
        status=row.status,
        absent_since=row.absent_since,
        reissued_as=tables.notices[row.reissued_as].name if row.reissued_as else None,
        closed_out_on=row.closed_out_on or (closeout.posted_on if closeout else None),
        closed_out_url=listed.closed_out_url or (closeout.url if closeout else ""),
        relevance=relevance,
        products=relevance.products,
        clinics=(),
        fields={**(page.content.fields if page else {}), **listed.fields},
        first_seen_at=row.first_seen_at,
        page_read_at=page.known.read_at if page else None,
        event=None,
    )


def as_stored(row: NoticeRow) -> Stored:
    """A notice as the diff wants it."""
    return Stored(
        content=row.listed.content(),
        closed_out_on=row.listed.closed_out_on,
        closed_elsewhere=bool(row.closed_by or row.closed_by_page),
        responded_on=row.listed.responded_on,
        status=row.status,
        doubted=row.listed.doubtful,
    )


def known_notice(row: NoticeRow, source: Source, *, unchanged: bool) -> KnownNotice:
    """`unchanged`: the list may answer so, and then what it said must be known for pages that are due."""
    listed, label = row.listed, row.assessment.relevance.label
    read = source.pages == "all" or (source.pages == "likely" and label != "unrelated")
    said = msgspec.structs.replace(listed, kind=row.kind, capture="", backfilled=False)
    return KnownNotice(
        url=listed.url,
        fingerprint=listed.fingerprint,
        title=listed.title if listed.case_number else "",
        case_number=listed.case_number,
        label=label,
        listed=row.status == "listed",
        absent=row.absent,
        pages={role: page.known for role, page in row.pages.items()},
        row=said if unchanged and read and row.status == "listed" else None,
    )


class MemoryContents:
    """Reads what deliveries tell."""

    def __init__(self, shelf: Shelf, sources: Mapping[str, Source]) -> None:
        self.shelf = shelf
        self.sources = sources

    def of(self, deliveries: Collection[Delivery]) -> dict[int, list[Content]]:
        tables = self.shelf.tables
        found: dict[int, list[Content]] = {delivery.id: [] for delivery in deliveries}
        for (_, change), told in sorted(tables.told.items(), key=lambda item: item[0][1]):
            if told.delivery in found:
                found[told.delivery].append(self._content(tables, change, told.why, late=told.late))
        for delivery in deliveries:
            if delivery.correction is not None:
                found[delivery.id].append(self._content(tables, delivery.correction, (), late=False))
        return found

    def _content(self, tables: Tables, number: int, why: tuple[str, ...], *, late: bool) -> Content:
        row = tables.changes[number]
        notice = tables.notices[row.notice]
        view = change_view(tables, row)
        return Content(
            change=msgspec.structs.replace(view, late=view.late or late),
            notice=notice_view(tables, notice, self.sources[notice.source]),
            diff=_diff(tables, row),
            why=why,
        )

    def about(self, delivery: Delivery) -> Correction | None:
        """A correction has the number of the change that it is about."""
        if delivery.correction is None:
            return None
        tables, change = self.shelf.tables, delivery.correction
        told = tables.told[delivery.subscription, change]
        accepted = tables.deliveries[told.delivery].sent_at
        assert accepted is not None
        return Correction(change, tables.corrections[change], accepted)


def _diff(tables: Tables, row: ChangeRow) -> tuple[str, ...]:
    later = [one for one in tables.changes.values() if one.notice == row.notice and one.number > row.number]
    lines: list[str] = []
    for role, before in row.replaced:
        now = tables.notices[row.notice].pages[role].content.text
        after = next((text for one in later for of, text in one.replaced if of == role), now)
        lines.extend(lines_replaced(before.split("\n"), after.split("\n")))
    return tuple(lines)


def ledger_view(shelf: Shelf, row: DeliveryRow) -> LedgerView:
    tables = shelf.tables
    told = {change for (_, change), one in tables.told.items() if one.delivery == row.number}
    told |= {row.correction} if row.correction else set()
    notices = {tables.notices[tables.changes[change].notice].name for change in told}
    taken = ("subscription", "kind", "subject", "due_at", "attempts", "sent_at", "answer", "error")
    values = {name: getattr(row, name) for name in taken}
    return LedgerView(
        **values,
        delivery=row.number,
        status=_status(row),
        notices=tuple(sorted(notices)),
        as_event=(),
        next_try_at=row.next_try_at if row.pending else None,
        key=shelf.key(row),
    )


def _status(row: DeliveryRow) -> Status:
    if row.sent_at:
        return "sent"
    if row.dead_at:
        return "withdrawn" if row.withdrawn else "failed"
    return "waiting"
