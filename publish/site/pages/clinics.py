"""Clinics: the list, searched or whole, and one clinic with everything that is known of it."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import islice
from urllib.parse import urlencode

from publish.charts import Caption, Lane, Mark, Span, days, timeline
from publish.site.asking import Answer, Asked, Trouble
from publish.site.plots import Picture, picture
from publish.site.templating import page
from publish.site.texts import filled, texts
from stemwatch.clinics.keys import KeyKind
from stemwatch.clinics.names import firm_name
from stemwatch.clinics.views import ActionView, ClinicDossier
from stemwatch.errors import UsageError
from stemwatch.wording import plain, web

SIZE = 50
MOST_PAGES = 10_000
MOST_LANES = 12
"""Lines of a timeline that still read well; all that happened stands in the table below it."""


def clinics(asked: Asked) -> Answer:
    """The clinics that `q` names, best first, or all by name; `page` counts from 1."""
    query, number = asked.one("q"), _page_number(asked)
    start = SIZE * (number - 1)
    found = list(islice(asked.store.clinics(query), start, start + SIZE + 1))
    if number > 1 and not found:
        raise Trouble(HTTPStatus.NOT_FOUND, texts(asked.site.language, "clinics")["no_page"])
    return page(
        asked,
        "clinics",
        here="clinics",
        query=query,
        views=found[:SIZE],
        number=number,
        before=_address(asked, query, number - 1) if number > 1 else "",
        after=_address(asked, query, number + 1) if len(found) > SIZE else "",
    )


def _page_number(asked: Asked) -> int:
    given = asked.one("page") or "1"
    if not (given.isascii() and given.isdecimal() and 0 < int(given) <= MOST_PAGES):
        raise Trouble(HTTPStatus.BAD_REQUEST, texts(asked.site.language, "clinics")["bad_page"])
    return int(given)


def _address(asked: Asked, query: str, number: int) -> str:
    given = {"q": query} if query else {}
    if number > 1:
        given["page"] = str(number)
    return asked.site.link("/clinics") + (f"?{urlencode(given)}" if given else "")


def clinic(asked: Asked) -> Answer:
    """One clinic; an id that it had before, or written otherwise, leads to the present one."""
    try:
        dossier = asked.store.clinic(asked.path["clinic"])
    except UsageError:
        words = texts(asked.site.language, "clinic")
        raise Trouble(HTTPStatus.NOT_FOUND, words["unknown"]) from None
    if dossier.clinic != asked.path["clinic"]:
        there = {"Location": asked.site.link(f"/clinics/{dossier.clinic}")}
        return Answer(status=HTTPStatus.PERMANENT_REDIRECT, headers=there)
    actions = sorted(dossier.notices, key=lambda action: (action.on is not None, action.on), reverse=True)
    return page(
        asked,
        "clinic",
        here="clinics",
        clinic=dossier,
        actions=actions,
        told={action.notice: action for action in actions},
        regulators=tuple(dict.fromkeys(action.regulator for action in actions)),
        # Among files only those have feeds that a related notice names: the others' never hold anything.
        followed=not asked.site.static or any(action.relevance != "unrelated" for action in actions),
        days=sorted(action.on for action in actions if action.on),
        closed=sum(action.closed_out_on is not None for action in actions),
        picture=_picture(asked, dossier),
        shared=_shared(dossier),
        more_lanes=len(_lanes(dossier)) > MOST_LANES,
        found=_found(asked, dossier.clinic, actions[0]),
    )


def _found(asked: Asked, clinic: str, newest: ActionView) -> str:
    """Where readers of a citation find the clinic: at its address when that lasts, else in its newest notice."""
    if asked.site.url:
        return asked.site.address(f"/clinics/{clinic}")
    return ", ".join(filter(None, (newest.notice, web(newest.url))))


def _shared(dossier: ClinicDossier) -> list[tuple[KeyKind, str, int]]:
    """What ties its notices together: the kind of key, what it reads where that says something, how many notices.

    Names are shown as a notice prints them, not as they are compared.
    """
    printed = {firm_name(name.name).joined: name.name for name in dossier.names}
    found: dict[tuple[KeyKind, str], set[str]] = {}
    for link in dossier.links:
        value = printed.get(link.value, link.value) if link.by == "name" else link.value
        told = value if link.by in ("fei", "web", "name") else ""
        found.setdefault((link.by, told), set()).update(link.notices)
    return [(by, value, len(notices)) for (by, value), notices in found.items()]


def _picture(asked: Asked, dossier: ClinicDossier) -> Picture | None:
    """The timeline; None when nothing is known of more than one day."""
    lanes = _lanes(dossier)[:MOST_LANES]
    if len({day for lane in lanes for day in days(lane)}) < 2:
        return None
    words = texts(asked.site.language, "clinic")
    title = str(filled(words["timeline_of"], name=plain(dossier.name)).unescape())
    return picture(
        Caption("timeline", title, words["timeline_about"]),
        lambda caption, width: timeline(caption, lanes, width=width),
    )


def _lanes(dossier: ClinicDossier) -> list[Lane]:
    """A line for each regulator with its notices, then one for each name that the clinic went by."""
    return [*_acted(dossier.notices), *_named(dossier)]


def _acted(actions: Iterable[ActionView]) -> Iterator[Lane]:
    marks: dict[str, list[Mark]] = {}
    for action in actions:
        if action.on:
            closed = action.closed_out_on
            ends = closed if closed and closed >= action.on else None
            marks.setdefault(plain(action.regulator), []).append(Mark(action.on, ends))
    yield from (Lane(name, marks=found) for name, found in marks.items())


def _named(dossier: ClinicDossier) -> Iterator[Lane]:
    for name in dossier.names:
        if name.first_on and name.last_on:
            yield Lane(plain(name.name), spans=(Span(name.first_on, name.last_on),))
