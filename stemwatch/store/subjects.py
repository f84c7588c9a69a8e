"""Changes with everything that rules may look at."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec
from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.rules import Subject, subject
from stemwatch.rules.backtest import Happening
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, change_view, notice_view
from stemwatch.views import ChangeView

_NOTICE = f"{NOTICE_SQL} WHERE n.source = ? AND n.key = ?"
_BODY = "SELECT coalesce(body, '') FROM search_documents WHERE id = ?"

# Moments are stored in UTC; a day is its first ten characters.
_HISTORY = f"""
SELECT * FROM (
    SELECT c.*, CASE c.verb WHEN 'baseline' THEN coalesce(c.posted_on, c.issued_on, substr(c.detected_at, 1, 10))
                ELSE substr(c.detected_at, 1, 10) END AS day
    FROM ({CHANGE_SQL} WHERE c.cause = 'source') c
) WHERE day >= :since ORDER BY change
"""


def subjects(
    db: Database, sources: Mapping[str, Source], changes: Iterable[ChangeView], *, texts: bool
) -> Iterator[Subject]:
    """One at a time; the body of a notice is the text that the search index has of it."""
    for change in changes:
        source, _, key = change.notice.partition("/")
        row = next(iter(db.query(_NOTICE, [source, key])))
        body = db.execute(_BODY, [row["id"]]).fetchone()[0] if texts else ""
        yield subject(change, notice_view(row, sources), body=body)


def history(
    db: Database, sources: Mapping[str, Source], *, since: date | None, texts: bool
) -> Iterator[Happening]:
    """What regulators did, as far as it is stored, in the order in which it was seen; `since` is a day.

    A notice of a source's first run counts as added on the day on which it was posted or, without one, issued.
    """
    for row in db.query(_HISTORY, {"since": str(since or "")}):
        change = change_view(row)
        (seen,) = subjects(db, sources, [change], texts=texts)
        first_look = change.verb == "baseline"
        yield Happening(
            subject=msgspec.structs.replace(seen, verb="added") if first_look else seen,
            day=date.fromisoformat(row["day"]),
            first_look=first_look,
            notice=change.notice,
            title=change.title,
            url=change.url,
        )


def history_size(db: Database, *, since: date | None) -> int:
    """How many `history` has."""
    found: int = db.execute(f"SELECT count(*) FROM ({_HISTORY})", {"since": str(since or "")}).fetchone()[0]
    return found
