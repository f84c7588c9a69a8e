"""News of the European Medicines Agency: one file of everything since 1994, some of it twice. The file gives
summaries; pages are read of what is likely to matter."""

from spiders.common import dates
from spiders.common.article import Article
from spiders.common.dump import DumpSpider
from spiders.common.row import Row, path_of
from stemwatch.records import Expectations, Listed, Source


class EuEmaNews(DumpSpider):
    source = Source(
        name="eu_ema_news",
        title="News",
        regulator="EMA",
        jurisdiction="EU",
        language="en",
        kind="announcement",
        list="complete",
        url="https://www.ema.europa.eu/en/documents/report/news-json-report_en.json",
        licence="Reuse allowed with acknowledgement of EMA",
        every_minutes=720,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        pages="likely",
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=14),
    )
    rows_at = "data.item"
    ignored = ("last_updated_date",)
    article = Article(title="h1", body=".ecl-editor")

    def likely(self, listed: Listed) -> bool:
        return "advanced therap" in listed.fields.get("topics", "").lower()

    def parse_row(self, row: Row) -> Listed:
        url = row.link("news_url")
        released = row.text("press_release", required=False) == "Yes"
        return self.listed(
            row,
            key=path_of(url).removeprefix("en/news/"),
            url=url,
            title=row.title(),
            kind="press_release" if released else self.source.kind,
            posted_on=dates.day_month_year(row.text("first_published_date")),
            fields={
                "summary": row.text("news_summary", required=False),
                "products": row.text("related_medicine_referral", required=False),
                "categories": once_each(row.text("categories", required=False)),
                "topics": once_each(row.text("topics", required=False)),
            },
        )


def once_each(joined: str) -> str:
    """`Human;Human` as `Human`."""
    return "; ".join(dict.fromkeys(part.strip() for part in joined.split(";") if part.strip()))
