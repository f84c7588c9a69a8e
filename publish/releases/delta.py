"""What is new since the release before: rows added, corrected and removed, by which the one gives the other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from publish.releases.columns import Key, Table
from publish.releases.files import CHECKSUMS, checksums, sha256
from publish.releases.folders import DELTA
from stemwatch.errors import StemwatchError

LINES, ABOUT = f"{DELTA}jsonl", f"{DELTA}json"
MARK = "datapackage.json"
"""A release that has this file has its rows in the order of their keys."""

Step = Literal["added", "corrected", "removed"]


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row that differs. `row` is the whole line as it is now, and absent when it was removed."""

    table: str
    step: Step
    key: Key
    row: msgspec.Raw = msgspec.Raw()


class Base(NamedTuple):
    """The release before: its folder, and the SHA-256 of its SHA256SUMS."""

    folder: Path
    digest: str


def base(latest: Path) -> Base | None:
    """The release that `latest` leads to; None when there is none, or none that keeps its rows in order.

    StemwatchError when it is not what its checksums say: its delta would mislead whoever holds a sound copy.
    """
    if not (latest / MARK).exists():
        return None
    folder = latest.resolve()
    for name, digest in checksums(folder).items():
        path = folder / name
        if path.suffix == ".jsonl" and not (path.exists() and sha256(path) == digest):
            raise StemwatchError(
                f"The release before, {folder}, is damaged: {name} does not match {CHECKSUMS}; "
                f"restore it, or remove the link {latest} to begin anew."
            )
    return Base(folder, sha256(folder / CHECKSUMS))


def write_delta(folder: Path, since: Base, tables: Sequence[Table]) -> None:
    """Writes `delta.jsonl` and, with what it starts from and how much it holds, `delta.json` into `folder`."""
    rows: dict[str, dict[str, int]] = {}
    with (folder / LINES).open("wb") as file:
        for table in tables:
            counts: Counter[Step] = Counter()
            for entry in entries(table, _lines(since.folder, table), _lines(folder, table)):
                file.write(msgspec.json.encode(entry) + b"\n")
                counts[entry.step] += 1
            rows[table.name] = {step: counts[step] for step in ("added", "corrected", "removed")}
    about = {"since": since.folder.name, "since_sha256": since.digest, "rows": rows}
    (folder / ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about), indent=2) + b"\n")


def entries(table: Table, before: Iterable[bytes], after: Iterable[bytes]) -> Iterator[Entry]:
    """What leads from lines of JSON to others, both sorted by key."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        if old == new:
            old, new = next(olds, None), next(news, None)
            continue
        was, now = _key(table, old), _key(table, new)
        if new is None or (was and was < now):
            yield Entry(table.name, "removed", was)
            old = next(olds, None)
        elif old is None or now < was:
            yield Entry(table.name, "added", now, msgspec.Raw(new))
            new = next(news, None)
        else:
            yield Entry(table.name, "corrected", now, msgspec.Raw(new))
            old, new = next(olds, None), next(news, None)


def _key(table: Table, line: bytes | None) -> tuple[Any, ...]:
    return () if line is None else table.key_of(line)


def _lines(folder: Path, table: Table) -> Iterator[bytes]:
    path = folder / f"{table.name}.jsonl"
    if path.exists():  # a table may be newer than the release before
        with path.open("rb") as file:
            yield from (line[:-1] for line in file)
