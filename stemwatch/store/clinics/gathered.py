"""What the store does for clinics: who they are, and what people decided about them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from stemwatch.clinics.views import Candidate, ClinicDecision, ClinicDossier, ClinicView, DroppedKey
from stemwatch.records import Source
from stemwatch.store.clinics import deciding, finding, reviewing, telling


class Gathered:
    """The part of `Store` that is about clinics."""

    db: Database
    sources: Mapping[str, Source]

    def clinics(self, query: str = "", *, everything: bool = False) -> Iterator[ClinicView]:
        """Clinics that `query` names, best first; with `everything` also those of unrelated notices alone."""
        return finding.find_clinics(self.db, query, everything=everything)

    def clinics_after(self, name: str, clinic: str, most: int) -> list[ClinicView]:
        """Clinics by name, behind the place of one name and id."""
        return finding.clinics_after(self.db, name, clinic, most)

    def clinic(self, clinic: str) -> ClinicDossier:
        """Everything about one clinic, by its id or one that it had before; else UsageError."""
        return telling.tell(self.db, self.sources, clinic)

    def clinic_named(self, clinic: str) -> tuple[str, str]:
        """The present id of a clinic and its name, by that id or one that it had before; else UsageError."""
        present = finding.current(self.db, clinic)
        return present, finding.clinic_name(self.db, present)

    def merge_clinics(self, one: str, other: str, why: str, now: datetime) -> ClinicDecision:
        """A person's word that two clinics are one; the older id stays, the other leads to it."""
        return deciding.merge(self.db, one, other, why, now)

    def split_clinic(self, clinic: str, notices: Sequence[str], why: str, now: datetime) -> ClinicDecision:
        """A person's word that notices belong to another clinic."""
        return deciding.split(self.db, clinic, notices, why, now)

    def undo(self, decision: int, now: datetime) -> ClinicDecision:
        """Take back what a person decided about clinics."""
        return deciding.undo(self.db, decision, now)

    def review(self) -> list[Candidate]:
        """Pairs of clinics that may be one, the most likely first."""
        return reviewing.review(self.db)

    def clinic_decisions(self) -> list[ClinicDecision]:
        """What people decided about clinics, oldest first."""
        return deciding.decisions(self.db)

    def dropped_keys(self) -> list[DroppedKey]:
        """What is not used to link, because too many firms share it."""
        return list(reviewing.dropped(self.db))
