"""What a page is asked, and what it answers. A page is a function from one to the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from publish.site.site import Site
from stemwatch.store.reading import Reader

HTML = "text/html; charset=utf-8"
QUERY_LENGTH = 500
"""Characters of one parameter; no question that a person or program asks is longer."""


class Trouble(Exception):
    """A page cannot answer: the status says which kind of failure, the sentence what to do about it."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Asked:
    """One request. `store` shows one state throughout; `path` are the parts of the address that the route names,
    `query` and `form` the first value of each parameter, `pairs` every parameter in its order, `client` the
    address that asks.
    """

    site: Site
    store: Reader
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str]] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    client: str = ""

    def one(self, name: str) -> str:
        """The value of a parameter, empty when it is not given; Trouble for a long one."""
        value = self.query.get(name, "").strip()
        if len(value) > QUERY_LENGTH:
            raise Trouble(HTTPStatus.BAD_REQUEST, f"{name} is longer than {QUERY_LENGTH} characters: shorten it.")
        return value


@dataclass(frozen=True)
class Answer:
    """What is sent: `body`, the `file` that lies on disk, or what exploring the release in `explored` answers."""

    body: bytes = b""
    media_type: str = HTML
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    explored: Path | None = None


Page = Callable[[Asked], Answer]
TroublePage = Callable[[Site, HTTPStatus, str], Answer]
"""Words a failure: with its sentence, or without one what there is to say of the status."""


class Route(NamedTuple):
    """Where a page is. `path` in the router's form: `/notices/{notice:path}`.

    `cached`: the answer depends on the stored data and the address alone. `most_bytes` bounds what may be sent to
    it; `headers` stand in each answer. `limit` names how often a network may ask (`publish/site/limits.py`). One
    that `reads` nothing stored is answered at once, whatever becomes of the data folder.
    """

    path: str
    page: Page
    method: str = "GET"
    cached: bool = True
    most_bytes: int = 0
    headers: Mapping[str, str] = {}
    limit: str = ""
    reads: bool = True
