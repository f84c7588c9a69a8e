"""The pages of notices: which are asked, in which order, how often, and what is made of their answers."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from spiders.common.paging import GIVE_UP_AFTER
from stemwatch.reading import ABSENCES, Known, KnownNotice, KnownPage
from stemwatch.records import Capture, Listed, Look, Page
from tests.spiders.conftest import (
    HOST,
    HTML,
    LETTERS,
    MISSING,
    NEWEST,
    NOW,
    SOURCE,
    Asked,
    Outcome,
    Reply,
    Site,
    letter,
    row,
    rows,
    run,
)

Crawl = Callable[..., Outcome]
LONG_AGO, LATELY = NOW - timedelta(days=400), NOW - timedelta(days=1)
SAVED = "Tue, 28 Jan 2025 14:20:00 GMT"
DAY = date(2025, 1, 20)


def key(number: int) -> str:
    return f"firm-{number}-{600000 + number}-01172025"


def url(name: str) -> str:
    return HOST + LETTERS + name


def fingerprint(number: int, day: date) -> str:
    """Of the row with this number as an earlier crawl listed it."""
    return (
        Listed(
            key=key(number),
            url=url(key(number)),
            title=f"Firm {number}, Inc.",
            kind="warning_letter",
            posted_on=day,
            issued_on=date(2025, 1, 17),
            case_number=str(600000 + number),
            fields={
                "office": "Center for Drug Evaluation and Research (CDER)",
                "subject": "CGMP/Drugs/Adulterated",
            },
        )
        .stamped()
        .fingerprint
    )


def known(number: int, day: date, *, read: bool = True, **facts: Any) -> KnownNotice:
    """A notice that was listed before, whose page was read lately."""
    page = KnownPage(url=url(key(number)), read_at=LATELY, looked_at=LATELY)
    given = {"pages": {"notice": page} if read else {}, **facts}
    return KnownNotice(url=url(key(number)), fingerprint=fingerprint(number, day), **given)


class Visit:
    """One crawl of a site on which something of every kind has happened since the last."""

    def __init__(self, folder: Path) -> None:
        with Site() as site:
            site.rows = [row(number, day=DAY) for number in range(1, 8)]
            site.rows[1][6] = f'<a href="{LETTERS}firm-2-600002-01202025">01/21/2025</a>'
            site.rows.append(row(8, day=DAY))
            self._answers(site)
            self.outcome = run(folder, Known(source=SOURCE, notices=self._stored()), mirror=site.url, details=None)
            self.asked = {asked.name: asked for asked in site.asked}
            self.order = site.letters

    @staticmethod
    def _stored() -> dict[str, KnownNotice]:
        old = KnownPage(url=url(key(1)), etag='W/"7"', last_modified=SAVED, read_at=LONG_AGO, looked_at=LONG_AGO)
        return {
            key(1): known(1, DAY, pages={"notice": old}),
            **{key(number): known(number, DAY) for number in (2, 3)},
            **{key(number): known(number, DAY, read=False) for number in (4, 5, 6, 7)},
            **{key(number): known(number, DAY, absent=ABSENCES - 1) for number in (91, 92)},
            key(93): known(93, DAY, absent=ABSENCES - 2),
        }

    @staticmethod
    def _answers(site: Site) -> None:
        def unchanged(asked: Asked) -> Reply | None:
            return Reply(status=304) if asked.headers.get("if-none-match") == 'W/"7"' else None

        site.answers[LETTERS + key(1)] = unchanged
        site.answers[LETTERS + "firm-2-600002-01202025"] = Reply(letter(label="CLOSEOUT LETTER"))
        site.answers[LETTERS + key(4)] = Reply(letter(), headers={**HTML, "ETag": '"4"', "Last-Modified": SAVED})
        site.answers[LETTERS + key(5)] = Reply(MISSING, 404)
        site.answers[LETTERS + key(7)] = Reply("<html><body>another page</body></html>", 500)
        site.answers[LETTERS + key(91)] = Reply(MISSING, 404)

    def looks(self, name: str) -> list[Look]:
        return [look for look in self.outcome.of(Look) if look.key == name]


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Visit:
    return Visit(tmp_path_factory.mktemp("visit"))


def test_what_vanished_comes_first_then_the_new_the_changed_the_closed_out_and_the_rest(visit: Visit) -> None:
    asked = [name for position, name in enumerate(visit.order) if name not in visit.order[:position]]
    closed = "firm-2-600002-01202025"
    assert asked == [key(91), key(92), key(8), key(2), closed, key(1), key(4), key(5), key(6), key(7)]


def test_a_page_read_before_is_asked_on_conditions_and_an_unchanged_one_says_so(visit: Visit) -> None:
    headers = visit.asked[key(1)].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('W/"7"', SAVED)
    (look,) = visit.looks(key(1))
    assert (look.outcome, look.capture, look.url) == ("unchanged", "", url(key(1)))
    assert key(1) not in {page.key for page in visit.outcome.of(Page)}


def test_a_page_never_read_is_asked_without_conditions_and_keeps_its_validators(visit: Visit) -> None:
    assert not {"if-none-match", "if-modified-since"} & visit.asked[key(4)].headers.keys()
    (page,) = [page for page in visit.outcome.of(Page) if page.key == key(4)]
    assert (page.etag, page.last_modified, page.role) == ('"4"', SAVED, "notice")
    assert page.text == "This text is ours."


def test_a_close_out_is_read_as_a_page_of_its_letter(visit: Visit) -> None:
    (page,) = [page for page in visit.outcome.of(Page) if page.role == "closeout"]
    assert (page.key, page.label, page.kind) == (key(2), "CLOSEOUT LETTER", "closeout_letter")
    assert page.url == url("firm-2-600002-01202025")


def test_a_page_read_lately_is_left_alone(visit: Visit) -> None:
    assert key(3) not in visit.order


def test_a_listed_letter_that_is_not_found_is_a_failed_look_and_does_not_end_the_crawl(visit: Visit) -> None:
    (look,) = visit.looks(key(5))
    assert (look.outcome, look.role) == ("failed", "notice")
    assert "answered 404" in look.why
    assert visit.outcome.report.stopped is None


def test_failures_that_do_not_follow_on_each_other_are_counted_and_the_rest_is_read(visit: Visit) -> None:
    report = visit.outcome.report
    assert [look.key for look in visit.outcome.of(Look) if look.outcome == "failed"] == [key(5), key(7)]
    assert (report.details_read, report.details_failed, report.details_left) == (8, 2, 0)


def test_a_letter_absent_for_long_is_looked_for_at_its_own_address_without_conditions(visit: Visit) -> None:
    (gone,), (alive,) = visit.looks(key(91)), visit.looks(key(92))
    assert (gone.outcome, alive.outcome) == ("gone", "alive")
    assert gone.why == "answered 404"
    captured = {(capture.sha256, capture.url, capture.status) for capture in visit.outcome.of(Capture)}
    assert {(gone.capture, url(key(91)), 404), (alive.capture, url(key(92)), 200)} <= captured
    assert "if-none-match" not in visit.asked[key(92)].headers
    assert {key(91), key(92)}.isdisjoint(page.key for page in visit.outcome.of(Page))


def test_a_letter_absent_for_a_run_less_is_not_looked_for(visit: Visit) -> None:
    assert visit.looks(key(93)) == []
    assert key(93) not in visit.order


def test_every_page_names_the_answer_that_it_was_read_from(visit: Visit) -> None:
    captured = {(capture.sha256, capture.url) for capture in visit.outcome.of(Capture)}
    assert {(page.capture, page.url) for page in visit.outcome.of(Page)} <= captured


def test_three_failures_in_a_row_end_the_crawl_with_what_was_read(site: Site, crawl: Crawl) -> None:
    site.rows = rows(8)
    for number in (0, 2, 3, 4):
        site.answers[LETTERS + key(number)] = Reply(MISSING, 404)
    outcome = crawl(details=None)
    assert site.letters == [key(number) for number in range(5)]
    assert outcome.report.stopped == "unreachable"
    assert f"{GIVE_UP_AFTER} pages in a row could not be read" in outcome.report.reason
    assert (outcome.report.seen, len(outcome.of(Page))) == (8, 1)
    assert [look.outcome for look in outcome.of(Look)] == ["failed"] * 4


def test_a_refused_page_ends_the_crawl_at_once_as_a_block(site: Site, crawl: Crawl) -> None:
    site.rows = rows(4)
    site.answers[LETTERS + key(1)] = Reply("", 302, {"Location": "/apology_objects/abuse-detection-apology.html"})
    outcome = crawl(details=None)
    assert site.paths[3:] == [LETTERS + key(0), LETTERS + key(1)]
    assert (outcome.report.stopped, outcome.report.seen) == ("blocked", 4)
    assert len(outcome.of(Page)) == 1
    assert outcome.of(Look) == []


def test_a_budget_reads_the_likely_and_the_newest_and_counts_the_rest(site: Site, crawl: Crawl) -> None:
    site.rows = rows(9)
    site.rows[5][3] = "Center for Biologics Evaluation and Research (CBER)"
    site.rows[7][4] = "Unapproved New Drugs/Exosomes"
    outcome = crawl(details=4)
    assert site.letters == [key(5), key(7), key(0), key(1)]
    assert (outcome.report.details_read, outcome.report.details_left) == (4, 5)


def test_no_page_is_begun_when_the_deadline_is_near_and_the_list_is_kept(site: Site, crawl: Crawl) -> None:
    report = crawl(details=None, deadline_seconds=0.001, timeout_seconds=60.0).report
    assert (report.stopped, report.seen, report.details_read, report.details_left) == (None, 3, 0, 3)
    assert site.letters == []


def test_a_recheck_asks_every_page_that_was_read_and_none_that_was_not(site: Site, crawl: Crawl) -> None:
    site.rows = rows(105)
    days = {number: NEWEST - timedelta(days=number) for number in range(105)}
    stored = {key(number): known(number, day, read=number != 3) for number, day in days.items()}
    outcome = crawl(Known(source=SOURCE, notices=stored), recheck=True, details=None)
    assert site.letters == [key(number) for number in days if number != 3]
    assert outcome.report.details_left == 0
