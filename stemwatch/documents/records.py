"""What a document gives: its text, and what a reader should know of how it was read."""

import msgspec

from stemwatch.errors import StemwatchError

MOST_BYTES = 20_000_000
MOST_CHARACTERS = 2_000_000
"""A long book has one million characters."""


class Unreadable(StemwatchError):
    """A document that gives no text; the message names it and the way out."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """`text` has one paragraph a line; that of a plain text file is as long as the file, place for place.

    `media_type` is what the document is, whatever it was said to be. `notes` are sentences for its reader.
    """

    text: str
    media_type: str
    title: str = ""
    notes: tuple[str, ...] = ()
