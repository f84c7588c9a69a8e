"""The pages of notices: read for the first time, read again, looked at in vain."""

from collections.abc import Iterable
from typing import Any

import msgspec

from stemwatch.bundle import Report
from stemwatch.changes import PageContent, compare_pages, of_page, without_moved
from stemwatch.reading import KnownPage
from stemwatch.records import Look, Page
from stemwatch.words import Cause, Role
from tests.store.memory.journal import Journal
from tests.store.memory.tables import PageRow, Tables, put, whole


class Pages:
    """The pages that one run brings."""

    def __init__(self, tables: Tables, journal: Journal, report: Report) -> None:
        self.tables = tables
        self.journal = journal
        self.report = report

    def apply(self, notice: int, page: Page, trusted: bool) -> None:
        """An untrusted run may bring a page that was never read; an edit waits for a better run."""
        old = self.tables.notices[notice].pages.get(page.role)
        if old is None or old.known.read_at is None:
            self._save(notice, page)
            if page.role == "notice":
                self._close(notice, page, "backfill")
                self.journal.match_again(notice)
        elif old.fingerprint == page.fingerprint:
            seen = msgspec.structs.replace(_known(page), url=old.known.url)
            self._put(notice, page.role, msgspec.structs.replace(old, known=seen, revision=self.report.revision))
        elif trusted:
            self._edit(notice, page, old)

    def _edit(self, notice: int, page: Page, old: PageRow) -> None:
        listed = self.tables.notices[notice].listed
        edits = without_moved(compare_pages(old.content, page), (listed.title, *listed.fields.values()))
        cause: Cause = "source" if old.revision == self.report.revision else "parser"
        if page.role == "notice":
            self._close(notice, page, cause)
        if edits:
            entry = self.journal.note(notice, ["edited"], cause=cause)
            entry.edited.extend(of_page(edit, page) for edit in edits)
            entry.replaced.append((page.role, old.content.text))
        self._save(notice, page)

    def _close(self, notice: int, page: Page, cause: Cause) -> None:
        """Take the day on which a page says that its notice was withdrawn, where the list says none."""
        row = self.tables.notices[notice]
        if row.listed.closed_out_on is None:
            put(self.tables.notices, notice, closed_by_page=page.closed_out_on)
        if page.closed_out_on and row.closed_out_on is None and notice not in self.journal.fresh:
            self.journal.note(notice, ["closed_out"], cause=cause)

    def _save(self, notice: int, page: Page) -> None:
        content = PageContent(label=page.label, fields=page.fields, text=page.text)
        row = PageRow(
            known=_known(page), content=content, fingerprint=page.fingerprint, revision=self.report.revision
        )
        self._put(notice, page.role, row)
        self.journal.touched.add(notice)
        said: dict[str, Any] = {"kind": page.kind} if page.kind else {}
        if page.posted_on and self.tables.notices[notice].listed.posted_on is None:
            said["posted_by_page"] = page.posted_on
        if page.role == "notice":
            put(self.tables.notices, notice, **said)

    def _put(self, notice: int, role: Role, page: PageRow) -> None:
        pages = self.tables.notices[notice].pages
        put(self.tables.notices, notice, pages={**pages, role: page})

    def look(self, source: str, looks: Iterable[Look]) -> None:
        """Looks that brought no text: a 304 counts as a look, a failure puts the next try off."""
        for look in looks:
            number = self.tables.numbers.get(f"{source}/{look.key}")
            old = self.tables.notices[number].pages.get(look.role) if number else None
            if number is None or (old is None and look.outcome != "failed"):
                continue
            row = old or PageRow(known=KnownPage(url=look.url))
            failures = {"unchanged": 0, "failed": row.known.failures + 1}.get(look.outcome)
            if failures is not None:
                known = msgspec.structs.replace(row.known, looked_at=whole(look.looked_at), failures=failures)
                self._put(number, look.role, msgspec.structs.replace(row, known=known))


def _known(page: Page) -> KnownPage:
    at = whole(page.read_at)
    return KnownPage(url=page.url, etag=page.etag, last_modified=page.last_modified, read_at=at, looked_at=at)
