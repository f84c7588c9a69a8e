"""What time it is: the machine's time, or one that a replay starts from."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic

from stemwatch.errors import UsageError


class Clock:
    """Tells the time in UTC. With `start` it begins there and runs on at the usual pace."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self._origin = monotonic()

    def now(self) -> datetime:
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=monotonic() - self._origin)


def clock_from(environ: Mapping[str, str]) -> Clock:
    """The clock that STEMWATCH_NOW sets, else the machine's. A time without a zone is UTC."""
    text = environ.get("STEMWATCH_NOW", "").strip()
    if not text:
        return Clock()
    try:
        start = datetime.fromisoformat(text)
        return Clock(start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise UsageError(
            f"STEMWATCH_NOW is {text!r}, which is no ISO 8601 time such as 2025-01-28T12:00Z."
        ) from None
