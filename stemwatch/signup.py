"""Public sign-up: what a stranger may ask for, which addresses are taken, and for how long. Pure.

A stranger chooses from lists; the one free text, a search, is shown to nobody but whoever confirmed the address.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from stemwatch.errors import UsageError
from stemwatch.records import Source
from stemwatch.rules import Known
from stemwatch.rules.loading import check
from stemwatch.subscriptions import Kept, Section, Sending, Subscription, check_subscription
from stemwatch.words import Label, Product, Weekday

CONFIRM_WITHIN = timedelta(days=3)
"""A sign-up that nobody confirms is forgotten then."""
ERASED_AFTER = timedelta(days=30)
"""So long after unsubscribing an address is kept, so that one may come back."""
MANAGE_FOR = timedelta(days=180)
"""The link by which a subscription is changed works for so long; later mails carry a new one."""
LETTERS_A_DAY = 3
"""Mails of ours about subscribing that one address gets in a day (UTC), whoever asks for them."""

Purpose = Literal["confirm", "manage", "unsubscribe"]
"""What a token is good for."""

LetterKind = Literal["confirm", "known", "gone"]
"""Mails about subscribing: please confirm; you are subscribed already; you are unsubscribed."""

# No apostrophe and one plus at most: of other addresses Apprise takes a part, which is somebody else's mailbox.
_WORDS = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_WORDS}(?:\+{_WORDS})?@[^@]{{3,253}}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_CLINIC = re.compile(r"c-[a-z2-7]{7}")
_TAG = re.compile(r"\+[^@]*")


Language = Literal["de", "en", "es", "fr", "ja"]
"""What the public may choose: those that messages have words in."""


class Wish(Section, frozen=True):
    """What a stranger may choose. `hour` is when a digest ends; empty lists leave nothing out."""

    relevance: Annotated[tuple[Label, ...], Meta(min_length=1, max_length=3)] = ("relevant",)
    jurisdictions: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    sources: Annotated[tuple[str, ...], Meta(max_length=100)] = ()
    products: Annotated[tuple[Product, ...], Meta(max_length=20)] = ()
    clinics: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    query: Annotated[str, Meta(max_length=200)] = ""
    send: Sending = "daily"
    hour: Annotated[int, Meta(ge=0, le=23)] = 8
    weekday: Weekday = "monday"
    time_zone: Annotated[str, Meta(max_length=64)] = "UTC"
    language: Language = "en"
    paused: bool = False

    def subscription(self, name: str) -> Subscription:
        """The subscription of this name that is wished for, without a channel."""
        chosen = {key: getattr(self, key) for key in _CHOSEN}
        return Subscription(name=name, channel="", at=time(self.hour), **chosen)

    @classmethod
    def of(cls, subscription: Subscription) -> "Wish":
        """What somebody chose."""
        chosen = {key: getattr(subscription, key) for key in _CHOSEN}
        return cls(**{**chosen, "relevance": subscription.relevance or ("relevant",)}, hour=subscription.at.hour)


_CHOSEN = tuple(name for name in Wish.__struct_fields__ if name != "hour")


class Letter(Kept, frozen=True, kw_only=True):
    """A mail about subscribing and whom it goes to. `token` opens what its link carries.

    `until` is when the address is erased, if nobody does anything.
    """

    kind: LetterKind
    token: Callable[[], str]
    until: datetime


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One message as its subscriber may see it. `sent_at` is when the mail server accepted it."""

    subject: str
    status: str
    due_at: datetime
    sent_at: datetime | None


class Managed(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as whoever has its link sees it. `wish` is None for one that its operator wrote.

    `erased_at` is set from unsubscribing on; `failing` says that its address refuses our mails.
    """

    subscription: str
    address: str
    wish: Wish | None
    erased_at: datetime | None
    failing: bool
    sent: tuple[Sent, ...]


def read_wish(fields: Mapping[str, object], sources: Mapping[str, Source]) -> Wish:
    """The choice that a form or JSON makes. UsageError, one sentence, for anything that cannot be chosen."""
    try:
        wish = msgspec.convert(fields, Wish, strict=True)
        subscription = wish.subscription("public")
        check(subscription.own_rule, Known(sources))
        check_subscription(subscription, sources, {})
    except (msgspec.ValidationError, UsageError) as error:
        reason = str(error).replace("subscription 'public' ", "it ").rstrip(".")
        raise UsageError(f"This cannot be subscribed: {reason}.") from None
    for clinic in wish.clinics:
        if not _CLINIC.fullmatch(clinic):
            raise UsageError(f"This cannot be subscribed: {clinic!r} is no id of a clinic, such as c-abcdefg.")
    return wish


def read_address(text: str) -> str:
    """An e-mail address as mail goes to it, its domain in small ASCII letters. UsageError for any other text."""
    address = text.strip()
    if _ADDRESS.fullmatch(address):
        local, _, domain = address.rpartition("@")
        try:
            host = domain.encode("idna").decode().lower()
        except UnicodeError:
            host = ""
        if len(host) <= 253 and _HOST.fullmatch(host):
            return f"{local}@{host}"
    raise UsageError("This is no e-mail address that we can write to: it looks like name@example.org.")


def same_mailbox(address: str) -> str:
    """Equal for addresses that are one subscription: nobody tells mailboxes apart by capitals."""
    return address.casefold()


def same_reader(address: str) -> str:
    """Equal for addresses that lead to one mailbox at most mail hosts: without what follows a plus."""
    return _TAG.sub("", same_mailbox(address), count=1)


def masked(address: str) -> str:
    """The address as far as its owner needs to know it again."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
