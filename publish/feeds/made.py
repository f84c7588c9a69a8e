"""Feeds filled from the store."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import Annotated, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid5

import msgspec

from publish.feeds import atom, jsonfeed
from publish.feeds.feed import Entry, Feed
from publish.site import cursors
from publish.site.asking import Answer, Asked
from publish.site.templating import rendered
from publish.site.texts import texts
from stemwatch.rules import Condition
from stemwatch.store.newest import Moment, News
from stemwatch.wording import plain, web

ENTRIES = 50
"""Entries of one page."""
_IDS = UUID("0f3d0b0e-5a1e-5b0c-9d53-3c7a5a1f6f0e")
"""Ids are made below this one, drawn once; another would make every entry new to every reader."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Form(NamedTuple):
    write: Callable[[Feed], bytes]
    media_type: str


FORMS: Mapping[str, Form] = {
    "atom": Form(atom.atom, atom.MEDIA_TYPE),
    "json": Form(jsonfeed.json_feed, jsonfeed.MEDIA_TYPE),
}
"""By how the address ends."""


class Topic(NamedTuple):
    """What a feed is about. `path` is its address without the ending, `page` the site's page about the same,
    `query` the parameters of both.
    """

    path: str
    title: str
    table: Condition
    page: str
    clinic: str = ""
    query: Mapping[str, str] = {}


class _Row(msgspec.Struct, array_like=True, frozen=True):
    at: str
    change: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


def answered(asked: Asked, topic: Topic, form: str) -> Answer:
    """One page of a feed: the newest, or what lies before or after a cursor."""
    feed = _feed(asked, topic, form)
    headers = {"Last-Modified": format_datetime(feed.updated, usegmt=True), "Access-Control-Allow-Origin": "*"}
    return Answer(FORMS[form].write(feed), FORMS[form].media_type, headers=headers)


def _feed(asked: Asked, topic: Topic, form: str) -> Feed:
    before, after = _place(asked, "before"), _place(asked, "after")
    found = asked.store.news(topic.table, ENTRIES + 1, clinic=topic.clinic, before=before, after=after)
    more = len(found) > ENTRIES
    shown = found[-ENTRIES:] if after else found[:ENTRIES]
    words = texts(asked.site.language, "feed")

    def address(**cursor: str) -> str:
        pairs = urlencode({**topic.query, **cursor})
        return asked.site.address(f"{topic.path}.{form}") + (f"?{pairs}" if pairs else "")

    def beside(name: str, news: News) -> str:
        return address(**{name: cursors.written(asked, "feed", news.place)})

    pages = shown and not asked.site.static
    query = f"?{urlencode(topic.query)}" if topic.query else ""
    given = {name: asked.one(name) for name in ("before", "after") if asked.one(name)}
    return Feed(
        id=f"urn:uuid:{uuid5(_IDS, f'{asked.store.instance}{topic.path}{query}')}",
        title=topic.title,
        about=words["about"],
        language=asked.site.language,
        page=asked.site.address(topic.page) + query,
        url=address(**given),
        first=address(),
        following=beside("before", shown[-1]) if pages and (more or after) else "",
        previous=beside("after", shown[0]) if pages and (before or (after and more)) else "",
        updated=max((news.at for news in shown), default=_NEVER),
        entries=tuple(_entry(asked, news) for news in shown),
    )


def _place(asked: Asked, name: str) -> Moment | None:
    cursor = asked.one(name)
    if not cursor:
        return None
    row = cursors.read(asked, "feed", cursor, _Row)
    return Moment(row.at, row.change)


def _entry(asked: Asked, news: News) -> Entry:
    notice = news.notice
    posted = notice.posted_on or notice.issued_on
    html = rendered(asked.site, "feed_entry", news=news, notice=notice, change=news.change)
    return Entry(
        id=f"urn:uuid:{uuid5(_IDS, notice.notice)}",
        url=asked.site.address(f"/notices/{notice.notice}"),
        original=web(notice.url),
        title=plain(notice.title),
        language=notice.language,
        html=html.strip(),
        tags=(notice.jurisdiction, notice.kind, *notice.products),
        published=datetime.combine(posted, time(), UTC) if posted else notice.first_seen_at,
        updated=news.at,
    )
