"""A step of the service that may fail: it says so, not every second, and is tried again."""

import logging
import re
from collections.abc import Callable
from time import monotonic

from scheduler.crawling import Stopping
from stemwatch.errors import StemwatchError

logger = logging.getLogger("stemwatch")

REPEAT_S = 600.0
"""The same trouble is logged again after this."""


class Guarded:
    """`work`, which never ends the service. `trouble` is why it last failed; empty when it did not."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self.trouble = ""
        self._said = ("", 0.0)

    def __call__(self) -> None:
        try:
            self._work()
        except Stopping:
            return
        except StemwatchError as error:
            self.trouble = str(error)
            self._say(self.trouble)
        except Exception:
            self.trouble = "It failed in a way that nobody foresaw; the log says how."
            logger.exception("A step failed and will be tried again")
        else:
            self.trouble = ""
            self._said = ("", 0.0)

    def _say(self, sentence: str) -> None:
        """Numbers apart, as times and sizes differ at each try, the same sentence is the same trouble."""
        kind, now = re.sub(r"\d+", "", sentence), monotonic()
        if kind != self._said[0] or now - self._said[1] >= REPEAT_S:
            logger.error("%s", sentence)
            self._said = (kind, now)
