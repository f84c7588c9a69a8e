"""Has a regulator acted about this clinic? What was asked is neither logged nor stored."""

import re
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlencode

import msgspec

from publish.site.asking import Answer, Asked
from publish.site.coverage import sources_of
from publish.site.quoting import MARKS
from publish.site.templating import page
from publish.site.texts import texts
from stemwatch.clinics.views import ClinicView
from stemwatch.store import Search
from stemwatch.tokens import tokens
from stemwatch.views import FoundView, NoticeView
from stemwatch.wording import plain

SHORTEST = 2
LONGEST = 200
CLINICS = 8
NOTICES = 8
_SITE = re.compile(r"(?:https?://)?(?:www\.)?([\w.-]+\.[a-z]{2,})(?:[/:?#].*)?", re.IGNORECASE)


class Known(msgspec.Struct, frozen=True):
    """What is stored about the words asked for.

    `clinics` are named by them, or, when `close`, only spelt much alike; `about` are the newest notices of each.
    `notices` mention the words and are not among those, `in_all` do in all, `unrelated` about other matters.
    """

    clinics: list[ClinicView]
    more_clinics: bool
    close: bool
    about: dict[str, tuple[NoticeView, ...]]
    notices: list[FoundView]
    in_all: int
    unrelated: int

    @property
    def outcome(self) -> str:
        """Which of the answers this is."""
        if self.clinics and not self.close:
            return "found"
        if self.in_all:
            return "mentioned"
        return "close" if self.clinics else "nothing"


def look_up(asked: Asked) -> Answer:
    """The form alone, or the answer to what it asks."""
    typed = plain(asked.query.get("q", "")[: 2 * LONGEST])
    if not asked.query.get("q", "").strip():
        return page(asked, "look_up", q="", trouble="", known=None, more="")
    if trouble := _trouble(typed):
        sentence = texts(asked.site.language, "look_up")[trouble]
        return page(
            asked,
            "look_up",
            q=typed[:LONGEST],
            trouble=sentence,
            known=None,
            more="",
            status=HTTPStatus.BAD_REQUEST,
        )
    sources = sources_of(asked)
    return page(
        asked,
        "look_up",
        q=typed,
        trouble="",
        known=_known(asked, typed),
        more=urlencode({"q": _query(typed)}),
        failing=[view for view in sources if view.verdict not in ("ok", None)],
        unread=sum(view.verdict is None for view in sources),
    )


def _trouble(typed: str) -> str:
    """The name of the sentence that says why nothing can be looked up; empty when it can."""
    if len(typed) > LONGEST:
        return "too_long"
    found = "".join(tokens(typed))
    if not found:
        return "no_word"
    # One ideograph or syllable of Chinese, Japanese or Korean says more than one letter.
    return "too_short" if len(found) < SHORTEST and found.isascii() else ""


def _known(asked: Asked, typed: str) -> Known:
    clinics = list(islice(asked.store.clinics(typed), CLINICS + 1))
    close = bool(clinics) and clinics[0].found == "close"
    about = asked.store.notices_about([view.clinic for view in clinics[:CLINICS]], NOTICES)
    told = set() if close else {notice.notice for found in about.values() for notice in found}
    found = asked.store.notices(Search(query=_query(typed), related=True, ranked=True, marks=MARKS))
    every = asked.store.notices(Search(query=_query(typed)))
    return Known(
        clinics=clinics[:CLINICS],
        more_clinics=len(clinics) > CLINICS,
        close=close,
        about=about,
        notices=[view for view in found.first(NOTICES + len(told)) if view.notice not in told][:NOTICES],
        in_all=found.total,
        unrelated=every.total - found.total,
    )


def _query(typed: str) -> str:
    """The words as a search, whatever signs of its syntax stand between them; a web address as one phrase."""
    if site := _SITE.fullmatch(typed):
        return f'"{" ".join(tokens(site[1]))}"'
    return " ".join(f'"{word}"*' for word in tokens(typed))
