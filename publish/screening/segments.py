"""A text cut at the ends of its claims: each piece is marked as a whole or not at all, however claims overlap."""

from collections.abc import Iterator, Sequence

import msgspec

from publish.screening.records import Finding
from stemwatch.claims.records import GRADES, Grade


class Piece(msgspec.Struct, frozen=True):
    """Characters on one line. `grade` is the gravest of the claims they belong to, `ends` the claims they end."""

    text: str
    grade: Grade | None = None
    ends: tuple[Finding, ...] = ()


def paragraphs(text: str, findings: Sequence[Finding]) -> list[list[Piece]]:
    """The lines of a text that are not blank, each as pieces in reading order."""
    lines: list[list[Piece]] = [[]]
    for piece in _pieces(text, findings):
        first, *others = piece.text.split("\n")
        cut = [first, *others]
        for number, part in enumerate(cut):
            if number:
                lines.append([])
            ends = piece.ends if number == len(cut) - 1 else ()
            if part or ends:
                lines[-1].append(Piece(part, piece.grade, ends))
    return [line for line in lines if any(piece.text.strip() or piece.ends for piece in line)]


def _pieces(text: str, findings: Sequence[Finding]) -> Iterator[Piece]:
    begun: dict[int, list[Finding]] = {}
    ended: dict[int, list[Finding]] = {}
    for finding in findings:
        begun.setdefault(finding.claim.start, []).append(finding)
        ended.setdefault(finding.claim.end, []).append(finding)
    open_now = dict.fromkeys(GRADES, 0)
    last = 0
    for place in sorted({*begun, *ended, len(text)}):
        grade = next((grade for grade, count in open_now.items() if count), None)
        ends = tuple(ended.get(place, ()))
        if place > last or ends:
            yield Piece(text[last:place], grade, ends)
        for finding in ends:
            open_now[finding.claim.grade] -= 1
        for finding in begun.get(place, ()):
            open_now[finding.claim.grade] += 1
        last = place
