"""What a crawl worker is told: one file, so that it can be sent to another machine."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import msgspec

from stemwatch.records import Record, Source


class Job(Record, frozen=True):
    """One crawl. `details` and `way` replace what the source declares, `replay` answers from a recorded moment,
    `front_only` leaves history and further pages of a window alone, `feed` is a source that the operator's
    settings declare instead of a file, `draft` one that is looked at before it has a file. `reread` names a file
    that says what stored evidence below `home` is read again, in place of a crawl. `whole`: the bundle may be
    applied to more than what was known, so it brings the words of each row.

    `started_at` is the scheduler's clock at the start; the worker's own clock only measures what has passed.
    """

    run: str
    source: str
    started_at: datetime
    known: str
    folder: str
    inbox: str
    user_agent: str
    mirror: str = ""
    polite: bool = False
    timeout_seconds: float = 60.0
    deadline_seconds: float = 10_800.0
    memory_mib: int = 1024
    details: int | None = None
    recheck: bool = False
    backfill: bool = False
    front_only: bool = False
    way: str | None = None
    replay: str = ""
    feed: Source | None = None
    draft: Source | None = None
    whole: bool = False
    reread: str = ""
    home: str = ""

    @property
    def hurried(self) -> bool:
        """Nobody has to be spared: a mirror on this machine, or a replay."""
        return bool(self.replay) or (_is_loopback(urlsplit(self.mirror).hostname or "") and not self.polite)

    @property
    def pages_until(self) -> float:
        """Seconds after which no further page is begun, so that what was read is not lost at the deadline."""
        return max(self.deadline_seconds * 0.9 - self.timeout_seconds, self.deadline_seconds * 0.5)

    @property
    def inbox_path(self) -> Path:
        return Path(self.inbox)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Clock:
    """The job's time: its start plus what has passed since."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at.astimezone(UTC)
        self._origin = monotonic()

    @property
    def elapsed(self) -> float:
        return monotonic() - self._origin

    def now(self) -> datetime:
        return self.started_at + timedelta(seconds=self.elapsed)


def load_job(path: Path) -> Job:
    return msgspec.json.decode(path.read_bytes(), type=Job)


def save_job(job: Job, path: Path) -> None:
    path.write_bytes(msgspec.json.encode(job))
