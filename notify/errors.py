"""What a channel says when it did not take a message: stop, or try again."""

from stemwatch.errors import StemwatchError


class NotAccepted(StemwatchError):
    """One send that was not accepted; `reason` is a sentence without any part of the channel's URL.

    `mark` says which parts of a long message had been accepted before: the next try goes on from there.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.mark = 0


class Permanent(NotAccepted):
    """Sending the same again cannot help: the owner of the channel has to act."""


class Temporary(NotAccepted):
    """Worth another try, not sooner than `retry_after` seconds when the receiver named a time.

    The message may have arrived all the same (a lost answer), so it is repeated under the same key.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
