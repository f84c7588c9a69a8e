"""How the service's log looks: a line for a person on a terminal, a JSON object a line for everything else."""

import logging
from datetime import UTC, datetime
from typing import TextIO

import msgspec

FIELDS = ("run", "source", "verdict", "delivery", "subscription", "outcome")
"""What a message may carry as `extra`, so that a log can be searched by it."""

PLAIN = "%(asctime)s %(levelname)s %(message)s"


class JsonLines(logging.Formatter):
    """`at`, `level`, `logger`, `said`, those of FIELDS that the message carries, and `trace` of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "said": record.getMessage(),
        }
        told.update({name: record.__dict__[name] for name in FIELDS if name in record.__dict__})
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(told).decode()


def set_up(stream: TextIO) -> None:
    """Let every logger write to `stream`: ours from INFO on, those of libraries from WARNING on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(PLAIN) if stream.isatty() else JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("stemwatch").setLevel(logging.INFO)
