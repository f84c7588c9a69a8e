"""The words of a notice around what is said there, as evidence."""

from collections.abc import Mapping

from stemwatch.clinics.views import EvidenceView
from stemwatch.parties.records import Mention

AROUND = 60
"""Characters shown on each side, less what would cut a word."""


def evidence(notice: str, fields: Mapping[str, str], mention: Mention) -> EvidenceView:
    """The mention with the words around it, on one line."""
    text = fields.get(mention.field, "")
    return EvidenceView(
        notice=notice,
        field=mention.field,
        start=mention.start,
        end=mention.end,
        quote=quote(text, mention.start, mention.end),
    )


def quote(text: str, start: int, end: int) -> str:
    """Characters `start` to `end` with whole words around them; an ellipsis where the text goes on."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "… " + before.partition(" ")[2]
    if end + AROUND < len(text):
        after = after.rpartition(" ")[0] + " …"
    return " ".join((before + text[start:end] + after).split())
