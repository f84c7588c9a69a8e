"""What a send that failed means for its delivery: when it is tried again, and when it is given up."""

import logging
from datetime import datetime, timedelta
from traceback import format_tb
from zlib import crc32

from notify.errors import Permanent, Temporary
from stemwatch.deliveries import Delivery, Settled
from stemwatch.errors import StemwatchError

logger = logging.getLogger("stemwatch")

LEASE = timedelta(minutes=5)
"""Longer than any send and the one it may wait for: a delivery whose sender died is taken up after it."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720, 1440))
"""Pauses after the first failure, the second...: 58 hours in all, then the delivery is dead."""

JITTER = 0.1
"""Each pause is longer by up to this share, so that what failed together is not tried together again."""

PATIENCE = 3
"""So many messages in a row a channel may refuse for good before it is disabled; a mail address only one."""


def pause(delivery: Delivery) -> timedelta:
    """How long to wait after this many attempts: the same however often it is asked."""
    chance = crc32(f"{delivery.key} {delivery.attempts}".encode()) / 2**32
    return BACK_OFF[delivery.attempts - 1] * (1 + JITTER * chance)


def failed(delivery: Delivery, error: BaseException, channel: str, now: datetime) -> Settled:
    """What becomes of a delivery that was not accepted. `channel` is the channel without its secrets.

    The other messages of the subscription rest for as long as the receiver asked, and at least a minute.
    """
    reason = _reason(delivery, error)
    asked = timedelta(seconds=error.retry_after or 0) if isinstance(error, Temporary) else timedelta()
    given_up = delivery.attempts > len(BACK_OFF)
    if isinstance(error, Permanent) or given_up:
        return Settled(
            delivery=delivery.id,
            subscription=delivery.subscription,
            outcome="dead",
            at=now,
            error=f"Given up after {delivery.attempts} attempts. {reason}" if given_up else reason,
            refused=isinstance(error, Permanent) and delivery.kind not in {"report", "letter"},
            patience=1 if channel.startswith("mail") else PATIENCE,
        )
    return Settled(
        delivery=delivery.id,
        subscription=delivery.subscription,
        outcome="retry",
        at=now,
        error=reason,
        parts=error.mark if isinstance(error, Temporary) else delivery.parts,
        until=now + max(pause(delivery), asked),
        rest=now + max(BACK_OFF[0], asked),
    )


def _reason(delivery: Delivery, error: BaseException) -> str:
    """A sentence without any part of the channel's URL. An error of ours is told by its kind alone."""
    if isinstance(error, StemwatchError):
        return str(error)
    frames = "".join(format_tb(error.__traceback__))
    told = {"delivery": delivery.id, "subscription": delivery.subscription}
    logger.error("Delivery %s failed with %s:\n%s", delivery.id, type(error).__name__, frames, extra=told)
    return f"Stemwatch itself failed with {type(error).__name__}; its log says where."
