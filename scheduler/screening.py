"""Screening one text: its bytes from wherever they are, its claims, the notices that acted on the like."""

import re
import sys
from pathlib import Path
from typing import IO

from publish.screening import Coverage, Point, Screening, findings, looked_at, with_precedents
from scheduler.documents import read_stranger
from scheduler.house import House
from scheduler.outside import fetch
from stemwatch.claims import claims
from stemwatch.documents import MOST_BYTES, Document
from stemwatch.errors import StemwatchError
from stemwatch.store.store import DATABASE
from stemwatch.wording import plain

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
STDIN = "-"


def screen(house: House, target: str, precedents: int) -> Screening:
    """What a file, an address or standard input (`-`) claims, each claim with at most so many precedents.

    StemwatchError when there is nothing that can be read. A data folder that is not there is not made.
    """
    document, name = _document(house, target)
    found = claims(document.text)
    points = [Point(claim) for claim in found]
    coverage = Coverage()
    if precedents and (house.home / DATABASE).is_file():
        with house.store() as store:
            coverage = looked_at(store.source_views(house.every))
            points = with_precedents(store, found, precedents)
    return Screening(
        name=name,
        text=document.text,
        title=document.title,
        notes=document.notes,
        findings=findings(points),
        coverage=coverage,
    )


def _document(house: House, target: str) -> tuple[Document, str]:
    """The document and what to call it."""
    if _ADDRESS.match(target):
        fetched = fetch(target, user_agent=house.config.user_agent)
        name = plain(fetched.url)
        return read_stranger(fetched.body, media_type=fetched.media_type, name=name), name
    name = "standard input" if target == STDIN else plain(target)
    # A report is passed on: it names the file, not where it lies.
    return read_stranger(_bytes(target, name), name=name), Path(name).name


def _bytes(target: str, name: str) -> bytes:
    """The bytes of a file, no more than one beyond the limit: it may be a device that never ends."""
    try:
        if target == STDIN:
            return _read(sys.stdin.buffer)
        with Path(target).open("rb") as file:
            return _read(file)
    except FileNotFoundError:
        web = f" A web address begins with https://, as in https://{name}." if "." in name else ""
        raise StemwatchError(f"There is no file {name}.{web}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StemwatchError(
            f"{name} cannot be read: {reason}. Name a file that can be, or - for input."
        ) from None


def _read(file: IO[bytes]) -> bytes:
    return file.read(MOST_BYTES + 1)
