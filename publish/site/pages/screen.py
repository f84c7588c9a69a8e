"""A pasted text: which of its statements are claims that regulators have acted on. Nothing of it is kept."""

from http import HTTPStatus

from publish.screening import Screening, findings, looked_at, with_precedents
from publish.screening.segments import paragraphs
from publish.screening.wording import CAVEAT, GRADES, SIGNS, about, counted, looked_in, named, quoted, since
from publish.site.asking import Answer, Asked
from publish.site.coverage import sources_of
from publish.site.templating import page
from publish.site.texts import filled, texts
from stemwatch.claims import claims

MOST_CHARACTERS = 200_000
MOST_BYTES = 12 * MOST_CHARACTERS + 1000
"""A character is at most four bytes of UTF-8, each of which a form may send as three."""
MOST_CLAIMS = 300
PRECEDENTS = 2


def screen(asked: Asked) -> Answer:
    """The box to paste a text into."""
    return page(asked, "screen", here="screen", most=MOST_CHARACTERS, error="")


def screened(asked: Asked) -> Answer:
    """The text with its claims marked, each with notices that acted on the like."""
    text = asked.form.get("text", "").replace("\r\n", "\n")
    words = texts(asked.site.language, "screen")
    if len(text) > MOST_CHARACTERS:
        error = filled(words["too_long"], length=f"{len(text):,}", most=f"{MOST_CHARACTERS:,}")
        return _again(asked, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
    if not text.strip():
        return _again(asked, HTTPStatus.BAD_REQUEST, words["empty"])
    found = claims(text)
    screening = Screening(
        name="",
        text=text,
        findings=findings(with_precedents(asked.store, found[:MOST_CLAIMS], PRECEDENTS)),
        coverage=looked_at(sources_of(asked)),
    )
    return _report(asked, screening, len(found))


def _again(asked: Asked, status: HTTPStatus, error: str) -> Answer:
    return page(asked, "screen", status=status, here="screen", most=MOST_CHARACTERS, error=error)


def _report(asked: Asked, screening: Screening, found: int) -> Answer:
    return page(
        asked,
        "screened",
        here="screen",
        screening=screening,
        lines=paragraphs(screening.text, screening.findings),
        counted=counted(screening),
        left_out=found - screening.claims,
        most=MOST_CLAIMS,
        looked_in=looked_in(screening.coverage) if screening.coverage.notices else "",
        caveat=CAVEAT,
        grades=GRADES,
        signs=SIGNS,
        about=about,
        named=named,
        quoted=quoted,
        since=since,
    )
