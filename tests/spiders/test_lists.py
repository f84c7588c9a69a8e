"""Lists page by page and dumps: where they begin, where they end, and what they do not believe."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.common import dates
from spiders.common.dump import DumpSpider
from spiders.common.html_list import HtmlListSpider, HtmlRow
from spiders.common.json_list import JsonListSpider
from spiders.common.row import Row
from stemwatch.records import Listed, Same
from tests.spiders.listing import SOURCE, URL, Answer, crawl, known, source

COMPLETE = source(list="complete")


class Json(JsonListSpider):
    source = SOURCE
    rows_at = "found.rows"
    total_at = "found.total"
    page_size = 2

    def page_url(self, number: int) -> str:
        return f"{URL}?page={number}"

    def parse_row(self, row: Row) -> Listed:
        key = row.text("id")
        return self.listed(row, key=key, url=f"{URL}/{key}", title=row.title())


class Whole(Json):
    source = COMPLETE


class Dated(Json):
    def day_of(self, record: Mapping[str, Any]) -> date:
        return dates.iso(record["day"])

    def parse_row(self, row: Row) -> Listed:
        row.ignore("day")
        return super().parse_row(row)


def site(records: Sequence[dict[str, Any]], *, total: int | None = None) -> Any:
    """A JSON interface over these records, two a page."""

    def answer(url: str) -> Answer:
        page = int(parse_qs(urlsplit(url).query)["page"][0])
        found = {"rows": records[page * 2 : page * 2 + 2], "total": str(len(records) if total is None else total)}
        return Answer(json.dumps({"found": found}))

    return answer


def records(*keys: str) -> list[dict[str, Any]]:
    return [{"id": key, "title": f"Notice {key}"} for key in keys]


def test_a_complete_list_is_read_whole_and_counted() -> None:
    outcome = crawl(Whole, site(records("a", "b", "c")), known("a", "b"))
    assert set(outcome.listed) == {"a", "b", "c"}
    assert (outcome.report.total, outcome.report.seen, len(outcome.asked)) == (3, 3, 2)


def test_a_window_is_read_until_a_page_brings_nothing_new() -> None:
    outcome = crawl(Json, site(records("new", "a", "b", "c", "d", "e")), known("a", "b", "c", "d", "e"))
    assert len(outcome.asked) == 2
    assert outcome.report.seen == 4


def test_a_first_run_reads_a_window_to_its_end() -> None:
    assert len(crawl(Json, site(records(*"abcde"))).listed) == 5


def test_a_row_that_reads_as_it_was_known_is_named_by_its_fingerprint_alone() -> None:
    first = crawl(Json, site(records("a")))
    before = known("a")
    before.notices["a"] = type(before.notices["a"])(url="", fingerprint=first.listed["a"].fingerprint)
    again = crawl(Json, site(records("a")), before)
    assert [record for record in again.records if isinstance(record, Listed | Same)] == [
        Same(key="a", fingerprint=first.listed["a"].fingerprint)
    ]
    assert again.report.seen == 1


def test_a_site_that_answers_every_page_alike_is_not_read_for_ever() -> None:
    same = Answer(json.dumps({"found": {"rows": records("a", "b"), "total": "1000"}}))
    assert len(crawl(Json, lambda url: same).asked) == 2


def test_an_interface_that_ignores_the_order_is_read_from_its_end() -> None:
    days = [{"id": str(n), "title": f"Notice {n}", "day": f"2025-01-{n:02}"} for n in range(1, 8)]
    outcome = crawl(Dated, site(days), known("1", "2", "3", "4", "5"))
    assert [url[-1] for url in outcome.asked] == ["0", "3", "2", "1"]
    assert {"6", "7"} <= set(outcome.listed)


def test_an_interface_that_keeps_the_order_is_read_from_its_beginning() -> None:
    days = [{"id": str(n), "title": f"Notice {n}", "day": f"2025-01-{n:02}"} for n in range(7, 0, -1)]
    outcome = crawl(Dated, site(days), known("1", "2", "3", "4", "5"))
    assert [url[-1] for url in outcome.asked] == ["0", "1"]


def test_records_that_have_lost_their_day_are_another_layout() -> None:
    class Daily(Dated):
        def parse_row(self, row: Row) -> Listed:
            return self.listed(
                row, key=row.text("id"), url=URL, title=row.title(), posted_on=dates.iso(row.text("day"))
            )

    assert crawl(Daily, site(records(*"abcde"))).report.stopped == "layout_changed"


def test_a_single_row_that_cannot_be_read_is_doubted_and_the_others_stand() -> None:
    many = [*records(*map(str, range(39))), {"id": "", "title": "Nameless"}]

    class Long(Json):
        page_size = 40

    body = json.dumps({"found": {"rows": many, "total": "40"}})
    report = crawl(Long, lambda url: Answer(body)).report
    assert (report.stopped, report.seen, len(report.doubtful)) == (None, 39, 1)


@pytest.mark.parametrize(
    "body",
    ['{"found": {"total": "1"}}', '{"found": {"rows": {}, "total": "1"}}', '{"found": {"rows": []}}', "[]", "1"],
)
def test_json_of_another_shape_is_another_layout(body: str) -> None:
    assert crawl(Json, {f"{URL}?page=0": Answer(body)}).report.stopped == "layout_changed"


def test_a_header_may_count_the_list() -> None:
    class Counted(Whole):
        rows_at, total_at, total_header = "", "", "X-Total"

    rows = records("a", "b", "c")

    def answer(url: str) -> Answer:
        page = int(url[-1])
        return Answer(json.dumps(rows[page * 2 : page * 2 + 2]), more={"X-Total": "3"})

    outcome = crawl(Counted, answer)
    assert (outcome.report.total, outcome.report.seen, len(outcome.asked)) == (3, 3, 2)
    assert crawl(Counted, lambda url: Answer("[]")).report.stopped == "layout_changed"


def test_a_row_that_tells_less_leaves_the_stored_words_as_they_are() -> None:
    class Shy(Whole):
        def tells_less(self, listed: Listed) -> bool:
            return listed.key != "a"

    outcome = crawl(Shy, site(records("a", "b", "c")), known("a", "b"))
    assert set(outcome.listed) == {"a", "c"}
    assert [record.key for record in outcome.records if isinstance(record, Same)] == ["b"]


def test_a_next_link_is_followed_on_the_same_site_only() -> None:
    class Cursor(Json):
        rows_at, total_at, next_at = "rows", "", "next"

    def answer(url: str) -> Answer:
        onward = "https://elsewhere.example/2" if "cursor" in url else f"{URL}?cursor=x"
        key = "b" if "cursor" in url else "a"
        return Answer(json.dumps({"rows": records(key), "next": onward}))

    outcome = crawl(Cursor, answer)
    assert set(outcome.asked) == {f"{URL}?page=0", f"{URL}?cursor=x"}
    assert outcome.report.stopped == "layout_changed"


class Html(HtmlListSpider):
    source = SOURCE
    rows_at = "li.row"
    marker = "h1"
    next_at = "a.next"

    def parse_row(self, row: HtmlRow) -> Listed:
        title, url = row.title_link()
        posted = dates.english(row.text(".day"))
        return self.listed(row, key=url.rsplit("/", 1)[1], url=url, title=title, posted_on=posted)


def page(*keys: str, after: str = "", more: str = "") -> Answer:
    rows = "".join(
        f'<li class="row"><a href="/n/{key}">Notice <b>{key}</b></a> <i class="day">Jan. 28, 2025</i>{more}</li>'
        for key in keys
    )
    onward = f'<a class="next" href="{after}">on</a>' if after else ""
    return Answer(f"<html><body><h1>News</h1><ul>{rows}</ul>{onward}</body></html>", "text/html")


def test_pages_are_followed_by_their_own_links() -> None:
    outcome = crawl(Html, {URL: page("a", after="?p=2"), f"{URL}?p=2": page("b")})
    assert {key: row.url for key, row in outcome.listed.items()} == {
        "a": "https://agency.example/n/a",
        "b": "https://agency.example/n/b",
    }
    assert outcome.listed["a"].title == "Notice a"
    assert outcome.listed["a"].posted_on == date(2025, 1, 28)
    assert not outcome.report.leftover


def test_words_of_a_row_that_nobody_takes_are_named_by_their_element() -> None:
    assert crawl(Html, {URL: page("a", more='<p class="office">Enforcement</p>')}).report.leftover == ("office",)


def test_a_list_with_its_marker_and_no_rows_is_empty() -> None:
    report = crawl(Html, {URL: page()}).report
    assert (report.stopped, report.seen) == (None, 0)


def test_a_list_without_rows_that_links_to_known_notices_has_another_layout() -> None:
    moved = Answer(str(page("a").body).replace('class="row"', 'class="entry"'), "text/html")
    before = known("a")
    before.notices["a"] = type(before.notices["a"])(url="https://agency.example/n/a", fingerprint="")
    assert crawl(Html, {URL: moved}, before).report.stopped == "layout_changed"
    assert crawl(Html, {URL: moved}, known("b")).report.stopped is None


def test_a_redirect_within_the_site_is_followed() -> None:
    answers = {URL: Answer(status=301, more={"Location": "/new"}), "https://agency.example/new": page("a")}
    assert set(crawl(Html, answers).listed) == {"a"}


class Dump(DumpSpider):
    source = source(list="complete", pages="likely")
    rows_at = "data.item"

    def parse_row(self, row: Row) -> Listed:
        return self.listed(row, key=row.text("id"), url=URL, title=row.title())


def test_a_dump_is_read_as_a_stream_and_a_cut_leaves_what_came_before() -> None:
    body = json.dumps({"meta": {}, "data": records(*map(str, range(100)))})
    assert crawl(Dump, {URL: Answer(body)}).report.seen == 100
    cut = crawl(Dump, {URL: Answer(body[: len(body) // 2])}).report
    assert cut.stopped == "unreachable"
    assert 0 < cut.seen < 100


def test_a_dump_that_is_not_unicode_is_another_layout() -> None:
    body = json.dumps({"data": records("a")}).encode().replace(b"Notice", b"\xed\xa0\xbd")
    assert crawl(Dump, {URL: Answer(body)}).report.stopped == "layout_changed"


def test_a_dump_whose_rows_have_moved_is_another_layout() -> None:
    body = json.dumps({"rows": records(*map(str, range(100)))})
    assert crawl(Dump, {URL: Answer(body)}).report.stopped == "layout_changed"
    assert crawl(Dump, {URL: Answer('{"data": []}')}).report.stopped == "empty"


def test_rows_of_a_dump_that_may_matter_are_told_whole_like_the_others() -> None:
    rows = [*records("a"), {"id": "b", "title": "Unapproved stem cell therapy sold by a clinic"}]
    outcome = crawl(Dump, {URL: Answer(json.dumps({"data": rows}))})
    assert set(outcome.listed) == {"a", "b"}
    assert outcome.report.details_left == 1


def test_a_row_that_a_list_gives_twice_is_told_once() -> None:
    outcome = crawl(Dump, {URL: Answer(json.dumps({"data": records("one", "one")}))})
    assert [record.key for record in outcome.records if isinstance(record, Listed)] == ["one"]
    assert outcome.report.seen == 1


def test_the_front_of_a_window_is_its_first_page_and_of_a_complete_list_all_of_it() -> None:
    assert len(crawl(Json, site(records(*"abcde")), front_only=True).asked) == 1
    assert len(crawl(Whole, site(records(*"abcde")), front_only=True).asked) == 3
