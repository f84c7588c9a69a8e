"""Feeds of every kind, whole and broken; windows that moved on; lists that answer that nothing has changed."""

from datetime import date

import pytest

from spiders.common.feed import FeedSpider, IndexedFeedSpider
from spiders.common.own_feed import own_feed
from spiders.common.row import Row
from stemwatch.health import judge
from stemwatch.records import Listed, Validators
from tests.spiders.listing import SOURCE, URL, Answer, Outcome, crawl, known, source

XML = "application/xml"
ITEM = """<item><title>{title}</title><link>https://agency.example/{key}</link><guid>{key}</guid>
<description>About &lt;b&gt;{key}&lt;/b&gt;.</description>
<pubDate>Tue, 28 Jan 2025 23:30:00 -0500</pubDate></item>"""
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{}</channel></rss>'
RDF = """<?xml version="1.0"?><rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel rdf:about="x"><title>News</title></channel>
<item rdf:about="x"><title>One</title><link>https://agency.example/one</link>
<description>About one.</description><dc:date>2025-01-28T23:30:00-05:00</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>tag:one</id><title>One</title>
<link rel="alternate" href="https://agency.example/one"/><published>2025-01-28T23:30:00-05:00</published>
<updated>2025-01-30T00:00:00Z</updated><summary>About one.</summary></entry></feed>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "News",
"items": [{"id": "1", "title": "One", "url": "https://agency.example/one",
"date_published": "2025-01-28T23:30:00-05:00", "summary": "About one."}]}"""
RSS_091 = """<rss version="0.91"><channel><title>News</title><item><title>One</title>
<link>https://agency.example/one</link><description>About one.</description>
<pubDate>Tue, 28 Jan 2025 23:30:00 EST</pubDate></item></channel></rss>"""


def rss(*keys: str, title: str = "One") -> str:
    return RSS.format("".join(ITEM.format(key=key, title=title) for key in keys))


class Feed(FeedSpider):
    source = SOURCE
    zone = "America/New_York"


class WithHistory(Feed):
    async def read_back(self) -> None:
        response = await self.ask(URL + "/history")
        self.take_all(self.entries(response))


def of(body: str | bytes, kind: str = XML) -> Outcome:
    return crawl(Feed, {URL: Answer(body, kind)})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss("one").replace("&lt;b&gt;", "").replace("&lt;/b&gt;", ""), XML),
        (RSS_091, "text/plain"),
        (RDF, "application/rdf+xml"),
        (ATOM, "application/atom+xml"),
        (JSON_FEED, "application/feed+json"),
    ],
    ids=["RSS 2.0", "RSS 0.91", "RDF", "Atom", "JSON Feed"],
)
def test_an_entry_reads_the_same_in_every_kind_of_feed(body: str, kind: str) -> None:
    outcome = of(body, kind)
    assert outcome.report.stopped is None, outcome.report.reason
    row = outcome.listed["one"]
    assert (row.url, row.title, row.fields) == ("https://agency.example/one", "One", {"summary": "About one."})
    assert row.posted_on == date(2025, 1, 28)
    assert not outcome.report.leftover


def test_a_day_is_that_of_the_regulator_not_of_greenwich() -> None:
    class InSeoul(Feed):
        zone = "Asia/Seoul"

    assert crawl(InSeoul, {URL: Answer(rss("one"), XML)}).listed["one"].posted_on == date(2025, 1, 29)


def test_what_nobody_takes_of_an_entry_is_reported() -> None:
    odd = rss("one").replace(
        "</item>", "<x:verdict xmlns:x='urn:x'>guilty</x:verdict><author>Press</author></item>"
    )
    assert of(odd).report.leftover == ("author", "x_verdict")


def test_the_whole_text_that_a_feed_brings_needs_no_page() -> None:
    whole = (
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[<p>A.</p><p>B.</p>]]>"
    )
    outcome = of(rss("one").replace("</item>", whole + "</content:encoded></item>"))
    assert outcome.texts == {"one": "A.\nB."}
    assert outcome.asked == (URL,)


