"""What the lists of Australia's Therapeutic Goods Administration share: feeds by kind, one layout of pages."""

from spiders.common.article import Article
from spiders.common.feed import FeedSpider


class TgaFeedSpider(FeedSpider):
    """One of TGA's feeds.

    Notes on holidays and elections stand inside the main text for weeks ("limited operations", "caretaker
    conventions"): they go before it is read.
    """

    zone = "Australia/Sydney"
    article = Article(
        title="article h1",
        body="article .field--name-body",
        strip=(".site-banner", ".alert", ".au-page-alerts", '[role="alert"]'),
    )
