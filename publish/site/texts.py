"""The fixed words of the pages: `languages/<language>/<page>.toml`, a file for each page and one they share."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from markupsafe import Markup, escape

SHARED = "frame"
Texts = Mapping[str, str]


@cache
def texts(language: str, page: str) -> Texts:
    """The words of one page by name, a table's under `table.name`."""
    path = files("publish.site") / "languages" / language / f"{page}.toml"
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            pairs.append((prefix + name, value))
        else:
            raise TypeError(f"{prefix}{name} is no text")
    return pairs


def filled(text: str, **parts: object) -> Markup:
    """The text with its {names} filled in; text and parts are escaped unless they are markup already."""
    return escape(text).format(**parts)
