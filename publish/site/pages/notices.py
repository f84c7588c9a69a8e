"""All notices: searched, narrowed, page by page."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import msgspec

from publish.site.asking import Answer, Asked, Trouble
from publish.site.parameters import a_day, a_number, one_of
from publish.site.quoting import MARKS
from publish.site.templating import page
from publish.site.texts import SHARED, texts
from stemwatch.errors import UsageError
from stemwatch.store import Search
from stemwatch.views import FoundView
from stemwatch.wording import plain
from stemwatch.words import STAGES, Label, Stage

AT_ONCE = 25
NAMES = ("q", "about", "source", "jurisdiction", "kind", "stage", "since", "until", "order")
"""What can be asked for, as named in the address, but the number of the page."""
ABOUT: Mapping[str, Label] = {"relevant": "relevant", "possible": "possible", "unrelated": "unrelated"}
ORDERS = ("best", "newest")


class Shown(msgspec.Struct, frozen=True):
    """One page of what was found: `total` in all, on `last` pages."""

    notices: list[FoundView]
    total: int
    number: int
    last: int


def notices(asked: Asked) -> Answer:
    """What is found, or the form with a sentence on what could not be understood."""
    given = {name: value for name in NAMES if (value := asked.query.get(name, "").strip())}
    choices = _choices(asked)
    options = {name: _options(asked, name, known) for name, known in choices.items()}
    values: dict[str, Any] = {"given": given, "choices": options, "where": urlencode(given)}
    try:
        shown = _shown(asked, _search(asked, choices))
    except UsageError as error:
        return page(asked, "notices", **values, shown=None, trouble=str(error), status=HTTPStatus.BAD_REQUEST)
    except Trouble as error:
        return page(asked, "notices", **values, shown=None, trouble=error.sentence, status=error.status)
    return page(asked, "notices", **values, shown=shown, trouble="")


def _choices(asked: Asked) -> dict[str, list[str]]:
    """What each choice of the form offers."""
    sources = asked.site.sources.values()
    return {
        "jurisdiction": sorted({source.jurisdiction for source in sources if source.jurisdiction}),
        "source": sorted(asked.site.sources, key=lambda name: asked.site.sources[name].regulator.casefold()),
        "kind": asked.store.once("kinds", lambda: asked.store.kinds()),
        "stage": list(STAGES),
        "about": ["all", *ABOUT],
        "order": list(ORDERS),
    }


def _options(asked: Asked, name: str, known: list[str]) -> list[tuple[str, str]]:
    """The values of a choice, each with its words."""
    if name == "source":
        sources = [asked.site.sources[value] for value in known]
        return [(source.name, plain(f"{source.regulator}: {source.title}")) for source in sources]
    own, frame = texts(asked.site.language, "notices"), texts(asked.site.language, SHARED)
    named = {value: own.get(f"{name}_{value}") or frame.get(f"{name}s.{value}") for value in known}
    return [(value, words or plain(value).replace("_", " ").capitalize()) for value, words in named.items()]


def _search(asked: Asked, choices: Mapping[str, list[str]]) -> Search:
    chosen = {name: one_of(asked, name, known) for name, known in choices.items()}
    place, about = chosen["jurisdiction"], chosen["about"]
    sources = [name for name, source in asked.site.sources.items() if source.jurisdiction == place]
    since, until = a_day(asked, "since"), a_day(asked, "until")
    if since and until and since > until:
        raise Trouble(HTTPStatus.BAD_REQUEST, f"Nothing lies between {since} and {until}: exchange the two days.")
    return Search(
        query=asked.one("q"),
        relevance=ABOUT.get(about or ""),
        related=about is None,
        source=chosen["source"],
        sources=tuple(sources) if place else None,
        kind=chosen["kind"],
        stage=_stage(chosen["stage"]),
        since=since,
        until=until,
        ranked=chosen["order"] == "best",
        marks=MARKS,
    )


def _stage(chosen: str | None) -> Stage | None:
    return next((stage for stage in STAGES if stage == chosen), None)


def _shown(asked: Asked, search: Search) -> Shown:
    number = max(1, a_number(asked, "page", 1))
    found = asked.store.notices(search)
    last = max(1, -(-found.total // AT_ONCE))
    if number > last:
        words = texts(asked.site.language, "notices")
        raise Trouble(HTTPStatus.NOT_FOUND, words["no_page"].format(number=number, last=last))
    return Shown(found.first(AT_ONCE, (number - 1) * AT_ONCE), found.total, number, last)
