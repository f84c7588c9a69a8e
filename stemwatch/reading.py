"""Which pages a crawl reads, and in which order. Pure.

Regulators ask for long pauses, so pages are a backlog: what is new first, then what is likely to matter, then
a second look at what was read before, then the rest, newest first.
"""

from datetime import date, datetime, timedelta

import msgspec

from stemwatch.records import Listed, Record, Validators
from stemwatch.words import Label, Role

LOOK_AGAIN: dict[Label, timedelta] = {
    "relevant": timedelta(days=7),
    "possible": timedelta(days=45),
    "unrelated": timedelta(days=180),
}
FIRST_RETRY = timedelta(days=1)
LAST_RETRY = timedelta(days=32)

ABSENCES = 3
"""Healthy complete runs in a row without a notice before its own address is asked and it is delisted."""


class KnownPage(Record, frozen=True):
    """What is known of a page: validators for a conditional request, and how often it failed since."""

    url: str
    etag: str = ""
    last_modified: str = ""
    read_at: datetime | None = None
    looked_at: datetime | None = None
    failures: int = 0


class KnownNotice(Record, frozen=True):
    """What a crawl needs to know of a notice. `row` is what the list said of it, known where the list may answer
    that it has not changed and the notice's page may be due."""

    url: str
    fingerprint: str
    title: str = ""
    case_number: str = ""
    label: Label = "unrelated"
    listed: bool = True
    absent: int = 0
    pages: dict[Role, KnownPage] = {}
    row: Listed | None = None


class Known(Record, frozen=True):
    """What goes into a crawl: everything the store knows of one source.

    `baselined`: a run of it was good before. `newest_on` is the newest day the list gave, `lists` the validators
    of each list address, there when an unchanged answer would say all there is to say.
    """

    source: str
    baselined: bool = False
    newest_on: date | None = None
    lists: dict[str, Validators] = {}
    notices: dict[str, KnownNotice] = {}


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One page to read. Lower `rank` first; within a rank, newer first."""

    rank: int
    newest: str
    key: str
    role: Role
    url: str
    known: KnownPage | None = None
    existence: bool = False
    """Only whether the address still serves its notice is asked."""

    @property
    def order(self) -> tuple[int, tuple[int, ...], str]:
        return (self.rank, tuple(-ord(letter) for letter in self.newest or "0"), self.key)


# Ranks, most urgent first.
MISSING, NEW, CHANGED, CLOSED, UNREAD_LIKELY, AGAIN, UNREAD = range(7)


def due(page: KnownPage, label: Label, now: datetime) -> bool:
    """Whether a page is to be looked at again: weekly when relevant, over months else, later after failures."""
    if page.looked_at is None:
        return True
    if page.failures:
        pause: timedelta = min(FIRST_RETRY * 2 ** min(page.failures - 1, 8), LAST_RETRY)
        return now >= page.looked_at + pause
    return page.read_at is None or now >= page.looked_at + LOOK_AGAIN[label]
