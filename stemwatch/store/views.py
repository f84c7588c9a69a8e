"""Rows of the database as the views that people and programs are shown."""

from collections.abc import Mapping
from typing import Any

import msgspec

from stemwatch.records import Source
from stemwatch.relevance import Reason, Relevance
from stemwatch.store.database import day, moment
from stemwatch.views import CaptureView, ChangeView, FieldChange, NoticeView
from stemwatch.words import Product, Route

Row = dict[str, Any]

# Whom a notice only mentions in passing is left out, unless it is about nobody else.
_CLINICS = """
       (SELECT group_concat(clinic, ' ') FROM (
            SELECT clinic FROM actors WHERE notice = n.id AND (slot = '' OR tie <> 'named') ORDER BY id
        )) AS clinics
""".strip()
_EVENT = """
       (SELECT f.source || '/' || f.key FROM events e JOIN notices f ON f.id = e.event WHERE e.notice = n.id)
       AS event
""".strip()
NOTICE_SQL = f"""
SELECT n.*, n.source || '/' || n.key AS notice,
       (SELECT n.source || '/' || r.key FROM notices r WHERE r.id = n.reissued_as) AS reissued_key,
       (SELECT c.posted_on FROM notices c WHERE c.id = n.closed_by) AS closed_by_on,
       (SELECT c.url FROM notices c WHERE c.id = n.closed_by) AS closed_by_url,
       (SELECT p.read_at FROM pages p WHERE p.notice = n.id AND p.role = 'notice') AS page_read_at,
       (SELECT p.fields FROM pages p WHERE p.notice = n.id AND p.role = 'notice') AS page_fields,
       {_EVENT},
       {_CLINICS}
FROM notices n
"""
CHANGE_SQL = f"""
SELECT c.id AS change, c.verb, c.cause, c.detected_at, c.edited, c.late,
       n.source || '/' || n.key AS notice, n.id AS notice_id, n.source, n.posted_on, n.issued_on, n.title, n.url,
       n.label, n.score, n.reasons, n.products, n.routes,
       (SELECT r.source || '/' || r.key FROM notices r WHERE r.id = c.related) AS related,
       {_CLINICS}
FROM changes c JOIN notices n ON n.id = c.notice
"""


_reasons = msgspec.json.Decoder(tuple[Reason, ...]).decode
_products = msgspec.json.Decoder(tuple[Product, ...]).decode
_routes = msgspec.json.Decoder(tuple[Route, ...]).decode
_fields = msgspec.json.Decoder(dict[str, str]).decode
edits = msgspec.json.Decoder(tuple[FieldChange, ...]).decode


def relevance(row: Row) -> Relevance:
    return Relevance(
        label=row["label"],
        score=row["score"],
        reasons=_reasons(row["reasons"]),
        products=_products(row["products"]),
        routes=_routes(row["routes"]),
    )


def forgotten(name: str) -> Source:
    """A source that is known no more (a feed taken out of the settings): its notices stay."""
    return Source(
        name=name,
        title=name,
        regulator=name,
        jurisdiction="",
        language="",
        kind="",
        list="window",
        url="",
        licence="",
        every_minutes=0,
        delay_seconds=0.0,
        details_per_run=0,
        revision=0,
    )


def clinics(row: Row) -> tuple[str, ...]:
    """The clinics that a notice names, whom it is about first."""
    return tuple(dict.fromkeys((row["clinics"] or "").split()))


def notice_view(row: Row, sources: Mapping[str, Source]) -> NoticeView:
    """One row of NOTICE_SQL. What the page adds (recipient, products) stands beside what the list says."""
    source = sources.get(row["source"]) or forgotten(row["source"])
    judged = relevance(row)
    page_fields = _fields(row["page_fields"] or "{}")
    fields = _fields(row["fields"])
    taken = ("notice", "source", "key", "url", "kind", "title", "status", "case_number", "event")
    first_seen = moment(row["first_seen_at"])
    assert first_seen is not None
    return NoticeView(
        **{name: row[name] for name in taken},
        posted_on=day(row["posted_on"]),
        issued_on=day(row["issued_on"]),
        regulator=source.regulator,
        jurisdiction=source.jurisdiction,
        language=source.language,
        stage="closed" if row["closed_out_on"] or row["closed_by"] else row["stage"],
        absent_since=day(row["absent_since"]),
        reissued_as=row["reissued_key"],
        closed_out_on=day(row["closed_out_on"] or row["closed_by_on"]),
        closed_out_url=row["closed_out_url"] or row["closed_by_url"] or "",
        responded_on=day(row["responded_on"]),
        responded_url=row["responded_url"],
        relevance=judged,
        products=judged.products,
        clinics=clinics(row),
        fields={**page_fields, **fields},
        first_seen_at=first_seen,
        page_read_at=moment(row["page_read_at"]),
    )


def change_view(row: Row) -> ChangeView:
    """One row of CHANGE_SQL."""
    judged = relevance(row)
    taken = ("change", "notice", "source", "verb", "cause", "title", "url", "related")
    detected = moment(row["detected_at"])
    assert detected is not None
    return ChangeView(
        **{name: row[name] for name in taken},
        detected_at=detected,
        posted_on=day(row["posted_on"]),
        issued_on=day(row["issued_on"]),
        relevance=judged,
        reasons=judged.reasons,
        clinics=clinics(row),
        edited=edits(row["edited"]),
        late=bool(row["late"]),
    )


def capture_view(row: Row) -> CaptureView:
    fetched = moment(row["fetched_at"])
    assert fetched is not None
    taken = ("url", "status", "sha256", "file", "offset", "length")
    return CaptureView(fetched_at=fetched, **{name: row[name] for name in taken})
