"""Where the API is, and how it fails."""

from collections.abc import Iterator
from itertools import chain

import msgspec

from publish.api.answers import JSON, SHARED, allowed, problem
from publish.api.openapi import BASE, description
from publish.api.operations import OPERATIONS, Operation
from publish.site.asking import Answer, Asked, Route
from publish.site.templating import page

LIMIT = "api"


def openapi(asked: Asked) -> Answer:
    """The description for programs."""
    return Answer(msgspec.json.encode(description(asked.site)), JSON, headers=SHARED)


def manual(asked: Asked) -> Answer:
    """The description for people."""
    return page(asked, "api", operations=OPERATIONS, base=asked.site.address(BASE))


def _routes(operation: Operation) -> Iterator[Route]:
    path = BASE + operation.path.replace(f"{{{operation.wide}}}", f"{{{operation.wide}:path}}")
    yield Route(path, operation.page, cached=operation.cached, limit=LIMIT)
    yield Route(path, allowed, method="OPTIONS", cached=False)


API_ROUTES = (
    Route("/api/", manual),
    Route(f"{BASE}/openapi.json", openapi, limit=LIMIT),
    *chain.from_iterable(map(_routes, OPERATIONS)),
)
API_TROUBLE = {BASE: problem}
