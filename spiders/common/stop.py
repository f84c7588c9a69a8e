"""Why a crawl ends before its work is done."""

from stemwatch.words import Verdict


class Stop(Exception):
    """End this crawl now with `verdict`; what was read before stands. `retry_after` seconds were asked for."""

    def __init__(self, verdict: Verdict, reason: str, *, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason
        self.retry_after = retry_after


class Unusable(Exception):
    """One answer cannot be used, for the reason given; others may be. `verdict` if it were the list itself."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason
