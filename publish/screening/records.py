"""What a report is made of."""

from datetime import date

import msgspec

from stemwatch.claims.records import GRADES, Claim, Grade, Precedent
from stemwatch.views import NoticeView


class Cited(msgspec.Struct, frozen=True):
    """A precedent with the notice whose words it quotes."""

    precedent: Precedent
    notice: NoticeView

    @property
    def quote(self) -> str:
        return self.precedent.quote


class Finding(msgspec.Struct, frozen=True):
    """One claim with its precedents, the nearest first. `number` counts from 1 in reading order."""

    number: int
    claim: Claim
    precedents: tuple[Cited, ...] = ()


class Coverage(msgspec.Struct, frozen=True):
    """What precedents were looked for in: how many notices, of how many sources, and the newest posted date."""

    notices: int = 0
    sources: int = 0
    newest_on: date | None = None


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """A text and what was found in it. `name` is its file or address; `notes` say how it was read."""

    name: str
    text: str
    findings: tuple[Finding, ...]
    coverage: Coverage = Coverage()
    title: str = ""
    notes: tuple[str, ...] = ()

    def graded(self) -> list[tuple[Grade, list[Finding]]]:
        """The findings of each grade that occurs, what is said outright first."""
        found = {grade: [item for item in self.findings if item.claim.grade == grade] for grade in GRADES}
        return [(grade, items) for grade, items in found.items() if items]
