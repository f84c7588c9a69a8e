"""The bundle: the one file that a crawl leaves behind, written aside and renamed into place when whole.

A stored (uncompressed) ZIP file of `run.json` (the report), `records.jsonl` and `captures.warc.gz`. The
report carries the SHA-256 of the other two, so a torn or altered bundle is known before a row of it is believed.
"""

import errno
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, Self

import msgspec

from stemwatch.errors import StemwatchError
from stemwatch.evidence import EvidenceWriter
from stemwatch.records import AnyRecord, Capture, Record, Validators, decode, encode
from stemwatch.words import Verdict

SUFFIX = ".bundle"
FORMAT = 2
REPORT, RECORDS, CAPTURES = "run.json", "records.jsonl", "captures.warc.gz"


class Report(Record, frozen=True):
    """What a crawl says of itself; `health.judge` turns it into the verdict.

    `stopped` names why the crawl ended early, `total` is the site's own count of its list, `seen` counts
    distinct keys, `filled` rows that carry a field. `doubtful` quotes values no regulator prints, `leftover`
    names cells nobody reads. `first_way_failed` says why the source's second way was taken. `unchanged`: the list
    answered that nothing is new since the last good run. `gap` says why notices may have been missed,
    `backfilled` counts those found by looking further back, `notes` what
    else the operator should know. `lists` holds the validators of the list's addresses. `reread`: stored evidence
    was read, not the site.
    """

    run: str
    source: str
    revision: int
    started_at: datetime
    finished_at: datetime
    seconds: float
    stopped: Verdict | None = None
    reason: str = ""
    total: int | None = None
    seen: int = 0
    newest_on: date | None = None
    filled: dict[str, int] = {}
    doubtful: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    first_way_failed: str = ""
    unchanged: bool = False
    gap: str = ""
    backfilled: int = 0
    notes: tuple[str, ...] = ()
    lists: dict[str, Validators] = {}
    requests: int = 0
    details_read: int = 0
    details_failed: int = 0
    details_left: int = 0
    retry_after: int = 0
    reread: bool = False
    format: int = FORMAT
    digests: dict[str, str] = {}


class BundleWriter:
    """Writes a bundle piece by piece into `folder`; nothing appears at its destination before `finish`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._records = (folder / RECORDS).open("wb")
        self._captures = (folder / CAPTURES).open("wb")
        self._evidence = EvidenceWriter(self._captures)

    def add(self, record: AnyRecord) -> None:
        self._records.write(encode(record) + b"\n")

    def capture(self, **response: Any) -> Capture:
        """Keep a response as evidence; takes the arguments of `EvidenceWriter.write`."""
        capture = self._evidence.write(**response)
        self.add(capture)
        return capture

    def finish(self, report: Report, inbox: Path) -> Path:
        """Seal the bundle and move it into `inbox` as `<run>.bundle`; the folder is emptied."""
        self.close()
        digests = {name: _digest(self.folder / name) for name in (RECORDS, CAPTURES)}
        return seal(msgspec.structs.replace(report, digests=digests), self.folder, inbox)

    def close(self) -> None:
        for file in (self._records, self._captures):
            if not file.closed:
                file.flush()
                file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what was not finished is thrown away, written or not
            self.close()


def seal(report: Report, folder: Path, inbox: Path) -> Path:
    """Pack `folder` into one file; a report without digests stands alone (a crawl that died)."""
    (folder / REPORT).write_bytes(msgspec.json.encode(report))
    inbox.mkdir(parents=True, exist_ok=True)
    packed, target = folder / "packed", inbox / (report.run + SUFFIX)
    with packed.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name in (REPORT, *report.digests):
                archive.write(folder / name, name)
        file.flush()
        os.fsync(file.fileno())
    packed.replace(target)
    for name in (REPORT, RECORDS, CAPTURES):
        (folder / name).unlink(missing_ok=True)
    return target


class UnusableBundle(StemwatchError):
    """A bundle that no try will make better: corrupt, of a newer format, of a source nobody knows."""


class NoBundle(StemwatchError):
    """No file at that place: never written, or applied by somebody else."""


class _Format(msgspec.Struct):
    """The one field that is read before the rest can be understood."""

    format: int = FORMAT


# A run id names the file of its evidence, and a bundle may come from another machine.
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,150}")

# What zipfile and msgspec raise over torn or altered bytes: zipfile takes flipped header bits for encryption, for
# unknown methods, or for offsets outside the file.
_TORN = (
    zipfile.BadZipFile,
    zlib.error,
    msgspec.DecodeError,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class Bundle:
    """A finished bundle, checked whole when opened. UnusableBundle when it is corrupt or too new."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                self.report = self._report(archive.read(REPORT))
                self._check(archive)
        except FileNotFoundError:
            raise NoBundle(f"There is no bundle at {path}.") from None
        except OSError as error:
            if error.errno != errno.EINVAL:  # a flipped offset points before the file's beginning
                raise
            raise UnusableBundle(f"The bundle {path.name} is corrupt: {error}.") from None
        except _TORN as error:
            raise UnusableBundle(f"The bundle {path.name} is corrupt: {error}.") from None

    def _report(self, line: bytes) -> Report:
        number = msgspec.json.decode(line, type=_Format).format
        if number > FORMAT:
            raise UnusableBundle(
                f"The bundle {self.path.name} has format {number}, "
                f"but this Stemwatch reads up to {FORMAT}: upgrade it."
            )
        report = msgspec.json.decode(line, type=Report)
        if not _RUN.fullmatch(report.run):
            raise UnusableBundle(
                f"The bundle {self.path.name} has the run id {report.run[:60]!r}, which no crawl gives."
            )
        return report

    def _check(self, archive: zipfile.ZipFile) -> None:
        for name, digest in self.report.digests.items():
            with archive.open(name) as member:
                if file_digest(member, sha256).hexdigest() != digest:  # type: ignore[arg-type]
                    raise UnusableBundle(f"The bundle {self.path.name} is corrupt: {name} was altered.")

    def lines(self) -> Iterator[tuple[AnyRecord, bytes]]:
        """Each record with the line it was read from; none for a crawl that died."""
        if RECORDS not in self.report.digests:
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(RECORDS) as member:
            for number, line in enumerate(member, start=1):
                try:
                    yield decode(line), line
                except (msgspec.DecodeError, msgspec.ValidationError) as error:
                    raise UnusableBundle(
                        f"The bundle {self.path.name} is corrupt: line {number} of {RECORDS}: {error}."
                    ) from None

    def extract_captures(self, target: Path) -> bool:
        """Copy the WARC to `target`, whole or not at all; False when the bundle holds none."""
        if CAPTURES not in self.report.digests:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{token_hex(3)}.partial")
        with (
            zipfile.ZipFile(self.path) as archive,
            archive.open(CAPTURES) as member,
            partial.open("wb") as out,
        ):
            while block := member.read(1 << 20):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(target)
        return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, sha256).hexdigest()