def test_a_wrong_charset_is_repaired_and_reported() -> None:
    body = rss("one", title="Clínica").replace('"1.0"', '"1.0" encoding="utf-8"').encode("latin-1")
    outcome = of(body)
    assert outcome.listed["one"].title == "Clínica"
    assert "repaired" in judge(outcome.report, SOURCE.expectations, last_size=0).reason


def test_malformed_mark_up_is_repaired_and_reported() -> None:
    outcome = of(rss("one", title="Cells & Co"))
    assert outcome.listed["one"].title == "Cells & Co"
    assert outcome.report.notes


def test_words_that_no_regulator_prints_are_doubted() -> None:
    outcome = of(
        rss(
            "one",
            title="&lt;script&gt;alert(1)&lt;/script&gt; =cmd()",
        ).replace("=cmd()", "\u202egnp")
    )
    assert outcome.report.doubtful
    assert outcome.listed["one"].doubtful


def test_a_feed_that_declares_entities_is_not_parsed() -> None:
    lol = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outcome = of(rss("one", title="&b;").replace("<rss", lol + "<rss"))
    assert (outcome.report.stopped, outcome.listed) == ("layout_changed", {})


# Windows


def test_a_first_run_reads_history_too_and_names_it() -> None:
    answers = {URL: Answer(rss("new"), XML), URL + "/history": Answer(rss("new", "old"), XML)}
    outcome = crawl(WithHistory, answers)
    assert {key: row.backfilled for key, row in outcome.listed.items()} == {"new": False, "old": True}
    assert not outcome.report.gap


def test_a_window_that_shows_something_known_asks_for_no_history() -> None:
    outcome = crawl(WithHistory, {URL: Answer(rss("new", "known"), XML)}, known("known"))
    assert (outcome.asked, outcome.report.gap) == ((URL,), "")


def test_a_window_that_shows_nothing_known_has_a_gap_and_reads_its_history() -> None:
    answers = {URL: Answer(rss("new"), XML), URL + "/history": Answer(rss("between", "known"), XML)}
    outcome = crawl(WithHistory, answers, known("known", newest_on=date(2024, 12, 1)))
    assert set(outcome.listed) == {"new", "between"}
    assert "since 2024-12-01" in outcome.report.gap
    judged = judge(outcome.report, SOURCE.expectations, last_size=0)
    assert (judged.verdict, "Its history was read" in judged.reason) == ("partial", True)


def test_a_gap_without_a_way_back_asks_the_operator_to_look() -> None:
    report = crawl(Feed, {URL: Answer(rss("new"), XML)}, known("known")).report
    assert "Look at the regulator's site" in report.gap


def test_history_is_read_on_demand_and_changes_nothing_that_is_known() -> None:
    answers = {URL: Answer(rss("known"), XML), URL + "/history": Answer(rss("old", "known", title="Else"), XML)}
    outcome = crawl(WithHistory, answers, known("known"), backfill=True)
    assert {key: row.title for key, row in outcome.listed.items()} == {"known": "One", "old": "Else"}


# Unchanged lists


def test_a_list_that_has_not_changed_is_asked_once_and_listed_no_more() -> None:
    before = known("known", lists={URL: Validators(etag='"1"', last_modified="Tue, 28 Jan 2025 00:00:00 GMT")})
    outcome = crawl(WithHistory, {URL: Answer(status=304)}, before)
    assert outcome.headers[0]["If-None-Match"] == '"1"'
    assert outcome.headers[0]["If-Modified-Since"] == "Tue, 28 Jan 2025 00:00:00 GMT"
    assert (outcome.asked, outcome.listed) == ((URL,), {})
    assert outcome.report.unchanged
    assert judge(outcome.report, SOURCE.expectations, last_size=9).verdict == "ok"


