"""Evidence: HTTP responses kept as WARC records and found again by file, offset and SHA-256.

The bytes kept are those that travelled: the body before decompression. WARC 1.1, one gzip member a record.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from gzip import decompress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from stemwatch.errors import StemwatchError
from stemwatch.records import Capture

T = TypeVar("T")
LONGEST_ANSWER = 32 << 20
"""Bytes of an answer after decompression that are read back."""

# The body is kept dechunked, so this header would make readers misread it.
_HOP_HEADERS = {"transfer-encoding", "connection", "keep-alive"}


class EvidenceWriter:
    """Appends responses to one WARC file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._writer = WARCWriter(file, gzip=True, warc_version="1.1")

    def write(
        self,
        *,
        url: str,
        status: int,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        fetched_at: datetime,
        request: tuple[str, bytes] = ("GET", b""),
    ) -> Capture:
        """Keep one response (and the form of a POST, without which its address says little)."""
        digest = sha256(body).hexdigest()
        moment = fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        response = self._writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            http_headers=StatusAndHeaders(f"{status} ", _kept(headers), protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": moment, "WARC-Payload-Digest": f"sha256:{digest}"},
        )
        offset = self._file.tell()
        self._writer.write_record(response)
        length = self._file.tell() - offset
        method, form = request
        if method != "GET":
            self._write_request(response, url, method, form, moment)
        return Capture(sha256=digest, url=url, fetched_at=fetched_at, status=status, offset=offset, length=length)

    def _write_request(self, response: object, url: str, method: str, form: bytes, moment: str) -> None:
        identity = response.rec_headers.get_header("WARC-Record-ID")  # type: ignore[attr-defined]
        self._writer.write_record(
            self._writer.create_warc_record(
                url,
                "request",
                payload=BytesIO(form),
                http_headers=StatusAndHeaders(f"{method} {url} HTTP/1.1", [], is_http_request=True),
                warc_headers_dict={"WARC-Date": moment, "WARC-Concurrent-To": identity},
            )
        )


def _kept(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _HOP_HEADERS]


class Answer(NamedTuple):
    """One response of a WARC file, and what was asked: the form of a POST."""

    capture: Capture
    method: str = "GET"
    form: bytes = b""


def answers(path: Path) -> Iterator[Answer]:
    """Every response of a file, in order. StemwatchError when the file is missing or damaged."""
    try:
        with path.open("rb") as file:
            yield from _answers(ArchiveIterator(file))
    except FileNotFoundError:
        raise StemwatchError(f"The evidence file {path.name} is missing.") from None
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise StemwatchError(f"The evidence file {path.name} cannot be read: {error}.") from None


def _answers(records: Any) -> Iterator[Answer]:
    """A request stands behind its response."""
    last: Answer | None = None
    for record in records:
        if record.rec_type == "request" and last is not None:
            form = record.content_stream().read()
            last = last._replace(method=record.http_headers.protocol, form=form)
        elif record.rec_type == "response":
            if last is not None:
                yield last
            last = Answer(_capture(record, records))
    if last is not None:
        yield last


def _capture(record: Any, records: Any) -> Capture:
    said = record.rec_headers.get_header
    digest = sha256()
    while block := record.raw_stream.read(1 << 16):
        digest.update(block)
    records.read_to_end(record)
    return Capture(
        sha256=digest.hexdigest(),
        url=said("WARC-Target-URI"),
        fetched_at=datetime.fromisoformat(said("WARC-Date")),
        status=int(record.http_headers.get_statuscode()),
        offset=records.get_record_offset(),
        length=records.get_record_length(),
    )


def read_body(path: Path, offset: int, length: int) -> bytes:
    """The body of the capture at `offset`, as it travelled.

    StemwatchError when the file is missing, or holds no response there.
    """
    return _read(path, offset, length, lambda record: bytes(record.raw_stream.read()))


def read_answer(path: Path, capture: Capture) -> tuple[list[tuple[str, str]], bytes]:
    """Headers and body of a capture, the body decompressed.

    StemwatchError as for `read_body`, and for a body longer than any page.
    """

    def answer(record: Any) -> tuple[list[tuple[str, str]], bytes]:
        body = record.content_stream().read(LONGEST_ANSWER + 1)
        if len(body) > LONGEST_ANSWER:
            raise StemwatchError(f"The answer of {capture.url} is longer than {LONGEST_ANSWER:,} bytes.")
        return record.http_headers.headers, body

    return _read(path, capture.offset, capture.length, answer)


def _read(path: Path, offset: int, length: int, take: Callable[[Any], T]) -> T:
    """What `take` makes of the response at `offset`."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            member = BytesIO(file.read(length))
        record = next(iter(ArchiveIterator(member)), None)
        # What is no WARC at all may pass for a record of ARC, the format before it.
        if record is None or (record.format, record.rec_type) != ("warc", "response"):
            raise StemwatchError(f"The evidence file {path.name} holds no response at byte {offset}.")
        return take(record)
    except FileNotFoundError:
        raise StemwatchError(f"The evidence file {path.name} is missing.") from None
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise StemwatchError(f"The evidence file {path.name} cannot be read at byte {offset}: {error}.") from None


def read_record(path: Path, capture: Capture) -> bytes:
    """The record of a capture as it lies in the file, which alone is a WARC file, too.

    StemwatchError when it is missing or no longer what was captured.
    """
    if finding := holds(path, capture):
        raise StemwatchError(finding)
    with path.open("rb") as file:
        file.seek(capture.offset)
        return file.read(capture.length)


def holds(path: Path, capture: Capture) -> str:
    """What is wrong with the evidence of one capture; an empty string when body, address and time are right."""
    try:
        body, url, day = _read(path, capture.offset, capture.length, _proof)
        _check_sum(path, capture)
    except StemwatchError as error:
        return str(error)
    moment = capture.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # warcio reads a blank in an address as %20.
    if (sha256(body).hexdigest(), url, day) != (capture.sha256, capture.url.replace(" ", "%20"), moment):
        return f"The evidence file {path.name} was altered at byte {capture.offset}: {capture.url} differs."
    return ""


def _proof(record: Any) -> tuple[bytes, str, str]:
    """Body, address and time of a response."""
    headers = record.rec_headers
    return record.raw_stream.read(), headers.get_header("WARC-Target-URI"), headers.get_header("WARC-Date")


def _check_sum(path: Path, capture: Capture) -> None:
    """StemwatchError when the member's own checksum, which covers headers as well, is not right."""
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            decompress(file.read(capture.length))
    except (OSError, EOFError, zlib.error) as error:
        raise StemwatchError(
            f"The evidence file {path.name} was altered at byte {capture.offset}: {error}."
        ) from None
