"""What a table of a release is to SQLite. Pure."""

from typing import NamedTuple

Cell = str | int | float | None


class Shape(NamedTuple):
    """One table: `columns` to their types, `references` from columns to the tables whose key they hold.

    A reference to its own table may be empty.
    """

    name: str
    columns: dict[str, type]
    key: tuple[str, ...]
    references: dict[str, str]
    indexes: tuple[tuple[str, ...], ...]
