"""What a crawl starts from: everything known of its source, and the validators of its list."""

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from stemwatch.reading import Known, KnownNotice, KnownPage
from stemwatch.records import Source, Validators
from stemwatch.store.database import day, moment
from stemwatch.store.notice_rows import as_listed

_NOTICES = "SELECT {} FROM notices WHERE source = ?"
_BRIEFLY = "key, url, title, case_number, fingerprint, label, status, absent, posted_on, posted_by_page"
_PAGES = """SELECT n.key, p.role, p.url, p.etag, p.last_modified, p.read_at, p.looked_at, p.failures
            FROM pages p JOIN notices n ON n.id = p.notice WHERE n.source = ?"""
# An absence is counted by looking at the list again, so what may be absent keeps the list from being left unread.
_LISTS = """SELECT url, etag, last_modified FROM lists
            WHERE source = :source
              AND EXISTS (SELECT 1 FROM sources WHERE name = :source AND revision = :revision)
              AND NOT EXISTS (SELECT 1 FROM notices
                              WHERE source = :source AND absent > 0 AND status = 'listed')"""


def known(db: Database, source: Source) -> Known:
    """What a crawl of `source` starts from."""
    pages = _pages(db, source.name)
    lists = _lists(db, source)
    notices, newest = {}, None
    for row in db.query(_NOTICES.format("*" if lists else _BRIEFLY), [source.name]):
        notices[row["key"]] = _notice(row, pages.get(row["key"], {}), source, listed=bool(lists))
        if not row["posted_by_page"]:
            newest = max(newest or "", row["posted_on"] or "") or None
    baselined = db.execute("SELECT baselined_at FROM sources WHERE name = ?", [source.name]).fetchone()
    return Known(
        source=source.name,
        baselined=baselined is not None and baselined[0] is not None,
        newest_on=day(newest),
        lists=lists,
        notices=notices,
    )


def save_lists(db: Database, source: str, lists: Mapping[str, Validators]) -> None:
    """Remember the validators of a list that was read whole."""
    db.execute("DELETE FROM lists WHERE source = ?", [source])
    rows = ((source, url, said.etag, said.last_modified) for url, said in lists.items())
    db.conn.executemany("INSERT INTO lists VALUES (?, ?, ?, ?)", rows)


def _lists(db: Database, source: Source) -> dict[str, Validators]:
    found = db.query(_LISTS, {"source": source.name, "revision": source.revision})
    return {row["url"]: Validators(etag=row["etag"], last_modified=row["last_modified"]) for row in found}


def _pages(db: Database, source: str) -> dict[str, dict[str, KnownPage]]:
    pages: dict[str, dict[str, KnownPage]] = {}
    for row in db.query(_PAGES, [source]):
        pages.setdefault(row["key"], {})[row["role"]] = KnownPage(
            url=row["url"],
            etag=row["etag"],
            last_modified=row["last_modified"],
            read_at=moment(row["read_at"]),
            looked_at=moment(row["looked_at"]),
            failures=row["failures"],
        )
    return pages


def _notice(row: dict[str, Any], pages: dict[str, KnownPage], source: Source, *, listed: bool) -> KnownNotice:
    """`listed`: the list may answer that it is unchanged, so what it said must be known for pages that are due."""
    read = source.pages == "all" or (source.pages == "likely" and row["label"] != "unrelated")
    return KnownNotice(
        url=row["url"],
        fingerprint=row["fingerprint"],
        title=row["title"] if row["case_number"] else "",
        case_number=row["case_number"],
        label=row["label"],
        listed=row["status"] == "listed",
        absent=row["absent"],
        pages=pages,  # type: ignore[arg-type]
        row=as_listed(row) if listed and read and row["status"] == "listed" else None,
    )
