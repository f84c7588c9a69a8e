"""Which changes a subscription wants, and why. Pure."""

from stemwatch.config import Subscription
from stemwatch.views import ChangeView

PLAIN = {
    "added": "is new",
    "edited": "was edited",
    "closed_out": "was closed out",
    "responded": "got a response",
    "delisted": "is no longer listed",
    "relisted": "is listed again",
    "reissued": "was reissued",
}


def meets(change: ChangeView, subscription: Subscription) -> tuple[str, ...]:
    """Why the subscription wants this change, in words; empty when it does not.

    Only what the regulator did is told: our own re-reading, back-fills and moved ids are silent.
    """
    if change.cause != "source" or change.verb not in subscription.verbs:
        return ()
    if change.relevance.label not in subscription.relevance:
        return ()
    if subscription.sources and change.source not in subscription.sources:
        return ()
    return (f"It {PLAIN[change.verb]} and counts as {change.relevance.label}.",)
