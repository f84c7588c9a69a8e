"""The newest release for questions in SQL. Datasette answers, under a policy that lets no script run."""

from http import HTTPStatus

from publish.explore.describing import DATABASE
from publish.explore.explorer import available
from publish.releases.published import latest, published
from publish.site.asking import Answer, Asked, Trouble
from publish.site.pages.data import BRIEF
from publish.site.policy import POLICY
from publish.site.texts import texts

HEADERS = {
    "Content-Security-Policy": POLICY.replace(
        "style-src 'self'", "script-src 'none'; style-src 'self' 'unsafe-inline'"
    ),
    "X-Robots-Tag": "noindex, nofollow",
}
_OWN, _STYLES = "-/", "-/static/"
"""How Datasette's pages about itself begin, and its style sheets among them."""


def begin(asked: Asked) -> Answer:
    """Leads to where the links of Datasette begin."""
    return Answer(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": asked.site.link("/explore") + "/"})


def explore(asked: Asked) -> Answer:
    """Whatever Datasette has there, but nothing about this machine. Trouble when there is nothing to explore."""
    words = texts(asked.site.language, "data")
    if not available():
        raise Trouble(HTTPStatus.NOT_FOUND, words["no_explorer"])
    release = published(asked.site.releases, latest(asked.site.releases) or "")
    if release is None or f"{DATABASE}.db" not in release.files:
        raise Trouble(HTTPStatus.NOT_FOUND, words["nothing_to_explore"])
    rest = asked.path["rest"]
    if rest.startswith(_OWN) and not rest.startswith(_STYLES):
        raise Trouble(HTTPStatus.NOT_FOUND, "")
    headers = BRIEF if rest.startswith(_STYLES) else {}
    return Answer(explored=release.folder, headers=headers)
