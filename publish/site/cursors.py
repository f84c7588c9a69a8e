"""Places to go on from, as readers carry them: opaque, stable, and bound to one database."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import TypeVar

import msgspec

from publish.site.asking import Asked, Trouble

_VERSION = 1
Place = TypeVar("Place")


def written(asked: Asked, list_name: str, place: object) -> str:
    """The cursor for a place in one of the lists."""
    parts = [_VERSION, asked.store.instance, list_name, place]
    return urlsafe_b64encode(msgspec.json.encode(parts)).rstrip(b"=").decode()


def read(asked: Asked, list_name: str, cursor: str, type_: type[Place]) -> Place:
    """The place that a cursor stands for; Trouble for one that is not of this list and database."""
    version, instance, of, place = _parts(cursor)
    if instance != asked.store.instance:
        raise _refused("is of another database")
    if (version, of) != (_VERSION, list_name):
        raise _refused("is of another list")
    try:
        found = msgspec.convert(place, type_)
    except msgspec.ValidationError:
        raise _refused("is no cursor of ours") from None
    return found


def _parts(cursor: str) -> tuple[int, str, str, object]:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        return msgspec.json.decode(urlsafe_b64decode(padded), type=tuple[int, str, str, object])
    except (ValueError, RecursionError):
        raise _refused("is no cursor of ours") from None


def _refused(reason: str) -> Trouble:
    return Trouble(HTTPStatus.BAD_REQUEST, f"The cursor {reason}: leave it out to begin anew.")
