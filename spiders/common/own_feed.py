"""Feeds that an operator follows by naming them in the settings."""

from spiders.common.dates import day_in
from spiders.common.feed import FeedSpider
from spiders.common.row import Row
from stemwatch.records import Listed, Source


class OwnFeedSpider(FeedSpider):
    """Takes from any feed what feeds have in common; a notice's text is what the feed brings of it."""

    def parse_row(self, row: Row) -> Listed:
        url = row.link("link")
        identifier = row.text("id", required=False)
        published = row.text("published", required=False) or row.text("updated", required=False)
        summary = row.lines("summary", required=False)
        row.body = row.lines("content", required=False) or summary
        title = row.title()
        row.ignore_rest()
        return self.listed(
            row,
            key=identifier or url,
            url=url,
            title=title,
            posted_on=day_in(published, self.zone) if published else None,
            fields={"summary": summary.replace("\n", " ")},
        )


def own_feed(source: Source) -> type[OwnFeedSpider]:
    """The spider of a feed that the settings declare."""
    return type("OwnFeed", (OwnFeedSpider,), {"source": source})
