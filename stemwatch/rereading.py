"""What is stored of a source and can be read again: which answers its notices and pages rest on."""

from datetime import datetime

from stemwatch.records import Capture, Listed, Record
from stemwatch.words import Role

MARK = "-reread-"
"""Part of the id of a run that read stored evidence again; it says nothing about the regulator's site."""


class StoredList(Record, frozen=True):
    """One run with answers of the list in its `file`, a path below the data folder."""

    run: str
    file: str
    started_at: datetime


class StoredPage(Record, frozen=True):
    """One page that was read: the words it gave, as a fingerprint, and the answer that they rest on, if it is
    known where that lies."""

    key: str
    role: Role
    url: str
    read_at: datetime
    sha256: str
    fingerprint: str
    file: str = ""
    capture: Capture | None = None


class Stored(Record, frozen=True):
    """A source's notices as its list gave them, by key; the runs in which it did, oldest first; and its pages."""

    source: str
    rows: dict[str, Listed] = {}
    lists: tuple[StoredList, ...] = ()
    pages: tuple[StoredPage, ...] = ()
