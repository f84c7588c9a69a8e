"""The lists: notices, changes, clinics, sources, each a part at a time."""

from http import HTTPStatus
from itertools import islice
from typing import Annotated, Any

import msgspec

from publish.api import shapes
from publish.api.answers import answer, linked
from publish.api.parameters import CURSOR, DAYS, LIMIT, RULE, Parameter, Question
from publish.site import cursors
from publish.site.asking import Answer, Asked, Trouble
from publish.site.coverage import coverage
from stemwatch.store.filtering import Posted


class Row(msgspec.Struct, array_like=True, frozen=True):
    """A place among the notices as a cursor has it."""

    on: str
    row: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


NOTICES = (*RULE, *DAYS, LIMIT, CURSOR)
SINCE = Parameter(
    "since",
    "Only changes after this place: the `cursor` of an earlier answer, or the number of a change.",
    {"type": "string"},
)
CHANGES = (*RULE, SINCE, LIMIT)
QUERY = Parameter("query", "A name, also misspelt, a person, a website, a place.", {"type": "string"})
CLINICS = (QUERY, LIMIT, CURSOR)


def notices(asked: Asked) -> Answer:
    """Notices that meet what is asked, newest first."""
    question = Question(asked, NOTICES)
    cursor = question.one("cursor")
    row = None if cursor is None else cursors.read(asked, "notices", cursor, Row)
    place = None if row is None else Posted(row.on, row.row)
    since, until = question.day("since"), question.day("until")
    found = asked.store.filter(question.table()).notices(question.limit(), place, since=since, until=until)
    following = None
    if found.after:
        following = question.following("/api/v1/notices", cursor=cursors.written(asked, "notices", found.after))
    shape = shapes.Notices(items=found.items, next=following, coverage=coverage(asked))
    return answer(shape, linked(following))


def changes(asked: Asked) -> Answer:
    """Changes that meet what is asked, oldest first."""
    question = Question(asked, CHANGES)
    newest = asked.store.newest_change()
    found = asked.store.filter(question.table()).changes(question.limit(), _since(asked, question, newest))
    # Everything has been looked at, so the next question begins behind all that there is.
    cursor = cursors.written(asked, "changes", newest if found.after is None else found.after)
    following = None if found.after is None else question.following("/api/v1/changes", since=cursor)
    shape = shapes.Changes(items=found.items, cursor=cursor, next=following, coverage=coverage(asked))
    return answer(shape, linked(following))


def _since(asked: Asked, question: Question, newest: int) -> int:
    """The change that `since` means; Trouble for one that is still to come here: it is of another database."""
    given = question.one("since")
    if given is None:
        return 0
    number = given.isascii() and given.isdecimal() and len(given) < 16
    place = int(given) if number else cursors.read(asked, "changes", given, int)
    if not 0 <= place <= newest:
        sentence = (
            f"The change {place} is of another database, here there are {newest}: leave since out to begin anew."
        )
        raise Trouble(HTTPStatus.BAD_REQUEST, sentence)
    return place


def clinics(asked: Asked) -> Answer:
    """Clinics by name, or those that a search finds, best first, all at once."""
    question = Question(asked, CLINICS)
    limit, query, cursor = question.limit(), question.one("query") or "", question.one("cursor")
    following = None
    if query.strip():
        if cursor is not None:
            raise Trouble(HTTPStatus.BAD_REQUEST, "A search for clinics is answered at once: leave cursor out.")
        found = list(islice(asked.store.clinics(query), limit))
    else:
        name, clinic = ("", "") if cursor is None else cursors.read(asked, "clinics", cursor, tuple[str, str])
        found = asked.store.clinics_after(name, clinic, limit + 1)
        if len(found) > limit:
            found.pop()
            place: Any = (found[-1].name, found[-1].clinic)
            following = question.following("/api/v1/clinics", cursor=cursors.written(asked, "clinics", place))
    shape = shapes.Clinics(items=tuple(found), next=following, coverage=coverage(asked))
    return answer(shape, linked(following))


def sources(asked: Asked) -> Answer:
    """Every source, how it fares, and under which terms it publishes."""
    Question(asked, ())
    rows = asked.store.source_rows(asked.site.every)
    return answer(shapes.Sources(items=tuple(rows), coverage=coverage(asked)))
