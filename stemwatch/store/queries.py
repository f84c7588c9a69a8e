"""Reading the store: what a crawl must know, what people ask for. Nothing here writes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlite_utils import Database

from stemwatch.cadence import MOST_FAILURES, READ, Cadence, Standing
from stemwatch.records import Source
from stemwatch.rereading import MARK
from stemwatch.store.database import day, moment, stamp
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, change_view, notice_view
from stemwatch.views import ChangeView, NoticeView, SourceView

_STANDINGS = "SELECT name, last_run, last_started_at, not_before, verdict FROM sources"
_VERDICTS = f"""SELECT verdict FROM runs WHERE source = ? AND instr(id, '{MARK}') = 0
                ORDER BY started_at DESC LIMIT ?"""


def source_views(db: Database, sources: Mapping[str, Source], every: Mapping[str, Cadence]) -> list[SourceView]:
    """Every source that is followed or ever was; `every` is how often each that is followed is due."""
    due = {standing.source: every[standing.source].due_at(standing) for standing in standings(db, every)}
    states = {row["name"]: row for row in db.query("SELECT * FROM sources")}
    sql = "SELECT source, count(*) AS notices, max(posted_on) AS newest FROM notices GROUP BY source"
    counts = {row["source"]: row for row in db.query(sql)}
    return [
        _source_view(source, states.get(name, {}), counts.get(name, {}), due.get(name))
        for name, source in sources.items()
        if name in every or name in states
        if name in every or name in states
    ]


def _source_view(
    source: Source, state: Mapping[str, Any], count: Mapping[str, Any], due_at: datetime | None
) -> SourceView:
    return SourceView(
        source=source.name,
        title=source.title,
        regulator=source.regulator,
        jurisdiction=source.jurisdiction,
        language=source.language,
        list=source.list,
        verdict=state.get("verdict"),
        verdict_since=moment(state.get("verdict_since")),
        reason=state.get("reason") or "",
        last_ok_at=moment(state.get("last_ok_at")),
        newest_on=day(count.get("newest")),
        notices=count.get("notices", 0),
        due_at=due_at,
        leftover=tuple(json.loads(state.get("leftover", "[]"))),
    )


def standings(db: Database, sources: Iterable[str]) -> list[Standing]:
    """How each source stands. It is asked every second, so it leaves the notices alone."""
    states = {row["name"]: row for row in db.query(_STANDINGS)}
    return [_standing(db, name, states.get(name, {})) for name in sources]


def _standing(db: Database, source: str, state: Mapping[str, Any]) -> Standing:
    failing = bool(state) and state["verdict"] not in READ
    return Standing(
        source=source,
        last_run=state.get("last_run") or "",
        last_started_at=moment(state.get("last_started_at")),
        not_before=moment(state.get("not_before")),
        failures=_failures(db, source) if failing else 0,
    )


def _failures(db: Database, source: str) -> int:
    """How many of the last runs of a source failed in a row, as far as it matters."""
    verdicts = db.execute(_VERDICTS, [source, MOST_FAILURES])
    return sum(1 for _ in takewhile(lambda row: row[0] not in READ, verdicts))


def newest_change(db: Database, before: datetime | None) -> int:
    """The newest change, or the newest that was seen before a moment; 0 when there is none."""
    sql = "SELECT id FROM changes WHERE detected_at < coalesce(?, '9') ORDER BY id DESC LIMIT 1"
    row = db.execute(sql, [stamp(before) if before else None]).fetchone()
    return int(row[0]) if row else 0


def last_started_at(db: Database) -> datetime | None:
    """When the newest applied run of any source began."""
    return moment(db.execute("SELECT max(last_started_at) FROM sources").fetchone()[0])


def all_notices(db: Database, sources: Mapping[str, Source]) -> Iterator[NoticeView]:
    """Every notice by its id, for a release."""
    names = [name for (name,) in db.execute("SELECT DISTINCT source FROM notices")]
    for name in sorted(names, key="{}/".format):  # a dash in a source's name sorts before the stroke
        for row in db.query(f"{NOTICE_SQL} WHERE n.source = ? ORDER BY n.key", [name]):
            yield notice_view(row, sources)


def texts(db: Database) -> Iterator[tuple[str, str]]:
    """Every notice whose page was read, with the page's text, by notice id."""
    sql = """SELECT n.source || '/' || n.key AS notice, t.body FROM notices n
             JOIN pages p ON p.notice = n.id AND p.role = 'notice' JOIN texts t ON t.page = p.id
             ORDER BY n.source, n.key"""
    for row in db.query(sql):
        yield row["notice"], row["body"]


def changes(db: Database, *, since: int = 0) -> Iterator[ChangeView]:
    """Changes after the cursor `since`, oldest first."""
    for row in db.query(f"{CHANGE_SQL} WHERE c.id > ? ORDER BY c.id", [since]):
        yield change_view(row)
