"""What HTTP receivers answered to one send of Apprise, whose plugins tell no more than True or False."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from notify.errors import NotAccepted, Permanent, Temporary

# 409: a receiver still busy with an earlier try under the same Idempotency-Key. 425: too early.
TEMPORARY = frozenset({302, 303, 307, 408, 409, 425, 429})
DAY = 86_400.0


@dataclass(frozen=True)
class Answer:
    """A status with its Retry-After, or the error that came instead."""

    status: int = 0
    retry_after: str = ""
    error: requests.RequestException | None = None

    @property
    def refused(self) -> bool:
        return self.error is not None or self.status >= HTTPStatus.BAD_REQUEST


_seen: ContextVar[list[Answer] | None] = ContextVar("answers", default=None)


class WatchedAdapter(HTTPAdapter):
    """Notes every answer inside `watched`, and changes nothing."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        seen = _seen.get()
        try:
            response = super().send(request, *args, **kwargs)
        except requests.RequestException as error:
            if seen is not None:
                seen.append(Answer(error=error))
            raise
        if seen is not None:
            seen.append(Answer(response.status_code, response.headers.get("Retry-After", "")))
        return response


# Every plugin calls requests.post() or requests.request(), which open a session that mounts this class;
# there is no other place where the status and Retry-After of all of them can be seen.
requests.sessions.HTTPAdapter = WatchedAdapter  # type: ignore[attr-defined]


@contextlib.contextmanager
def watched() -> Iterator[list[Answer]]:
    """Collects the answers to all requests of this context (a thread's, not the process's)."""
    seen: list[Answer] = []
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def outcome(seen: list[Answer], now: datetime, silence: float) -> NotAccepted:
    """Why a send failed: the first answer that refused, else the last one."""
    answer = next((answer for answer in seen if answer.refused), seen[-1] if seen else None)
    if answer is None:
        return Temporary("The channel did not take the message and does not say why.")
    if answer.error is not None:
        return Temporary(_trouble(answer.error, silence))
    return refusal(answer.status, answer.retry_after, now)


def taken(seen: list[Answer]) -> str:
    """The receiver's last answer to what it accepted; nothing when none was seen."""
    return said(seen[-1].status) if seen else ""


def said(status: int) -> str:
    """A status with its name."""
    return f"{status} {_phrase(status)}".strip()


def refusal(status: int, retry_after: str, now: datetime, words: str = "") -> NotAccepted:
    """What a status means that came in place of an acceptance; `words` are the receiver's own."""
    answer = said(status) + (f": {words}" if words else "")
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return Temporary(f"The receiver answered {answer} and yet did not confirm the message.")
    if status in TEMPORARY or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Temporary(f"The receiver answered {answer}.", wait(retry_after, now))
    if status < HTTPStatus.BAD_REQUEST:
        return Permanent(f"The receiver has moved ({answer}); redirects are not followed.")
    return Permanent(f"The receiver answered {answer}.")


def wait(header: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for, at most a day; None when it says nothing that can be read."""
    if header.isascii() and header.isdigit():
        return min(float(header), DAY)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), DAY)


def _trouble(error: requests.RequestException, silence: float) -> str:
    if isinstance(error, requests.Timeout):
        return f"No answer within {silence:g} s."
    if isinstance(error, requests.exceptions.SSLError):
        return "The receiver's certificate is not trusted."
    return "No connection to the receiver, or it ended without an answer."


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
