"""Screening one text: its bytes from wherever they are, its claims, the notices that acted on the like."""

import re
import sys
from pathlib import Path
from typing import IO

from publish.screening import Cited, Coverage, Point, Screening, findings
from scheduler.documents import read_stranger
from scheduler.house import House
from scheduler.outside import fetch
from stemwatch.claims import claims
from stemwatch.claims.records import Precedent
from stemwatch.documents import MOST_BYTES, Document
from stemwatch.errors import StemwatchError
from stemwatch.store import Store
from stemwatch.store.store import DATABASE
from stemwatch.views import NoticeView
from stemwatch.wording import plain

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
STDIN = "-"


def screen(house: House, target: str, precedents: int) -> Screening:
    """What a file, an address or standard input (`-`) claims, each claim with at most so many precedents.

    StemwatchError when there is nothing that can be read. A data folder that is not there is not made.
    """
    document, name = _document(house, target)
    found = claims(document.text)
    nearest: list[tuple[Cited, ...]] = [()] * len(found)
    coverage = Coverage()
    if precedents and (house.home / DATABASE).is_file():
        with house.store() as store:
            coverage = _coverage(house, store)
            nearest = _cited(store, store.precedents(found, most=precedents))
    return Screening(
        name=name,
        text=document.text,
        title=document.title,
        notes=document.notes,
        findings=findings(map(Point, found, nearest)),
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


def _coverage(house: House, store: Store) -> Coverage:
    views = [view for view in store.source_views(house.every) if view.notices]
    days = [view.newest_on for view in views if view.newest_on]
    return Coverage(sum(view.notices for view in views), len(views), max(days, default=None))


def _cited(store: Store, found: list[tuple[Precedent, ...]]) -> list[tuple[Cited, ...]]:
    notices = store.notices_named({precedent.notice for nearest in found for precedent in nearest})
    return [tuple(_with_notice(precedent, notices) for precedent in nearest) for nearest in found]


def _with_notice(precedent: Precedent, notices: dict[str, NoticeView]) -> Cited:
    return Cited(precedent, notices[precedent.notice])
