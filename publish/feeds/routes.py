"""Where the feeds are: everything relevant, and by source, jurisdiction, clinic and search."""

from collections.abc import Callable, Iterator
from http import HTTPStatus

from publish.feeds.made import FORMS, Topic, answered
from publish.site.asking import Answer, Asked, Page, Route, Trouble
from publish.site.texts import texts
from stemwatch.errors import UsageError
from stemwatch.rules import Condition
from stemwatch.wording import plain

_RELEVANT = ("relevant",)


def _relevant(asked: Asked) -> Topic:
    return Topic("/feeds/relevant", _words(asked)["relevant"], Condition(relevance=_RELEVANT), "/")


def _source(asked: Asked) -> Topic:
    source = asked.site.sources.get(asked.path["name"])
    if source is None:
        raise Trouble(HTTPStatus.NOT_FOUND, "")
    title = _words(asked)["source"].format(title=source.title, regulator=source.regulator)
    table = Condition(relevance=_RELEVANT, sources=(source.name,))
    return Topic(f"/feeds/sources/{source.name}", title, table, f"/sources/{source.name}")


def _jurisdiction(asked: Asked) -> Topic:
    code = asked.path["code"]
    if code not in {source.jurisdiction for source in asked.site.sources.values()}:
        raise Trouble(HTTPStatus.NOT_FOUND, "")
    table = Condition(relevance=_RELEVANT, jurisdictions=(code,))
    return Topic(
        f"/feeds/jurisdictions/{code}", _words(asked)["jurisdiction"].format(code=code), table, "/notices"
    )


def _clinic(asked: Asked) -> Topic:
    try:
        clinic, name = asked.store.clinic_named(asked.path["clinic"])
    except UsageError:
        raise Trouble(HTTPStatus.NOT_FOUND, "") from None
    title = _words(asked)["clinic"].format(name=plain(name))
    path = f"/clinics/{clinic}"
    return Topic(f"/feeds{path}", title, Condition(), path, clinic=clinic)


def _search(asked: Asked) -> Topic:
    query = asked.one("q")
    if not query:
        raise Trouble(HTTPStatus.BAD_REQUEST, _words(asked)["no_query"])
    title = _words(asked)["search"].format(query=plain(query))
    return Topic("/feeds/search", title, Condition(query=query), "/notices", query={"q": query})


def _words(asked: Asked) -> dict[str, str]:
    return dict(texts(asked.site.language, "feed"))


_TOPICS: dict[str, Callable[[Asked], Topic]] = {
    "/feeds/relevant": _relevant,
    "/feeds/sources/{name}": _source,
    "/feeds/jurisdictions/{code}": _jurisdiction,
    "/feeds/clinics/{clinic}": _clinic,
    "/feeds/search": _search,
}


def _routes() -> Iterator[Route]:
    for path, topic in _TOPICS.items():
        for form in FORMS:
            limit = "search" if topic is _search else ""
            yield Route(f"{path}.{form}", _page(topic, form), limit=limit)


def _page(topic: Callable[[Asked], Topic], form: str) -> Page:
    def page(asked: Asked) -> Answer:
        return answered(asked, topic(asked), form)

    return page


FEED_ROUTES = tuple(_routes())