def test_what_a_list_says_of_its_answer_is_reported_for_the_next_time() -> None:
    answer = Answer(rss("one"), XML, more={"ETag": '"2"', "Last-Modified": "Wed, 29 Jan 2025 00:00:00 GMT"})
    told = crawl(Feed, {URL: answer}).report.lists
    assert told == {URL: Validators(etag='"2"', last_modified="Wed, 29 Jan 2025 00:00:00 GMT")}


def test_looking_back_asks_for_the_whole_list() -> None:
    before = known("known", lists={URL: Validators(etag='"1"')})
    outcome = crawl(Feed, {URL: Answer(rss("known"), XML)}, before, backfill=True)
    assert "If-None-Match" not in outcome.headers[0]


# The operator's own


def test_an_own_feed_is_read_by_its_entries_ids_even_without_days() -> None:
    bare = RSS.format("<item><title>One</title><link>https://other.example/1</link><guid>id-1</guid></item>")
    outcome = crawl(own_feed(source(name="board")), {URL: Answer(bare, XML)})
    assert (outcome.listed["id-1"].url, outcome.listed["id-1"].posted_on) == ("https://other.example/1", None)
    assert not outcome.report.leftover


def test_a_source_may_take_an_entry_in_its_own_way() -> None:
    class Numbered(Feed):
        def parse_row(self, row: Row) -> Listed:
            row.ignore("summary", "published", "id")
            return self.listed(row, key=row.text("title"), url=row.link("link"), title="Release")

    assert set(crawl(Numbered, {URL: Answer(rss("one"), XML)}).listed) == {"One"}


class Indexed(IndexedFeedSpider):
    source = SOURCE
    marker, rows_at = "h1", "li"

    def index_url(self, number: int) -> str:
        return f"{URL}/news?page={number}"


def index(*keys: str) -> Answer:
    rows = "".join(f'<li><a href="https://agency.example/{key}">{key}</a></li>' for key in keys)
    return Answer(f"<html><h1>News</h1><ul>{rows}</ul></html>", "text/html")


def pages(**answers: Answer) -> dict[str, Answer]:
    """A feed of two notices and the pages of its index: `p0`, `p1`."""
    named = {f"{URL}/news?page={name[1:]}": answer for name, answer in answers.items()}
    return {URL: Answer(rss("six", "five"), XML), **named}


def test_an_index_is_read_to_its_end_and_adds_what_the_feed_no_longer_shows() -> None:
    answers = pages(p0=index("six"), p1=index("five", "four"), p2=index("three"), p3=index())
    outcome = crawl(Indexed, answers)
    assert outcome.report.stopped is None
    assert [key for key, listed in outcome.listed.items() if listed.backfilled] == ["four", "three"]
    assert len(outcome.asked) == 5
    assert not outcome.report.notes


def test_an_index_that_answers_every_page_alike_is_not_read_for_ever() -> None:
    outcome = crawl(Indexed, pages(p0=index("six", "four"), p1=index("six", "four")))
    assert len(outcome.asked) == 3
    assert set(outcome.listed) == {"six", "five", "four"}


def test_after_a_gap_an_index_is_read_to_where_it_was_known() -> None:
    answers = pages(p0=index("six", "five"), p1=index("four", "three"), p2=index("three", "two"))
    outcome = crawl(Indexed, {**answers, f"{URL}/news?page=3": index("one")}, known("three", "two"))
    assert "Its history was read." in outcome.report.gap
    assert set(outcome.listed) == {"six", "five", "four"}
    assert len(outcome.asked) == 4


def test_an_index_that_is_not_there_is_told_and_doubts_nothing() -> None:
    outcome = crawl(Indexed, pages())
    assert outcome.report.stopped is None
    assert set(outcome.listed) == {"six", "five"}
    assert "answered 404" in outcome.report.notes[0]


def test_an_index_that_fails_is_read_by_a_later_run() -> None:
    outcome = crawl(Indexed, pages(p0=Answer("", status=500)))
    assert outcome.report.stopped == "unreachable"
