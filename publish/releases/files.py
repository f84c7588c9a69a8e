"""The plain files of a release: one table as CSV and as JSON Lines, the checksums, and the way to disk."""

import csv
import os
from collections.abc import Iterable, Iterator
from hashlib import file_digest
from pathlib import Path

import msgspec

from publish.releases.cells import neutralise
from publish.releases.columns import Key, Table, to_line
from stemwatch.shapes import Cell

CHECKSUMS = "SHA256SUMS"


def written(folder: Path, table: Table, views: Iterable[msgspec.Struct]) -> Iterator[tuple[Cell, ...]]:
    """The rows of the views; each has gone into `<table>.csv` and `<table>.jsonl` when it is handed on.

    So the views are read once, and no format can hold another state than the others. ValueError when the
    views are not in the order of their keys.
    """
    places = [table.header.index(name) for name in table.key]
    last: Key = ()
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as csv_file,
        (folder / f"{table.name}.jsonl").open("wb") as lines,
    ):
        cells = csv.writer(csv_file, lineterminator="\r\n")  # RFC 4180
        cells.writerow(table.header)
        for view in views:
            line = to_line(view)
            row = table.row(line)
            key = tuple(row[place] for place in places)
            if key <= last:
                raise ValueError(f"In {table.name}, {key} may not follow {last}.")
            last = key
            cells.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in row])
            lines.write(line + b"\n")
            yield row


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of the folder, by name."""
    return {path.name: sha256(path) for path in sorted(folder.iterdir())}


def write_checksums(folder: Path, known: dict[str, str]) -> None:
    """SHA256SUMS over every file of the folder, in the form that `sha256sum -c` reads; `known` holds some."""
    lines = [f"{known.get(path.name) or sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def checksums(folder: Path) -> dict[str, str]:
    """What SHA256SUMS of a release says, by file."""
    lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """Returns when the folder and every file in it are on the disk."""
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
