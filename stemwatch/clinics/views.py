"""What is told of clinics: the shapes behind `--json`. The order of the fields is the order of the JSON keys."""

from datetime import date, datetime
from typing import Literal

from stemwatch.clinics.actors import BondKind
from stemwatch.clinics.keys import KeyKind
from stemwatch.parties.records import Tie
from stemwatch.views import View
from stemwatch.words import Label

RelationKind = Literal[BondKind, "shared_officer", "same_address", "similar_name"]
Found = Literal["id", "name", "website", "person", "words", "close"]
"""How a search found a clinic. `close` is a name spelt much like what was asked for, and no more than that."""


class EvidenceView(View, frozen=True):
    """Characters `start` to `end` of a notice's field, `quote` with a few words around them."""

    notice: str
    field: str
    start: int
    end: int
    quote: str


class PartyView(View, frozen=True):
    """A business as one notice names it, and the clinic that it belongs to, under the name that goes by.

    `tie` is how it stands in the notice, `people` are names with the title given.
    """

    clinic: str | None
    known_as: str
    name: str
    names: tuple[str, ...]
    tie: Tie
    people: tuple[str, ...]
    websites: tuple[str, ...]
    places: tuple[str, ...]


class NameView(View, frozen=True):
    """A name and the days of the first and last notice that use it. `tie` is how the last one uses it."""

    name: str
    tie: Tie
    first_on: date | None
    last_on: date | None
    evidence: tuple[EvidenceView, ...]


class PersonView(View, frozen=True):
    """Someone with a part in the clinic, and the titles given, newest first."""

    name: str
    titles: tuple[str, ...]
    first_on: date | None
    last_on: date | None
    evidence: tuple[EvidenceView, ...]


class ThingView(View, frozen=True):
    """A website, place or product, as `value`."""

    value: str
    evidence: tuple[EvidenceView, ...]


class ActionView(View, frozen=True):
    """One notice that names the clinic; `part` is how it stands in it."""

    notice: str
    title: str
    url: str
    regulator: str
    on: date | None
    part: Tie
    stage: str
    closed_out_on: date | None
    closed_out_url: str
    relevance: Label
    evidence: EvidenceView
    event: str | None
    """The earliest notice of its event, when several publishers tell of that."""


class RelatedView(View, frozen=True):
    """Another clinic, and what it is to this one: its `supplier` supplied this one. No relation says guilt."""

    relation: RelationKind
    clinic: str
    name: str
    score: float
    evidence: tuple[EvidenceView, ...]


class LinkView(View, frozen=True):
    """What holds the clinic's notices together: a key that several of them share."""

    by: KeyKind
    value: str
    notices: tuple[str, ...]


class ClinicDecision(View, frozen=True):
    """What a person decided: `merge` two clinics, or `split` notices off one. Undone decisions stay on record."""

    decision: int
    verb: Literal["merge", "split"]
    clinic: str
    other: str | None
    notices: tuple[str, ...]
    why: str
    decided_at: datetime
    undone_at: datetime | None


class ClinicView(View, frozen=True):
    """A clinic in a list: who and where, `notices` that name it and how many of them are not unrelated."""

    clinic: str
    name: str
    names: tuple[str, ...]
    people: tuple[str, ...]
    websites: tuple[str, ...]
    places: tuple[str, ...]
    notices: int
    relevant: int
    first_on: date | None
    last_on: date | None
    found: Found
    matched: str


class ClinicDossier(View, frozen=True):
    """Everything known of a clinic. `asked` is the id asked for; `also` are all other ids that lead here."""

    clinic: str
    asked: str
    also: tuple[str, ...]
    name: str
    names: tuple[NameView, ...]
    people: tuple[PersonView, ...]
    websites: tuple[ThingView, ...]
    places: tuple[ThingView, ...]
    products: tuple[ThingView, ...]
    notices: tuple[ActionView, ...]
    related: tuple[RelatedView, ...]
    links: tuple[LinkView, ...]
    decisions: tuple[ClinicDecision, ...]


class Candidate(View, frozen=True):
    """Two clinics that may be one, the most likely first, with what speaks for it."""

    clinic: str
    name: str
    other: str
    other_name: str
    score: float
    why: tuple[RelationKind, ...]
    evidence: tuple[EvidenceView, ...]


class DroppedKey(View, frozen=True):
    """What is not used to link, because it ties `firms` differently named firms together."""

    by: KeyKind
    value: str
    firms: int
