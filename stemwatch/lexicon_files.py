"""Reading lexicon files: TOML tables of entries. What is not understood is an error that names file and entry.

Every `*.toml` of a folder adds to the others, one file a language. The folder and its files are data that an
advocate may change without touching Python, so nothing is taken for something else: an unknown table, an unknown
key, a value of the wrong kind, a phrase that cannot be looked for.
"""

import tomllib
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources.abc import Traversable
from typing import Annotated, Any

import msgspec

from stemwatch.engine import understood
from stemwatch.errors import UsageError

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Lines = Annotated[tuple[Line, ...], msgspec.Meta(min_length=1)]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that a lexicon file holds: `why` it is there, in English."""

    why: Line


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One item and where it stands: `lexicon/en.toml: evidence 3 (its why)`."""

    file: str
    table: str
    where: str
    item: Any


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """All entries of a folder in reading order; `digest` changes whenever a byte of its files does."""

    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    digest: str


def read(folder: Traversable, tables: Mapping[str, type[Item]], *, shown: str = "lexicon") -> Files:
    """Every `*.toml` of `folder`, each table as a list of its type. `shown` is the folder's name in messages."""
    names = tuple(sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml")))
    raw = {name: (folder / name).read_bytes() for name in names}
    entries = (entry for name in names for entry in _entries(f"{shown}/{name}", raw[name], tables))
    parts = (name.encode() + b"\x1e" + content for name, content in raw.items())
    return Files(names=names, entries=tuple(entries), digest=sha256(b"\x1f".join(parts)).hexdigest()[:12])


def written(phrase: str, where: str) -> str:
    """A phrase as it is written once only: small letters, blanks for hyphens. UsageError when it is none."""
    try:
        understood(phrase)
    except ValueError as error:
        raise UsageError(f"{where}: {phrase!r} {error}") from None
    return " ".join(phrase.casefold().replace("-", " ").split())


def _entries(file: str, content: bytes, tables: Mapping[str, type[Item]]) -> list[Entry]:
    try:
        document = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}") from None
    if unknown := sorted(set(document) - set(tables)):
        raise UsageError(f"{file}: unknown table {unknown[0]!r} (known: {', '.join(tables)})")
    return [
        _entry(file, table, f"{file}: {table} {number} ({_label(raw)})", raw, tables[table])
        for table, items in document.items()
        for number, raw in enumerate(items if isinstance(items, list) else [items], 1)
    ]


def _entry(file: str, table: str, where: str, raw: Any, kind: type[Item]) -> Entry:
    try:
        return Entry(file=file, table=table, where=where, item=msgspec.convert(raw, kind))
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {error}") from None


def _label(raw: Any) -> str:
    return str(raw.get("why", "no why")) if isinstance(raw, dict) else "not a table"
