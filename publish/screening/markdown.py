"""The report as Markdown (CommonMark)."""

import re
from collections.abc import Iterator

from publish.screening.records import Cited, Finding, Screening
from publish.screening.segments import Piece, paragraphs
from publish.screening.wording import (
    CAVEAT,
    GRADES,
    NOTICE_CAVEAT,
    SIGNS,
    about,
    counted,
    looked_in,
    named,
    quoted,
    since,
)
from stemwatch.text import visible
from stemwatch.wording import plain, web

# Every sign of ASCII that begins mark-up: CommonMark takes a backslash before any of them.
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:=\"'])")
_ADDRESS = {"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"}


def markdown_report(screening: Screening) -> str:
    """The whole report. Words of strangers are escaped: they can make no heading, link or HTML."""
    return "\n".join(_lines(screening)) + "\n"


def _lines(screening: Screening) -> Iterator[str]:
    yield f"# Claims in {_escaped(screening.name)}\n"
    if screening.title:
        yield f"{_escaped(screening.title)}\n"
    yield f"{counted(screening)}\n"
    yield f"> {CAVEAT}\n"
    yield from (f"- {_escaped(note)}" for note in screening.notes)
    yield f"\n{_escaped(looked_in(screening.coverage))}\n"
    for grade, findings in screening.graded():
        yield f"## {SIGNS[grade]} {GRADES[grade]} ({len(findings)})\n"
        for finding in findings:
            yield from _finding(finding)
    yield "## The text\n"
    for line in paragraphs(screening.text, screening.findings):
        yield "".join(map(_piece, line)).strip() + "\n"
    yield f"---\n\n{NOTICE_CAVEAT}"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.number}\\. {_escaped(quoted(finding.claim.quote))}\n"
    for point in finding.points:
        yield f"- {_escaped(about(point.claim))}"
        yield from (f"  - {_cited(precedent)}" for precedent in point.precedents)
    yield ""


def _cited(precedent: Cited) -> str:
    notice = precedent.notice
    words, url, later = _escaped(named(notice)), web(notice.url), since(notice)
    link = f"[{words}](<{''.join(_ADDRESS.get(letter, letter) for letter in url)}>)" if url else words
    return f"{link}: {_escaped(quoted(precedent.quote))}" + (f" ({later})" if later else "")


def _piece(piece: Piece) -> str:
    """Bold needs letters at its ends, so blanks go outside."""
    escaped = _MARKUP.sub(r"\\\1", visible(piece.text))
    words = escaped.strip()
    if piece.grade and words:
        left = escaped[: len(escaped) - len(escaped.lstrip())]
        escaped = f"{left}**{words}**{escaped[len(left) + len(words) :]}"
    return escaped + "".join(f" \\[{SIGNS[finding.claim.grade]}{finding.number}\\]" for finding in piece.ends)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", plain(text))
