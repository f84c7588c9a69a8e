"""What is at which address of a site of files, and a digest of all that it is made from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from publish.export.look_up import look_up
from publish.feeds.made import FORMS
from publish.releases.published import latest, published
from publish.serving.routes import ROUTES
from publish.site.asking import Asked, Route
from publish.site.coverage import sources_of
from publish.site.pages.browse import letters, months
from publish.site.pages.static import TYPES
from stemwatch.store.marks import Marks

Params = Mapping[str, str]


class Planned(NamedTuple):
    """One page or file to be. `route` is its place in `EXPORTED`, `digest` is of what it is made from."""

    route: int
    path: str
    params: Params
    digest: str


class Content(NamedTuple):
    """What a site is made from. `whole` is a digest of everything, `version` of what the pages are made by."""

    asked: Asked
    marks: Marks
    whole: str
    version: str


def content_of(asked: Asked, version: str) -> Content:
    """The content as stored now."""
    marks = asked.store.marks((row.clinic, row.other, row) for row in asked.store.relations())
    return Content(asked, marks, digest(marks, sources_of(asked), latest(asked.site.releases)), version)


def planned(content: Content) -> list[Planned]:
    """Every address there is for readers."""
    return [
        Planned(
            number, route.path.replace(":path", "").format(**params), params, digest(content.version, made_from)
        )
        for number, route in enumerate(EXPORTED)
        for params, made_from in LISTED.get(route.path, _once)(content)
    ]


def digest(*values: object) -> str:
    return sha256(repr(values).encode()).hexdigest()[:32]


Listed = Iterator[tuple[Params, object]]


def _once(content: Content) -> Listed:
    """A page about everything."""
    yield {}, content.whole


def _each(name: str, things: Callable[[Content], Iterable[tuple[str, object]]]) -> Callable[[Content], Listed]:
    """A page about each of the things, which are given with what their page is made from."""

    def each(content: Content) -> Listed:
        yield from (({name: value}, made_from) for value, made_from in things(content))

    return each


def _clinics(content: Content) -> Iterator[tuple[str, object]]:
    yield from content.marks.clinics.items()


def _followed(content: Content) -> Iterator[tuple[str, object]]:
    """The clinics that a related notice names: only they have feeds among files."""
    found = {one.clinic for names in letters(content.asked).values() for one in names}
    yield from ((clinic, content.marks.clinics[clinic]) for clinic in sorted(found))


def _sources(content: Content) -> Iterator[tuple[str, object]]:
    yield from ((view.source, content.whole) for view in sources_of(content.asked))


def _jurisdictions(content: Content) -> Iterator[tuple[str, object]]:
    yield from (
        (code, content.whole) for code in {each.jurisdiction for each in content.asked.site.sources.values()}
    )


def _captures(content: Content) -> Iterator[tuple[str, object]]:
    yield from ((found, found) for found in content.asked.store.digests())


def _releases(content: Content) -> Iterator[tuple[str, object]]:
    """The newest release."""
    yield from ((name, name) for name in [latest(content.asked.site.releases)] if name)


def _files(content: Content) -> Listed:
    for name, _ in _releases(content):
        release = published(content.asked.site.releases, name)
        for file in release.files.values() if release else ():
            yield {"release": name, "file": file.name}, (file.sha256, file.size)


LISTED: Mapping[str, Callable[[Content], Listed]] = {
    "/static/{name}": _each("name", lambda content: ((name, "") for name in TYPES)),
    "/notices/{notice:path}": _each("notice", lambda content: content.marks.notices.items()),
    "/clinics/{clinic}": _each("clinic", _clinics),
    "/sources/{name}": _each("name", _sources),
    "/evidence/{sha256}.warc.gz": _each("sha256", _captures),
    "/data/{release}": _each("release", _releases),
    "/data/{release}/{file}": _files,
    **{f"/feeds/sources/{{name}}.{form}": _each("name", _sources) for form in FORMS},
    **{f"/feeds/jurisdictions/{{code}}.{form}": _each("code", _jurisdictions) for form in FORMS},
    **{f"/feeds/clinics/{{clinic}}.{form}": _each("clinic", _followed) for form in FORMS},
    "/browse/clinics/{letter}": _each("letter", lambda content: letters(content.asked).items()),
    "/browse/notices/{month}": _each("month", lambda content: months(content.asked).items()),
}
"""What there is at each address that names something, by the route's path."""
SERVED = ("/look-up", "/api/", "/explore", "/feeds/search.")
"""How addresses begin that only a server can answer."""
EXPORTED: tuple[Route, ...] = tuple(
    [route for route in ROUTES if route.method == "GET" and not route.path.startswith(SERVED)]
    + [Route("/look-up", look_up)]
)
