"""Changes with everything that rules may look at."""

from collections.abc import Iterable, Iterator, Mapping

from sqlite_utils import Database

from stemwatch.records import Source
from stemwatch.rules import Subject, subject
from stemwatch.store.views import NOTICE_SQL, notice_view
from stemwatch.views import ChangeView

_NOTICE = f"{NOTICE_SQL} WHERE n.source = ? AND n.key = ?"
_BODY = "SELECT coalesce(body, '') FROM search_documents WHERE id = ?"


def subjects(
    db: Database, sources: Mapping[str, Source], changes: Iterable[ChangeView], *, texts: bool
) -> Iterator[Subject]:
    """One at a time; the body of a notice is the text that the search index has of it."""
    for change in changes:
        source, _, key = change.notice.partition("/")
        row = next(iter(db.query(_NOTICE, [source, key])))
        body = db.execute(_BODY, [row["id"]]).fetchone()[0] if texts else ""
        yield subject(change, notice_view(row, sources), body=body)
