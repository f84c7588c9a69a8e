"""What is asked by an address, read strictly: what is not understood is Trouble that names it."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from http import HTTPStatus

from publish.site.asking import Asked, Trouble

DIGITS = 9
"""No number that is asked for has more."""


def one_of(asked: Asked, name: str, known: Collection[str]) -> str | None:
    """The value of a parameter that has a fixed set of values; None when it is not given."""
    value = asked.one(name)
    if value and value not in known:
        listed = ", ".join(sorted(known)) or "nothing yet"
        raise _wrong(f"{name} {value!r} is not known. It can be: {listed}.")
    return value or None


def a_day(asked: Asked, name: str) -> date | None:
    """A day as 2025-01-28; None when it is not given."""
    value = asked.one(name)
    try:
        return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC).date() if value else None
    except ValueError:
        raise _wrong(f"{name} {value!r} is no day: write it as 2025-01-28.") from None


def a_number(asked: Asked, name: str, default: int) -> int:
    """A whole number from 0 on."""
    value = asked.one(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= DIGITS):
        raise _wrong(f"{name} {value!r} is no number of at most {DIGITS} digits.")
    return int(value)


def _wrong(sentence: str) -> Trouble:
    return Trouble(HTTPStatus.BAD_REQUEST, sentence)
