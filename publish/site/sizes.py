"""How much a text takes on a page, and how to keep it within bounds. Pure."""

from itertools import accumulate

from markupsafe import escape


def weight(text: str) -> int:
    """Bytes of a text as it stands in HTML."""
    return len(escape(text).encode())


def cut(text: str, most: int) -> str:
    """The beginning of a text that takes at most so many bytes."""
    start = text[: max(0, most)]
    if weight(start) <= most:
        return start
    return start[: sum(total <= most for total in accumulate(map(weight, start)))]
