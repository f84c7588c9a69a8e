"""News of New Jersey's attorney general: WordPress's feed, its older pages, and each release's page."""

from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from stemwatch.records import Expectations, Source


class UsNjAttorneyGeneral(FeedSpider):
    source = Source(
        name="us_nj_attorney_general",
        title="News releases",
        regulator="New Jersey Attorney General",
        jurisdiction="US-NJ",
        language="en",
        kind="press_release",
        list="window",
        url="https://www.njoag.gov/feed/",
        licence="Public record (New Jersey)",
        every_minutes=360,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=30),
    )
    zone = "America/New_York"
    ignored = ("author", "comments", "slash_comments", "wfw_commentrss", "post-id")
    article = Article(title=".entry-title", body=".entry-content")

    async def read_back(self) -> None:
        await self.take_pages(self.older_url, self.entries, self.parse_row)

    def older_url(self, number: int) -> str:
        """WordPress serves its feed by pages; the second is the first that is older than the list."""
        return f"{self.source.url}?paged={number + 2}"
