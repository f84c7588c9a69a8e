"""What a report is made of."""

from collections.abc import Iterable
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


class Point(msgspec.Struct, frozen=True):
    """One claim with its precedents, the nearest first."""

    claim: Claim
    precedents: tuple[Cited, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """One statement, which may make several claims. `number` counts from 1 in reading order."""

    number: int
    points: tuple[Point, ...]

    @property
    def claim(self) -> Claim:
        """The first of its claims: all have the same quote, place and grade."""
        return self.points[0].claim


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

    @property
    def claims(self) -> int:
        return sum(len(finding.points) for finding in self.findings)

    def graded(self) -> list[tuple[Grade, list[Finding]]]:
        """The findings of each grade that occurs, what is said outright first."""
        found = {grade: [item for item in self.findings if item.claim.grade == grade] for grade in GRADES}
        return [(grade, items) for grade, items in found.items() if items]


def findings(points: Iterable[Point]) -> tuple[Finding, ...]:
    """Claims at the same place, said in the same way, as one statement each, in reading order."""
    statements: dict[tuple[int, int, Grade], list[Point]] = {}
    for point in sorted(points, key=lambda point: (point.claim.start, point.claim.end)):
        claim = point.claim
        statements.setdefault((claim.start, claim.end, claim.grade), []).append(point)
    return tuple(Finding(number, tuple(same)) for number, same in enumerate(statements.values(), start=1))
