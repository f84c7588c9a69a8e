"""What the API answers. Views are shown as they are; a list has a frame around it."""

from datetime import date

import msgspec

from publish.site.coverage import Coverage
from stemwatch.clinics.views import ClinicView
from stemwatch.dataset import SourceRow
from stemwatch.views import (
    CaptureView,
    ChangeView,
    HistoryView,
    NoticeView,
    PageView,
    PublicationView,
    View,
)


class Listing(View, frozen=True):
    """The frame of a list. `next` is the address of the following part, null at the end; a part may hold less than
    was asked for, or nothing, before the end. `coverage` says how far the sources have been read.
    """

    next: str | None
    coverage: Coverage


class Notices(Listing, frozen=True):
    """Notices, newest first. A matter may have been resolved since a notice: see `closed_out_on` and `stage`."""

    items: tuple[NoticeView, ...]


class Changes(Listing, frozen=True):
    """Changes, oldest first. `cursor` is the place after the last of them: pass it as `since` the next time."""

    items: tuple[ChangeView, ...]
    cursor: str


class Clinics(Listing, frozen=True):
    """Clinics by name or, for a search, best first. To be listed is not to be found at fault."""

    items: tuple[ClinicView, ...]


class Sources(View, frozen=True):
    """Every source that is watched."""

    items: tuple[SourceRow, ...]
    coverage: Coverage


class Notice(View, frozen=True):
    """Everything known of one notice. `evidence` tells which bytes it rests on, `also` who else tells of it."""

    notice: NoticeView
    history: tuple[HistoryView, ...]
    pages: tuple[PageView, ...]
    evidence: tuple[CaptureView, ...]
    also: tuple[PublicationView, ...]


class ReleaseFile(View, frozen=True):
    """One file of a release: bytes, and SHA-256, which the file of the checksums has not."""

    name: str
    size: int
    sha256: str
    url: str


class Release(View, frozen=True):
    """One release of the dataset, which never changes. `release` is its folder, `day` when it was made."""

    release: str
    day: date
    files: tuple[ReleaseFile, ...]


class Releases(View, frozen=True):
    """Every release, newest first."""

    items: tuple[Release, ...]


class Problem(msgspec.Struct, frozen=True, omit_defaults=False):
    """Why there is no answer (RFC 9457). `detail` says what to do about it."""

    type: str
    title: str
    status: int
    detail: str
