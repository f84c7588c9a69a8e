"""What a table of a release is: columns with their meaning, and how a record becomes a row."""

from typing import Any, Literal, NamedTuple

import msgspec

from stemwatch.shapes import Cell, Shape

FORMAT_VERSION = 1
"""Grows when a column is removed or changes its meaning; a new column does not touch it."""

Kind = Literal["text", "integer", "number", "boolean", "date", "time", "json"]

SQL_TYPES: dict[Kind, type] = {
    "text": str,
    "integer": int,
    "number": float,
    "boolean": int,
    "date": str,
    "time": str,
    "json": str,
}


Key = tuple[Any, ...]
"""Texts and whole numbers, compared as Python compares them: text by its characters' code points."""


class Column(NamedTuple):
    """`path` leads to the value in a line of JSON Lines, by keys; empty for a column of SQLite alone."""

    name: str
    kind: Kind
    about: str
    path: tuple[str, ...] = ()


class Table(NamedTuple):
    """One table. `key` names its rows and orders them, `references` gives the table whose key a column holds."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: dict[str, str]
    indexes: tuple[tuple[str, ...], ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def shape(self) -> Shape:
        """What SQLite has to know of it."""
        types = {column.name: SQL_TYPES[column.kind] for column in self.columns}
        return Shape(self.name, types, self.key, self.references, self.indexes)

    def key_of(self, line: bytes) -> Key:
        """What names the row of a line of JSON Lines; lines are sorted by it."""
        plain = msgspec.json.decode(line)
        return tuple(plain[name] for name in self.key)

    def row(self, line: bytes) -> tuple[Cell, ...]:
        """A line of JSON Lines as flat cells in the order of the columns."""
        plain = msgspec.json.decode(line)
        return tuple(_cell(column.kind, _value(plain, column.path)) for column in self.columns)


def _value(plain: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        plain = plain[key]
    return plain


def _cell(kind: Kind, value: Any) -> Cell:
    if kind == "json":
        return msgspec.json.encode(value).decode()
    if isinstance(value, bool):
        return int(value)
    return None if value == "" else value


def to_line(view: msgspec.Struct) -> bytes:
    """A record as JSON Lines has it, with the keys of `fields` sorted: the ground of every other format."""
    return _to_json(view)


_to_json = msgspec.json.Encoder(order="deterministic").encode


def column(name: str, kind: Kind, about: str, *path: str) -> Column:
    return Column(name, kind, about, path or (name,))
