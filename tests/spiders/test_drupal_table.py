"""The list behind Drupal's table: read whole although its order wavers, by two ways, doubted where it is odd."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stemwatch.reading import Known, KnownNotice
from stemwatch.records import Same
from tests.spiders.conftest import (
    FIRST_WAY,
    HOST,
    LANDING,
    LETTERS,
    MISSING,
    NEWEST,
    SECOND_WAY,
    SOURCE,
    Outcome,
    Reply,
    Site,
    commands,
    json_reply,
    row,
    rows,
    run,
    settings_script,
)

Crawl = Callable[..., Outcome]
KNOWN = "firm-11-600011-01172025"
BLOCK = Reply("<html><body><h1>Access Denied</h1></body></html>")


def starts(site: Site, path: str = FIRST_WAY) -> list[int]:
    return [int(asked.fields["start"]) for asked in site.asked if asked.path == path]


def keys(given: list[list[str]]) -> set[str]:
    return {cells[2].partition(LETTERS)[2].partition('"')[0] for cells in given}


# Paging


def test_equal_days_in_another_order_at_each_request_lose_no_row_in_one_pass(site: Site, crawl: Crawl) -> None:
    site.rows = rows(1100, a_day=60)
    outcome = crawl()
    assert (outcome.report.seen, outcome.report.total, outcome.report.newest_on) == (1100, 1100, NEWEST)
    assert outcome.listed.keys() == keys(site.rows)
    assert len(starts(site)) == 3


def test_a_server_that_gives_at_most_a_hundred_rows_is_read_whole_and_each_row_counts_once(
    site: Site, crawl: Crawl
) -> None:
    site.rows, site.at_most = rows(430, a_day=30), 100
    outcome = crawl()
    assert outcome.report.filled["title"] == outcome.report.filled["office"] == 430
    assert (outcome.report.seen, outcome.report.total) == (430, 430)
    assert outcome.listed.keys() == keys(site.rows)
    assert 5 <= len(starts(site)) <= 8


def test_a_list_that_never_adds_up_is_read_a_few_times_and_told_as_it_is(site: Site, crawl: Crawl) -> None:
    site.rows, site.counted = rows(30), 31
    report = crawl().report
    assert (report.seen, report.total, report.stopped) == (30, 31, None)
    assert 2 <= starts(site).count(0) <= 5
    assert len(starts(site)) <= 15


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
    assert report.reason.startswith(HOST + LANDING)
    assert "no settings script" in report.reason
    assert site.paths == ["/robots.txt", LANDING]


def test_a_page_where_json_was_due_is_a_block_and_nothing_more_is_asked(site: Site, crawl: Crawl) -> None:
    site.answers[FIRST_WAY] = BLOCK
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


def test_columns_that_changed_places_in_many_rows_are_another_layout(site: Site, crawl: Crawl) -> None:
    given = rows(100)
    site.rows = [*given[:94], *map(swapped, given[94:])]
    report = crawl().report
    assert report.stopped == "layout_changed"
    assert "6 of 100 rows are not as they were" in report.reason


class Odd:
    """One crawl of a list in which a few rows are odd, each in its own way."""

    def __init__(self, folder: Path) -> None:
        with Site() as site:
            site.rows = rows(60)
            site.rows[7][0] = "soon"
            site.rows[8] = row(8, company="Firm <script>x()</script>", subject="=1+1")
            site.rows[9].append("surprise")
            site.rows[10][7] = "An excerpt that is ignored"
            site.rows[11] = row(11, company="Firm '); DROP TABLE letters;--")
            stored = KnownNotice(url=f"https://www.fda.gov{LETTERS}{KNOWN}", fingerprint="as stored")
            self.outcome = run(folder, Known(source=SOURCE, notices={KNOWN: stored}), mirror=site.url)
        self.report = self.outcome.report


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Odd:
    return Odd(tmp_path_factory.mktemp("odd"))


def test_a_single_row_that_cannot_be_read_is_left_out_and_the_others_stand(odd: Odd) -> None:
    assert (odd.report.stopped, odd.report.seen, odd.report.total) == (None, 59, 60)
    assert any("a row that cannot be read: 'soon'" in doubt for doubt in odd.report.doubtful)


def test_every_doubt_is_told_once_however_often_the_list_is_read(odd: Odd) -> None:
    assert len(odd.report.doubtful) == len(set(odd.report.doubtful)) == 4


def test_cells_that_nobody_reads_are_reported(odd: Odd) -> None:
    assert odd.report.leftover == ("column 9",)


def test_odd_words_of_a_new_notice_are_replaced_by_those_of_its_address(odd: Odd) -> None:
    new = odd.outcome.listed["firm-8-600008-01172025"]
    assert (new.title, new.fields, new.doubtful) == ("firm 8 600008 01172025", {}, True)


def test_odd_words_of_a_known_notice_leave_what_is_stored_as_it_stands(odd: Odd) -> None:
    assert odd.outcome.of(Same) == [Same(key=KNOWN, fingerprint="as stored")]
    assert sum(row.doubtful for row in odd.outcome.listed.values()) == 1


def test_half_a_character_in_the_second_way_costs_no_other_row(site: Site, crawl: Crawl) -> None:
    given = rows(60)
    given[8][2] = given[8][2].replace("Firm 8", "Firm \ud83d 8")
    site.answers = {FIRST_WAY: Reply(MISSING, 404), SECOND_WAY: json_reply(commands(given))}
    site.announced = 60
    report = crawl().report
    assert (report.stopped, report.seen) == (None, 60)
    assert len(report.doubtful) == 1
