"""Style sheet, icon and script: files that a browser may keep, because their address changes with them."""

from functools import cache
from http import HTTPStatus
from importlib.resources import files

from publish.site.asking import Answer, Asked, Trouble

KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
TYPES = {
    "site.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "look-up.js": "text/javascript; charset=utf-8",
}


def static(asked: Asked) -> Answer:
    """One of the files named in `TYPES`."""
    name = asked.path["name"]
    if name not in TYPES:
        raise Trouble(HTTPStatus.NOT_FOUND, "")
    return Answer(_read(name), TYPES[name], headers=KEPT)


@cache
def _read(name: str) -> bytes:
    return (files("publish.site") / "static" / name).read_bytes()
