"""A feed that an operator names in the settings: crawled, judged for relevance, listed, and told of."""

import json
from datetime import datetime
from pathlib import Path

from scheduler import jobs
from scheduler.clock import Clock
from scheduler.crawling import Options
from scheduler.house import House
from spiders.registry import sources
from stemwatch.config import load
from tests.scheduler.conftest import FIRST

SETTINGS = """
[[feeds]]
name = "tx_board"
url = "https://board.example/news.xml"
country = "US-TX"
language = "en"
"""
FEED = """<rss version="2.0"><channel><title>Board</title>
<item><title>Board suspends a clinic that sold unapproved stem cell injections</title><guid>n-1</guid>
<link>https://board.example/n/1</link><pubDate>Tue, 28 Jan 2025 10:00:00 GMT</pubDate></item>
<item><title>Office hours</title><guid>n-2</guid><link>https://board.example/n/2</link></item></channel></rss>"""


def test_a_feed_in_the_settings_is_a_source_like_any_other(tmp_path: Path) -> None:
    settings = tmp_path / "stemwatch.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    moment = tmp_path / "moment"
    moment.mkdir()
    (moment / "feed.xml").write_text(FEED, encoding="utf-8")
    answers = [{"url": "https://board.example/news.xml", "file": "feed.xml"}]
    (moment / "moment.json").write_text(json.dumps({"responses": answers}), encoding="utf-8")
    config = load(settings, known_sources=sources(), required=True)
    house = House(
        tmp_path / "home", config, Clock(datetime.fromisoformat(FIRST)), {}, {**sources(), **config.own_sources}
    )
    with house.store() as store:
        view = jobs.crawl_and_apply(house, store, "tx_board", Options(replay=moment), lambda told: None)
        assert (view.verdict, view.baseline) == ("ok", 2), view.reason
        labels = {notice.key: notice.relevance.label for notice in store.all_notices()}
        assert labels == {"n-1": "relevant", "n-2": "unrelated"}
        shown = {shown.source: shown for shown in store.source_views(house.every)}["tx_board"]
        assert (shown.jurisdiction, shown.notices, shown.verdict) == ("US-TX", 2, "ok")
