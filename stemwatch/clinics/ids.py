"""Permanent ids of clinics.

An id is made from the clinic's anchor: the oldest of its notices, and which of the businesses named there it is.
The same notices give the same ids in every database, in whatever order they came. An id means for ever the clinic
that its anchor belongs to. Of several ids of one clinic the one with the oldest anchor is shown; the others lead
to it.
"""

from base64 import b32encode
from hashlib import sha256
from typing import NamedTuple

LENGTH = 7
"""Characters of base 32: 34 thousand million ids."""
UNDATED = "9999"


class Anchor(NamedTuple):
    """Sorts the oldest first: day of the notice as ISO 8601 text, then its id, then the actor's slot in it."""

    on: str
    notice: str
    slot: str


def clinic_id(anchor: Anchor, attempt: int = 0) -> str:
    """`c-` and seven letters or digits; another `attempt` gives another id, should one be taken.

    The day is left out: a regulator may correct it.
    """
    digest = sha256(f"{anchor.notice}\x1f{anchor.slot}\x1f{attempt}".encode("utf-8", "replace")).digest()
    return "c-" + b32encode(digest).decode()[:LENGTH].lower()
