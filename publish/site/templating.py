"""Templates: everything is escaped, a missing name is an error, links are made in one place."""

from base64 import b32encode
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import Any

import jinja2

from publish.site.asking import Answer, Asked
from publish.site.coverage import coverage
from publish.site.policy import STATIC_POLICY
from publish.site.quoting import snippet
from publish.site.site import Site
from publish.site.texts import SHARED, filled, texts
from stemwatch.text import visible
from stemwatch.wording import PRODUCTS, ROUTES, day, plain, web


def page(asked: Asked, name: str, *, status: HTTPStatus = HTTPStatus.OK, **values: Any) -> Answer:
    """The page `templates/<name>.html` with its words, `languages/<language>/<name>.toml`, as `t`.

    It stands in the frame of all pages, which says how far the sources are read.
    """
    body = rendered(asked.site, name, coverage=coverage(asked), **values)
    return Answer(body.encode(), status=status)


def rendered(site: Site, name: str, **values: Any) -> str:
    """The template without asking the store for anything."""
    frame = texts(site.language, SHARED)
    own = texts(site.language, name)
    return _environment().get_template(f"{name}.html").render(site=site, frame=frame, t=own, **values)


def moment(value: datetime) -> str:
    """12 December 2024, 14:05 UTC."""
    there = value.astimezone(UTC)
    return f"{day(there.date())}, {there:%H:%M} UTC"


@cache
def static_version(name: str) -> str:
    """Changes with the file, so that a browser may keep it for ever."""
    data = (files("publish.site") / "static" / name).read_bytes()
    return b32encode(sha256(data).digest()).decode()[:10].lower()


def _day(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return day(value.astimezone(UTC).date())
    return day(value) if value else ""


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("publish.site"),
                jinja2.PrefixLoader({"screening": jinja2.PackageLoader("publish", "screening")}),
            ]
        ),
        autoescape=True,
        auto_reload=False,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=_day,
        moment=moment,
        plain=plain,
        visible=visible,
        web=web,
        fill=filled,
        number=lambda n: f"{n:,}",
        product=PRODUCTS.__getitem__,
        route=ROUTES.__getitem__,
    )
    environment.globals.update(static_version=static_version, snippet=snippet, static_policy=STATIC_POLICY)
    return environment
