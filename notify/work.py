"""The parts of one message on their way, each in its turn, and from where an interrupted message goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zlib import crc32

from notify.errors import NotAccepted, Temporary

PATIENCE = 30.0
"""Seconds that a receiver may ask for between two parts of one message; for longer, the rest is tried later."""

COUNTED = 1 << 16
"""More than the parts of any message."""


class Part(NamedTuple):
    """What a part says, and how it is sent: the receiver's answer, or raises NotAccepted."""

    said: bytes
    send: Callable[[], str]


@dataclass
class Work:
    """How many parts were accepted, the last answer, and what ended the work before its time.

    It is to take `limit` seconds at most: a receiver may send a byte now and then for ever. `mark` is where an
    earlier try ended: after parts that have to say the same now, for what follows goes on from them. When a notice
    was edited in between, the message begins anew: rather a part twice than an item never.
    """

    parts: Sequence[Part]
    limit: float
    mark: int
    done: int = field(init=False)
    refusal: NotAccepted | None = None
    answer: str = ""

    def __post_init__(self) -> None:
        done = self.mark % COUNTED
        self.done = done if done < len(self.parts) and self._mark(done) == self.mark else 0

    def _mark(self, done: int) -> int:
        # The first part begins with what was checked by now. Where a second one follows as it was, nothing moved.
        said = self.parts[1 if done > 1 else 0 : done]
        return done + COUNTED * crc32(b"".join(part.said for part in said)) if done else 0

    def trouble(self) -> NotAccepted | None:
        """Why not all was accepted."""
        if self.done == len(self.parts):
            return None
        refusal = self.refusal or Temporary(f"No complete answer within {self.limit:g} s.")
        refusal.mark = self._mark(self.done)
        return refusal

    def do(self, pause: Callable[[float], None]) -> None:
        """Send what is left."""
        first = self.done
        while self.done < len(self.parts):
            try:
                self.answer = self.parts[self.done].send()
            except Temporary as error:
                wait = error.retry_after
                if self.done == first or wait is None or wait > PATIENCE:
                    self.refusal = error
                    return
                pause(wait)
            except NotAccepted as error:
                self.refusal = error
                return
            except Exception as error:  # noqa: BLE001 - plugins are many; their errors may quote the URL
                self.refusal = Temporary(f"The channel failed with {type(error).__name__}.")
                return
            else:
                self.done += 1
