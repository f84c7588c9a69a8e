"""Rows of the dataset that no command prints: clinics in brief, evidence, sources with their licence. Pure."""

from datetime import date, datetime

from stemwatch.clinics.views import RelationKind
from stemwatch.views import SourceView, View


class SourceRow(SourceView, frozen=True, kw_only=True):
    """One source with the address of its list and the terms on which its regulator publishes."""

    url: str
    licence: str


class ClinicRow(View, frozen=True):
    """One id ever given to a clinic. `became` is the id its notices go by now, when that is another."""

    clinic: str
    name: str
    became: str | None
    names: tuple[str, ...]
    people: tuple[str, ...]
    websites: tuple[str, ...]
    places: tuple[str, ...]
    notices: int
    relevant: int
    first_on: date | None
    last_on: date | None


class ClinicNameRow(View, frozen=True):
    """A name of a clinic in use, and the days of the first and last dated notice that uses it."""

    clinic: str
    name: str
    first_on: date | None
    last_on: date | None


class RelationRow(View, frozen=True):
    """`other` is the `relation` of `clinic`; `shared` are the people or streets that both have."""

    clinic: str
    other: str
    relation: RelationKind
    shared: tuple[str, ...]
    notices: tuple[str, ...]


class CaptureRow(View, frozen=True):
    """One response kept as evidence: `length` bytes at `offset` of `file`, a WARC below the data folder."""

    file: str
    offset: int
    length: int
    sha256: str
    url: str
    fetched_at: datetime
    status: int
    source: str
    run: str


class EvidenceRow(View, frozen=True):
    """The response that a notice (role `list`) or one of its pages was last read from."""

    notice: str
    role: str
    sha256: str
