"""The list behind Drupal's table: read whole although its order wavers, by two ways, and doubted where it is odd."""

import json
from collections.abc import Callable

import pytest

from spiders.common.drupal_table import PASSES
from stemwatch.reading import Known, KnownNotice
from tests.spiders.conftest import (
    FIRST_WAY,
    HTML,
    JSON,
    LANDING,
    LETTERS,
    MISSING,
    SECOND_WAY,
    SOURCE,
    Asked,
    Outcome,
    Reply,
    Site,
    commands,
    json_reply,
    row,
    rows,
    settings_script,
)

Crawl = Callable[..., Outcome]
BLOCK = Reply("<html><body><h1>Access Denied</h1></body></html>")


def starts(site: Site, path: str = FIRST_WAY) -> list[int]:
    return [int(asked.fields["start"]) for asked in site.asked if asked.path == path]


def keys(given: list[list[str]]) -> set[str]:
    return {cells[2].partition(LETTERS)[2].partition('"')[0] for cells in given}


# Paging


def test_equal_days_in_another_order_at_each_request_lose_no_row_in_one_pass(site: Site, crawl: Crawl) -> None:
    site.rows = rows(1100, a_day=60)
    outcome = crawl()
    assert (outcome.report.seen, outcome.report.total) == (1100, 1100)
    assert outcome.listed.keys() == keys(site.rows)
    assert len(starts(site)) == 3


def test_a_server_that_gives_at_most_a_hundred_rows_is_read_whole(site: Site, crawl: Crawl) -> None:
    site.rows, site.at_most = rows(430, a_day=30), 100
    outcome = crawl()
    assert (outcome.report.seen, outcome.report.total) == (430, 430)
    assert outcome.listed.keys() == keys(site.rows)
    assert 5 <= len(starts(site)) <= 8


def test_a_list_that_never_adds_up_is_read_a_few_times_and_told_as_it_is(site: Site, crawl: Crawl) -> None:
    site.rows, site.counted = rows(30), 31
    report = crawl().report
    assert (report.seen, report.total, report.stopped) == (30, 31, None)
    assert starts(site).count(0) == PASSES
    assert len(starts(site)) <= 3 * PASSES


def test_rows_that_appear_twice_count_once(site: Site, crawl: Crawl) -> None:
    site.rows = rows(20, a_day=5)
    site.answers[FIRST_WAY] = lambda asked: json_reply(
        {"recordsTotal": 20, "data": site.shown({**asked.fields, "length": "12"})}
    )
    report = crawl().report
    assert report.seen == report.total == report.filled["title"] == report.filled["office"] == 20
    assert sum(starts(site)) > 0


# Two ways


@pytest.mark.parametrize(("status", "asked"), [(404, 1), (500, 3)])
def test_the_second_way_is_taken_when_the_first_fails(site: Site, crawl: Crawl, status: int, asked: int) -> None:
    site.answers[FIRST_WAY] = Reply(MISSING, status)
    site.announced = 3
    outcome = crawl()
    assert outcome.report.stopped is None
    assert str(status) in outcome.report.first_way_failed
    assert outcome.listed.keys() == keys(site.rows)
    assert site.paths[2:] == [FIRST_WAY] * asked + [SECOND_WAY]
    request = site.asked[-1]
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.fields["view_name"] == "warning_letter_solr_index"
    assert (request.fields["start"], request.fields["length"]) == ("0", "500")


def test_the_way_that_the_job_names_is_taken_first(site: Site, crawl: Crawl) -> None:
    site.announced = 3
    outcome = crawl(way="views")
    assert site.paths[2:] == [SECOND_WAY]
    assert (outcome.report.seen, outcome.report.total, outcome.report.first_way_failed) == (3, 3, "")
    assert {listed.title for listed in outcome.listed.values()} == {f"Firm {n}, Inc." for n in range(3)}


def test_where_no_count_is_known_paging_goes_on_until_nothing_new_comes(site: Site, crawl: Crawl) -> None:
    site.rows, site.at_most = rows(230, a_day=10), 100
    report = crawl(way="views").report
    assert report.total is None
    assert report.seen == 230


def test_a_first_way_that_gives_json_of_another_type_is_left_for_the_second(site: Site, crawl: Crawl) -> None:
    site.answers[FIRST_WAY] = Reply('{"recordsTotal": 0, "data": []}', headers={"Content-Type": "text/plain"})
    report = crawl().report
    assert "text/plain where JSON was due" in report.first_way_failed
    assert (report.seen, report.stopped) == (3, None)


