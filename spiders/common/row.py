"""One record of a list, parsed destructively: what is left when a source has taken its fields is reported."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from spiders.common.html import harmful, unlikely, visible, visible_lines
from stemwatch.text import clean

EMPTY: tuple[Any, ...] = (None, "", [], {}, False)


class Row:
    """The fields of one record by name. `base` is the address of the answer, `capture` its SHA-256.

    `body` is the notice's text where the list brings it: then no page is asked for.
    """

    def __init__(self, values: Mapping[str, Any], base: str, capture: str) -> None:
        self._values = dict(values)
        self.base = base
        self.capture = capture
        self.doubts: list[str] = []
        self.body = ""

    def take(self, name: str) -> Any:
        """A field, or what lies deeper in it (`title.rendered`); KeyError when the record has none."""
        first, *deeper = name.split(".")
        value = self._values.pop(first)
        for part in deeper:
            if not isinstance(value, dict):
                raise TypeError(f"{first} is no longer a mapping")
            value = value[part]
        return value

    def text(self, name: str, *, required: bool = True) -> str:
        """A field's visible text on one line; ValueError when it is empty but `required`.

        The row is doubted when no regulator writes such words in any field.
        """
        raw = self._string(name, required)
        self.doubts.extend(filter(None, [harmful(raw)]))
        found = visible(raw)
        if required and not found:
            raise ValueError(f"{name} is empty")
        return found

    def lines(self, name: str, *, required: bool = True) -> str:
        """A field's visible text, one paragraph a line."""
        return visible_lines(self._string(name, required))

    def title(self, name: str = "title") -> str:
        """A field's text, doubted when no regulator prints such words as a title."""
        raw = self._string(name, required=True)
        found = visible(raw)
        if not found:
            raise ValueError(f"{name} is empty")
        self.doubt(raw, found)
        return found

    def certain_title(self, name: str = "title") -> str:
        """A field's text, without which the row is of no use: ValueError when no regulator prints such words."""
        found = self.title(name)
        if self.doubts:
            raise ValueError(self.doubts[0])
        return found

    def doubt(self, *words: str) -> None:
        """Doubt the row when no regulator prints such words as a title."""
        self.doubts.extend(filter(None, [next(filter(None, map(unlikely, words)), "")]))

    def link(self, name: str = "url") -> str:
        """A field's address, made absolute; ValueError when it is none of the web."""
        return address(self._string(name, required=True), self.base)

    def names(self, name: str) -> str:
        """The `name` of each mapping of a list, joined."""
        found = self._values.pop(name, None) or []
        return "; ".join(clean(str(entry["name"])) for entry in found)

    def joined(self, name: str) -> str:
        """The texts of a list, joined; empty when the record has none."""
        return "; ".join(visible(str(entry)) for entry in self._values.pop(name, None) or ())

    def ignore(self, *names: str) -> None:
        """Leave fields out, whether they are there or not."""
        for name in names:
            self._values.pop(name, None)

    def ignore_rest(self) -> None:
        """Leave out whatever has not been taken."""
        self._values.clear()

    def leftover(self, ignored: Iterable[str]) -> set[str]:
        """The names of filled fields that nobody took."""
        return {name for name, value in self._values.items() if value not in EMPTY} - set(ignored)

    def _string(self, name: str, required: bool) -> str:
        if not required and name.split(".")[0] not in self._values:
            return ""
        value = self.take(name)
        if value is None:
            return ""
        if not isinstance(value, str | int):
            raise TypeError(f"{name} is no longer a text")
        return str(value)


def address(found: str, base: str) -> str:
    """`found` on the page `base` as an absolute address; ValueError when it is none of the web."""
    absolute = urljoin(base, found.strip())
    if urlsplit(absolute).scheme not in ("http", "https") or not urlsplit(absolute).hostname:
        raise ValueError(f"{found[:60]!r} is no address")
    return absolute


def secure(url: str) -> str:
    """An address as https: feeds keep naming http years after their site has moved."""
    return url.replace("http://", "https://", 1) if url.startswith("http://") else url


def path_of(url: str) -> str:
    """An address without its host: the raw identifier of most notices."""
    parts = urlsplit(url)
    return parts.path.strip("/") + (f"?{parts.query}" if parts.query else "")
