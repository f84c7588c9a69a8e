"""A notice's row: how a list record becomes one, and how it is compared with a newer record."""

from typing import Any

import msgspec
from sqlite_utils import Database

from stemwatch.assessing import Assessment, Document, assess
from stemwatch.changes import Stored
from stemwatch.records import Listed
from stemwatch.store.database import day

LISTED_COLUMNS = (
    "url",
    "title",
    "posted_on",
    "issued_on",
    "case_number",
    "fields",
    "closed_out_on",
    "closed_out_url",
    "responded_on",
    "responded_url",
    "fingerprint",
    "capture",
    "doubted",
)
LISTED_AGAIN = "status = 'listed', absent = 0, absent_since = NULL, reissued_as = NULL"
JUDGED_COLUMNS = ("label", "score", "reasons", "products", "routes", "stage")


_columns = ("source", "key", "kind", "first_run", "first_seen_at", *LISTED_COLUMNS, *JUDGED_COLUMNS)
_INSERT = f"INSERT INTO notices ({', '.join(_columns)}) VALUES ({', '.join('?' * len(_columns))})"


def insert(db: Database, source: str, listed: Listed, *, run: str, at: str) -> int:
    """A notice never seen before, judged by what the list says; returns its row's id."""
    seen = (source, listed.key, listed.kind, run, at)
    values = (*seen, *listed_values(listed), *judged_values(judge_header(listed)))
    return int(db.conn.execute(_INSERT, values).lastrowid or 0)


def with_page_days(listed: Listed, row: dict[str, Any]) -> Listed:
    """What the list says, with the days that it leaves to the notice's page."""
    if row["posted_by_page"] and listed.posted_on is None:
        listed = msgspec.structs.replace(listed, posted_on=day(row["posted_on"]))
    if row["closed_by_page"] and listed.closed_out_on is None:
        listed = msgspec.structs.replace(listed, closed_out_on=day(row["closed_out_on"]))
    return listed


def listed_values(listed: Listed) -> tuple[Any, ...]:
    """The values of LISTED_COLUMNS."""
    return (
        listed.url,
        listed.title,
        _iso(listed.posted_on),
        _iso(listed.issued_on),
        listed.case_number,
        _json(listed.fields),
        _iso(listed.closed_out_on),
        listed.closed_out_url,
        _iso(listed.responded_on),
        listed.responded_url,
        listed.fingerprint,
        listed.capture,
        int(listed.doubtful),
    )


def stored(row: dict[str, Any]) -> Stored:
    """A row of `notices` as the diff wants it."""
    return Stored(
        content=as_listed(row).content(),
        closed_out_on=None if row["closed_by_page"] else day(row["closed_out_on"]),
        closed_elsewhere=row["closed_by"] is not None or bool(row["closed_by_page"]),
        responded_on=day(row["responded_on"]),
        status=row["status"],
        doubted=bool(row["doubted"]),
    )


def as_listed(row: dict[str, Any]) -> Listed:
    """A row of `notices` as the record that the list gave."""
    return Listed(
        key=row["key"],
        url=row["url"],
        title=row["title"],
        kind=row["kind"],
        posted_on=None if row["posted_by_page"] else day(row["posted_on"]),
        issued_on=day(row["issued_on"]),
        case_number=row["case_number"],
        fields=msgspec.json.decode(row["fields"], type=dict[str, str]),
        closed_out_on=None if row["closed_by_page"] else day(row["closed_out_on"]),
        closed_out_url=row["closed_out_url"],
        responded_on=day(row["responded_on"]),
        responded_url=row["responded_url"],
        fingerprint=row["fingerprint"],
        doubtful=bool(row["doubted"]),
    )


def judged_values(assessment: Assessment) -> tuple[Any, ...]:
    """The values of JUDGED_COLUMNS."""
    relevance = assessment.relevance
    facets = (relevance.reasons, relevance.products, relevance.routes)
    return (relevance.label, relevance.score, *map(_json, facets), assessment.stage)


def judge_header(listed: Listed) -> Assessment:
    """What the list says of a notice, before its page has been read."""
    return assess(Document(fields={"title": listed.title, **listed.fields}, kind=listed.kind))


def _iso(value: object) -> str | None:
    return str(value) if value else None


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