def test_when_both_ways_give_the_wrong_type_the_run_names_both(site: Site, crawl: Crawl) -> None:
    site.answers[FIRST_WAY] = Reply("{}", headers={"Content-Type": "text/plain"})
    site.answers[SECOND_WAY] = Reply("[]", headers={"Content-Type": "text/html"})
    report = crawl().report
    assert report.stopped == "layout_changed"
    assert "text/plain" in report.reason
    assert "By the second way:" in report.reason
    assert "text/html" in report.reason


# Blocks


def test_a_landing_page_without_settings_is_a_block_and_nothing_more_is_asked(site: Site, crawl: Crawl) -> None:
    site.answers[LANDING] = BLOCK
    report = crawl().report
    assert (report.stopped, report.seen) == ("blocked", 0)
    assert "no settings script" in report.reason
    assert site.paths == ["/robots.txt", LANDING]


@pytest.mark.parametrize("kind", [HTML, JSON], ids=["as HTML", "as JSON"])
def test_a_page_where_json_was_due_is_a_block_and_nothing_more_is_asked(
    site: Site, crawl: Crawl, kind: dict[str, str]
) -> None:
    site.answers[FIRST_WAY] = Reply(BLOCK.body, headers=kind)
    report = crawl().report
    assert report.stopped == "blocked"
    assert "HTML page where JSON was due" in report.reason
    assert site.paths == ["/robots.txt", LANDING, FIRST_WAY]


def test_settings_with_an_empty_table_announce_nothing_and_break_nothing(site: Site, crawl: Crawl) -> None:
    # PHP writes an empty mapping as an empty list.
    site.answers[LANDING] = Reply(settings_script(datatables={"a1": {"ajax": []}, "a2": []}))
    report = crawl().report
    assert (report.stopped, report.reason, report.seen) == (None, "", 3)


# Odd rows


def swapped(cells: list[str]) -> list[str]:
    return [cells[2], cells[3], cells[0], cells[1], *cells[4:]]


@pytest.mark.parametrize("broken", [100, 6], ids=["every row", "6 of 100"])
def test_columns_that_changed_places_are_another_layout(site: Site, crawl: Crawl, broken: int) -> None:
    given = rows(100)
    site.rows = [*map(swapped, given[:broken]), *given[broken:]]
    report = crawl().report
    assert report.stopped == "layout_changed"
    assert f"{broken} of 100 rows are not as they were" in report.reason


def test_single_odd_rows_are_doubted_each_once_and_the_others_stand(site: Site, crawl: Crawl) -> None:
    given = rows(60)
    given[7][0] = "soon"
    given[8] = row(8, company="Firm <script>x()</script>", subject="=1+1")
    given[9] += ["surprise"]
    given[10][7] = "An excerpt that is ignored"
    site.rows = given
    outcome = crawl()
    report = outcome.report
    assert (report.stopped, report.seen, report.total) == (None, 59, 60)
    assert report.leftover == ("column 9",)
    assert len([doubt for doubt in report.doubtful if "a row that cannot be read" in doubt]) == 1
    assert sum("<script" in doubt for doubt in report.doubtful) == 1
    odd = outcome.listed["firm-8-600008-01172025"]
    assert (odd.title, odd.fields, odd.doubtful) == ("firm 8 600008 01172025", {}, True)
    assert [listed.key for listed in outcome.listed.values() if listed.doubtful] == [odd.key]


def test_odd_words_of_a_known_notice_leave_what_is_stored_as_it_stands(site: Site, crawl: Crawl) -> None:
    site.rows = [row(0), row(1, company="Firm '); DROP TABLE letters;--"), row(2)]
    key = "firm-1-600001-01172025"
    known = Known(
        source=SOURCE, notices={key: KnownNotice(url=f"https://www.fda.gov{LETTERS}{key}", fingerprint="f")}
    )
    listed = crawl(known).listed
    assert (listed[key].doubtful, listed[key].fingerprint) == (True, "f")


def test_half_a_character_in_the_second_way_is_doubted_like_in_the_first(site: Site, crawl: Crawl) -> None:
    given = rows(60)
    given[8][2] = given[8][2].replace("Firm 8", "Firm \ud83d 8")

    def answer(asked: Asked) -> Reply:
        return Reply(json.dumps(commands(given)), headers=JSON)

    site.answers[SECOND_WAY], site.announced = answer, 60
    report = crawl(way="views").report
    assert (report.stopped, report.reason, report.seen) == (None, "", 60)
    assert len(report.doubtful) == 1
