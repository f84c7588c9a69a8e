"""One delivery on its way: its channel is opened, its message rendered, and both handed to the transport."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec

from notify.channels import Transport, describe
from notify.content import Coverage
from notify.errors import Permanent
from notify.rendering import rendered
from notify.work import Work
from stemwatch.deliveries import Content, Correction, Delivery, Report
from stemwatch.errors import StemwatchError
from stemwatch.site import NO_SITE, Pages
from stemwatch.subscriptions import Kept, Subscription


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a send needs. `about` is what a report or a correction says."""

    delivery: Delivery
    subscription: Subscription | None
    contents: Sequence[Content]
    coverage: Coverage
    about: Report | Correction | None


class Sent(NamedTuple):
    """An accepted message: its subject, and the receiver's answer."""

    subject: str
    answer: str


@dataclass(frozen=True)
class Sender:
    """Sends from any thread."""

    environ: Mapping[str, str]
    clock: Callable[[], datetime]
    transport: Transport
    pages: Pages = NO_SITE

    def send(self, errand: Errand, begin: Callable[[Work], None]) -> Sent:
        """Returns when the channel has accepted the message; else raises Permanent, Temporary, or what kept us.

        `begin` is given the work when all is ready to be sent.
        """
        subscription, delivery = errand.subscription, errand.delivery
        if subscription is None:
            raise Permanent("No subscription of this name is configured any more.")
        url = subscription.channel_url(self.environ)
        now = self.clock()
        message = rendered(delivery, subscription, errand.contents, errand.coverage, errand.about, self.pages, now)
        public = isinstance(subscription, Kept) and subscription.public
        answer = self.transport.send(
            url, message, delivery.key, now=now, public=public, mark=delivery.parts, begin=begin
        )
        return Sent(message.subject, answer or "accepted")

    def channel(self, subscription: Subscription | None) -> str:
        """The channel without its secrets."""
        try:
            return describe(subscription.channel_url(self.environ)) if subscription else "-"
        except StemwatchError:
            return "-"
