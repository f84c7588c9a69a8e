"""Changes with everything that rules may look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice, tee

import msgspec
from sqlite_utils import Database

from stemwatch.parties.records import Parties
from stemwatch.records import Source
from stemwatch.rules import Subject, subject
from stemwatch.rules.backtest import Happening
from stemwatch.store.naming import notices_named
from stemwatch.store.views import CHANGE_SQL, change_view
from stemwatch.views import ChangeView, NoticeView

_BATCH = 100
_IDS = "SELECT value FROM json_each(?)"
_BODY = "SELECT coalesce(body, '') FROM search_documents WHERE id = ?"
_PARTIES = f"SELECT notice, body FROM parties WHERE notice IN ({_IDS})"
_NAMES = f"SELECT clinic, name FROM clinic_names WHERE clinic IN ({_IDS}) ORDER BY clinic, name"
_NUMBERS = """
SELECT w.value, n.id FROM json_each(?) w JOIN notices n ON n.source = substr(w.value, 1, instr(w.value, '/') - 1)
AND n.key = substr(w.value, instr(w.value, '/') + 1)
"""

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
    """One at a time; the body of a notice is the text that the search index has of it.

    `texts`: with what the notice says and whom it names, not only how it is filed.
    """
    left = iter(changes)
    while batch := list(islice(left, _BATCH)):
        notices = notices_named(db, sources, [change.notice for change in batch])
        said = _Said(db, notices) if texts else None
        for change in batch:
            notice = notices[change.notice]
            yield said.subject(change, notice) if said else subject(change, notice)


class _Said:
    """What some notices say: their parties and other names of their clinics at once, each text when it is read."""

    def __init__(self, db: Database, notices: Mapping[str, NoticeView]) -> None:
        self._db = db
        self._numbers: dict[str, int] = dict(db.execute(_NUMBERS, [_json(notices)]))
        decode = msgspec.json.Decoder(Parties).decode
        rows = db.execute(_PARTIES, [_json(self._numbers.values())])
        self._parties = {notice: decode(body) for notice, body in rows}
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        clinics = {clinic for notice in notices.values() for clinic in notice.clinics}
        for clinic, name in db.execute(_NAMES, [_json(clinics)]):
            self._names[clinic].append(name)

    def subject(self, change: ChangeView, notice: NoticeView) -> Subject:
        number = self._numbers[change.notice]
        return subject(
            change,
            notice,
            body=self._db.execute(_BODY, [number]).fetchone()[0],
            clinic_names=[name for clinic in notice.clinics for name in self._names[clinic]],
            parties=self._parties.get(number),
        )


def history(
    db: Database, sources: Mapping[str, Source], *, since: date | None, texts: bool
) -> Iterator[Happening]:
    """What regulators did, as far as it is stored, in the order in which it was seen; `since` is a day.

    A notice of a source's first run counts as added on the day on which it was posted or, without one, issued.
    """
    rows, same = tee(db.query(_HISTORY, {"since": str(since or "")}))
    changes, told = tee(map(change_view, same))
    for row, change, seen in zip(rows, changes, subjects(db, sources, told, texts=texts), strict=True):
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


def _json(values: Iterable[object]) -> str:
    return msgspec.json.encode(list(values)).decode()
