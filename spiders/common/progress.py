"""How far a crawl is, told to whoever started it: one JSON object a line on a stream."""

import json
from typing import TextIO

from stemwatch.bundle import Report


class Progress:
    """Writes progress lines to `stream`; None keeps quiet."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def tell(self, stage: str, done: int, total: int | None) -> None:
        """`done` of `total` in this stage (`list` rows or `pages`); total None when it is not known yet."""
        self._write({"stage": stage, "done": done, "total": total})

    def done(self, report: Report) -> None:
        self._write({"stage": "done", "seen": report.seen, "stopped": report.stopped})

    def failed(self, reason: str) -> None:
        """The crawl leaves no bundle."""
        self._write({"stage": "failed", "reason": reason})

    def ended(self, mib: float) -> None:
        """A worker that takes one crawl after another is done with this one, and holds so much memory."""
        self._write({"stage": "ended", "mib": round(mib, 1)})

    def _write(self, line: dict[str, object]) -> None:
        if self._stream is not None:
            self._stream.write(json.dumps(line) + "\n")
            self._stream.flush()
