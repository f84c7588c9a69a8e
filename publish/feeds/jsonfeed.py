"""A feed as JSON Feed 1.1 (jsonfeed.org). Pure."""

import msgspec

from publish.feeds.feed import Entry, Feed

MEDIA_TYPE = "application/feed+json"


def json_feed(feed: Feed) -> bytes:
    """The document."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "description": feed.about,
        "language": feed.language,
        "authors": [{"name": "Stemwatch"}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return msgspec.json.encode(document | ({"next_url": feed.following} if feed.following else {}))


def _item(entry: Entry) -> dict[str, object]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "tags": entry.tags,
        "language": entry.language,
    }
    return item | ({"external_url": entry.original} if entry.original else {})
