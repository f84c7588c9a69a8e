"""A feed as both forms write it."""

from datetime import datetime

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One notice. `id` stays for good; `url` is our page, `original` the regulator's or empty.

    `html` is safe to be shown, `updated` when something last happened to the notice.
    """

    id: str
    url: str
    original: str
    title: str
    language: str
    html: str
    tags: tuple[str, ...]
    published: datetime
    updated: datetime


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a feed. `page` is the site's page about the same, `url` this page of the feed, `first` that of
    the newest entries; `following` leads to older ones and `previous` to newer ones, empty where there are none.
    """

    id: str
    title: str
    about: str
    language: str
    page: str
    url: str
    first: str
    following: str
    previous: str
    updated: datetime
    entries: tuple[Entry, ...]
