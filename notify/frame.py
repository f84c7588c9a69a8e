"""What stands around a message's content: for which subscription it is, in which language, with which links."""

from datetime import UTC, tzinfo
from urllib.parse import quote

import msgspec

from notify.wording import Words, words


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The same content reaches many subscribers in frames of their own.

    `note` is the subscriber's own, "why I subscribed"; `public` subscriptions were made on the site. `site` is the
    base address of our pages, `unsubscribe` the subscriber's RFC 8058 address, `manage` where the subscription is
    changed, each empty when there is none.
    `list_domain` is what `List-Id` ends with; empty, it is the sender's domain.
    """

    subscription: str = ""
    note: str = ""
    public: bool = False
    zone: tzinfo = UTC
    language: str = "en"
    site: str = ""
    unsubscribe: str = ""
    manage: str = ""
    list_domain: str = ""
    test: bool = False

    @property
    def words(self) -> Words:
        """UsageError when there are none for `language`."""
        return words(self.language)

    @property
    def shared(self) -> "Frame":
        """The frame without what belongs to one subscriber: equal for all whose content looks the same."""
        return Frame(zone=self.zone, language=self.language, site=self.site, test=self.test)

    def page(self, notice: str) -> str:
        """Our page of a notice; nothing without a site."""
        return f"{self.site.rstrip('/')}/notices/{quote(notice)}" if self.site else ""

    def evidence(self, notice: str) -> str:
        """Where our page of a notice shows what it rests on; nothing without a site."""
        return f"{self.page(notice)}#evidence" if self.site else ""

    def changes(self, since: int) -> str:
        """Our list of all changes after a cursor; nothing without a site."""
        return f"{self.site.rstrip('/')}/changes?since={since}" if self.site else ""
