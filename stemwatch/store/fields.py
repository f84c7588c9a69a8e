"""What everything that reads a notice's words is given."""

from collections.abc import Mapping
from typing import Any

import msgspec

_decode = msgspec.json.Decoder(dict[str, str]).decode


def fields_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The fields of list and page by name, with title and text; a row of title, fields, page_fields, body."""
    return {
        **_decode(row["page_fields"] or "{}"),
        **_decode(row["fields"]),
        "title": row["title"],
        "text": row["body"] or "",
    }
