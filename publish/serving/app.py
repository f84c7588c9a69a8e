"""The web application: routes become endpoints that read in threads, keep answers, and answer 304."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route as Endpoint

from publish.explore.explorer import Explorer, TooLarge, Unanswered
from publish.serving.routes import ROUTES, trouble_at
from publish.site.asking import Answer, Asked, Route, Trouble
from publish.site.keeping import Kept
from publish.site.limits import Limits, Spent
from publish.site.policy import Policy
from publish.site.readers import Readers
from publish.site.site import Site
from stemwatch.errors import UsageError
from stemwatch.store.reading import Reader

logger = logging.getLogger("stemwatch.site")

FRESH = "public, max-age=60"
PRIVATE = "no-store"
MOST_FIELDS = 200
DENSE = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/vnd.apache.parquet", "application/vnd.sqlite3")
"""What hardly gets smaller."""


def create_app(site: Site, more: Sequence[Route] = (), limits: Limits | None = None) -> Starlette:
    """The application over `site`, with `more` routes of whoever runs it. It opens the data when it starts."""
    state = _State(site, limits or Limits())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        state.open()
        yield
        state.close()

    return Starlette(
        routes=[
            Endpoint(site.root + route.path, _endpoint(state, route), methods=[route.method])
            for route in (*more, *ROUTES)
        ],
        middleware=[
            Middleware(Policy, encrypted=site.url.startswith("https:")),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5, exclude_content_types=DENSE),
        ],
        exception_handlers={HTTPException: _refused(state)},
        lifespan=lifespan,
    )


class _State:
    """What lives as long as the application does."""

    def __init__(self, site: Site, limits: Limits) -> None:
        self.site = site
        self.limits = limits
        self.kept = Kept()

    def open(self) -> None:
        self.readers = Readers(self.site)
        self.explorer = Explorer(self.site.root)
        self.watcher = Reader(self.site.home, self.site.sources)

    def close(self) -> None:
        self.readers.close()
        self.explorer.close()
        self.watcher.close()


def _endpoint(state: _State, route: Route) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        spent = state.limits.spend(route.limit, _client(request)) if route.limit else None
        try:
            if spent and not spent.allowed:
                answer = _too_many(state, route, spent)
            else:
                answer = await _answer(state, route, request)
        except Trouble as trouble:
            answer = _trouble(state, route, trouble.status, trouble.sentence)
        except UsageError as error:
            answer = _trouble(state, route, HTTPStatus.BAD_REQUEST, str(error))
        except TimeoutError:
            answer = _trouble(state, route, HTTPStatus.SERVICE_UNAVAILABLE, "That took too long: ask for less.")
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        except Exception:
            logger.exception("A page could not be made")
            answer = _trouble(state, route, HTTPStatus.INTERNAL_SERVER_ERROR, "")
        return _response(request, route, answer, spent.headers if spent else {})

    return endpoint


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _too_many(state: _State, route: Route, spent: Spent) -> Answer:
    sentence = f"Your network has asked too often: wait {spent.wait:,} seconds, then ask again."
    answer = _trouble(state, route, HTTPStatus.TOO_MANY_REQUESTS, sentence)
    return replace(answer, headers={**answer.headers, "Retry-After": str(spent.wait)})


async def _answer(state: _State, route: Route, request: Request) -> Answer:
    address = f"{request.url.path}?{request.url.query}"
    version = state.watcher.version
    keepable = route.cached and route.method == "GET"
    if keepable and (kept := state.kept.get(version, address)):
        return kept
    form = await _form(request, route.most_bytes) if route.method == "POST" else {}

    def work(store: Reader) -> Answer:
        pairs = request.query_params.multi_items()
        query = dict(reversed(pairs))
        return route.page(Asked(state.site, store, request.path_params, query, pairs, form, _client(request)))

    answer = await state.readers.run(work) if route.reads else work(state.watcher)
    if answer.explored:
        return await _explored(state, answer, request)
    if keepable and answer.file is None:
        state.kept.keep(version, address, answer)
    return answer


async def _explored(state: _State, answer: Answer, request: Request) -> Answer:
    """What Datasette answers from the release that the page named."""
    assert answer.explored
    path = request.scope["raw_path"].decode("latin-1").removeprefix(f"{state.site.root}/explore")
    address = f"{path}?{request.url.query}" if request.url.query else path
    try:
        found = await state.explorer.ask(answer.explored, address)
    except TooLarge:
        raise Trouble(HTTPStatus.BAD_REQUEST, "The answer is too large: ask for fewer rows or columns.") from None
    except Unanswered:
        raise Trouble(HTTPStatus.SERVICE_UNAVAILABLE, "That cannot be answered: ask for less.") from None
    if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # so Datasette answers addresses that it does not foresee
        raise Trouble(HTTPStatus.BAD_REQUEST, "That cannot be answered: look at the address, or ask otherwise.")
    return Answer(found.body, found.media_type, HTTPStatus(found.status), {**found.headers, **answer.headers})


async def _form(request: Request, most_bytes: int) -> dict[str, str]:
    """The fields of a form. Trouble when more is sent than the page takes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise Trouble(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"More than {most_bytes:,} bytes were sent: send less."
            )
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Trouble(HTTPStatus.BAD_REQUEST, "What was sent is no form in UTF-8.") from None
    return dict(reversed(pairs))


def _response(request: Request, route: Route, answer: Answer, more: Mapping[str, str]) -> Response:
    headers = {**route.headers, **answer.headers, **more}
    if answer.file:
        return FileResponse(answer.file, media_type=answer.media_type, headers=headers)
    fresh = route.cached and answer.status == HTTPStatus.OK
    headers.setdefault("Cache-Control", FRESH if fresh else PRIVATE)
    if fresh:
        # Weak: the same words may be sent compressed.
        headers["ETag"] = f'W/"{sha256(answer.body).hexdigest()[:24]}"'
        if _unchanged(request, headers):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(answer.body, answer.status, headers, answer.media_type)


def _unchanged(request: Request, headers: Mapping[str, str]) -> bool:
    """Whether the reader has this answer. A date counts only where no tag is sent (RFC 9110, 13.1.3)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return headers["ETag"] in tags
    since, made = request.headers.get("if-modified-since"), headers.get("Last-Modified")
    if since is None or made is None:
        return False
    try:
        return parsedate_to_datetime(since) >= parsedate_to_datetime(made)
    except (TypeError, ValueError):
        return False


def _trouble(state: _State, route: Route, status: HTTPStatus, sentence: str) -> Answer:
    return trouble_at(route.path)(state.site, status, sentence)


def _refused(state: _State) -> Callable[[Request, Exception], Awaitable[Response]]:
    """An address or method that no route has."""

    async def handler(request: Request, error: Exception) -> Response:
        code = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        worded = trouble_at(request.url.path.removeprefix(state.site.root))
        answer = worded(state.site, HTTPStatus(code), "")
        return Response(answer.body, answer.status, {**answer.headers, **headers}, answer.media_type)

    return handler
