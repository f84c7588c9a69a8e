"""Hong Kong's press releases of all departments, among them the Department of Health: a feed in English.

The feed in Chinese shows the same releases under the same numbers. Both hold the newest hundred, a day or two.
"""

import re

from spiders.common.article import Article
from spiders.common.feed import FeedSpider
from spiders.common.row import Row, path_of
from stemwatch.records import Expectations, Listed, Source

FEEDS = "https://www.info.gov.hk/gia/rss"
# The department acts on clinics; the police and others act on them with it.
LIKELY = re.compile(
    r"\b(?:DH|Department of Health|day procedure cent(?:re|er)s?|cells?|exosomes?|placentas?)\b"
    "|衞生署|細胞|外泌體|胎盤"
)


class HkDhPressReleases(FeedSpider):
    source = Source(
        name="hk_dh_press_releases",
        title="Press releases of the Government (Department of Health among all departments)",
        regulator="Hong Kong DH",
        jurisdiction="HK",
        language="en",
        kind="press_release",
        list="window",
        url=f"{FEEDS}/general_en.xml",
        licence="Copyright of the Government of the HKSAR; facts are cited with their source",
        every_minutes=60,
        delay_seconds=2.0,
        details_per_run=20,
        revision=1,
        pages="likely",
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=3),
    )
    chinese_url = f"{FEEDS}/general_zh.xml"
    zone = "Asia/Hong_Kong"
    article = Article(title="h1", body="#pressrelease")

    async def read_front(self) -> None:
        response = await self.ask_first(self.source.url)
        if response is None:
            return
        rows = self.entries(response)
        chinese = self.entries(await self.ask(self.chinese_url))
        self.chinese = dict(title for _, title in self.parse_each(chinese, self.parse_chinese))
        self.take_all(rows)

    def parse_chinese(self, row: Row) -> tuple[str, str]:
        return self.key_of(row.link("link"), ""), row.certain_title()

    def key_of(self, url: str, identifier: str) -> str:
        return path_of(url).rpartition("/")[2].removesuffix(".htm")

    def parse_row(self, row: Row) -> Listed:
        listed = super().parse_row(row)
        if title := self.chinese.get(listed.key):
            listed.fields["title_zh"] = title
        return listed

    def tells_less(self, listed: Listed) -> bool:
        """A release leaves the two feeds at different times; its Chinese title stands."""
        return "title_zh" not in listed.fields

    def likely(self, listed: Listed) -> bool:
        return any(LIKELY.search(words) for words in (listed.title, *listed.fields.values()))
