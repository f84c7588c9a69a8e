"""Documents as bytes to the text that a reader sees: plain text, HTML, PDF. Pure."""

from stemwatch.documents.reading import read
from stemwatch.documents.records import MOST_BYTES, MOST_CHARACTERS, Document, Unreadable

__all__ = ["MOST_BYTES", "MOST_CHARACTERS", "Document", "Unreadable", "read"]
