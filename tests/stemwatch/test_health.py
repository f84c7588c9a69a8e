"""Every zero has a name: each verdict, and the sentence that explains it."""

from typing import Any

import pytest

from stemwatch.bundle import Report
from stemwatch.health import judge
from stemwatch.records import Expectations
from stemwatch.words import VERDICTS, Verdict
from tests.store.builders import NAME, START

EXPECTED = Expectations(least=50, shrink=0.05, filled={"title": 1.0, "subject": 0.95}, failed_pages=0.1)
GOOD: dict[str, Any] = {"total": 100, "seen": 100, "filled": {"title": 100, "subject": 97}}


def report(**values: Any) -> Report:
    fixed: dict[str, Any] = {"run": "r", "source": NAME, "revision": 1, "seconds": 1.0}
    return Report(started_at=START, finished_at=START, **{**fixed, **GOOD, **values})


def judged(last_size: int = 0, **values: Any) -> tuple[Verdict, str]:
    found = judge(report(**values), EXPECTED, last_size=last_size)
    assert found.trusted == (found.verdict == "ok")
    return found.verdict, found.reason


def test_a_run_as_expected_is_ok_without_a_word() -> None:
    assert judged(100) == ("ok", "")


@pytest.mark.parametrize("verdict", [verdict for verdict in VERDICTS if verdict != "ok"])
def test_why_a_crawl_stopped_is_its_verdict(verdict: Verdict) -> None:
    assert judged(stopped=verdict, reason="It said so.") == (verdict, "It said so.")


def test_a_list_without_a_notice_is_empty_even_where_the_site_counts_none() -> None:
    assert judged(seen=0, total=0) == ("empty", "The list came without a single notice.")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"total": 3277}, "The site counts 3,277 notices, 100 were found."),
        ({"total": 99}, "The site counts 99 notices, 100 were found."),
        (
            {"seen": 49, "total": 49, "filled": {"title": 49, "subject": 49}},
            "The list has 49 notices; fewer than 50 are not believed.",
        ),
        ({"filled": {"title": 99, "subject": 100}}, "Only 99 of 100 notices carry title."),
        ({"filled": {"title": 100}}, "Only 0 of 100 notices carry subject."),
        (
            {"doubtful": ("k: '<script' in x", "l: y")},
            "2 values are unlike anything a regulator prints, the first: k: '<script' in x",
        ),
        ({"details_read": 8, "details_failed": 1}, "1 of 9 pages could not be read."),
        ({"first_way_failed": "It answered 404."}, "It answered 404. The second way was taken."),
    ],
)
def test_each_doubt_makes_a_run_partial_and_says_why(values: dict[str, Any], reason: str) -> None:
    assert judged(**values) == ("partial", reason)


def test_doubts_are_told_together() -> None:
    reason = judged(total=101, filled={})[1]
    assert reason.count(".") == 3


@pytest.mark.parametrize(("last_size", "verdict"), [(0, "ok"), (105, "ok"), (106, "partial"), (200, "partial")])
def test_a_list_may_lose_a_twentieth_between_two_runs(last_size: int, verdict: Verdict) -> None:
    assert judged(last_size)[0] == verdict


def test_a_list_that_grows_is_believed() -> None:
    assert judged(10)[0] == "ok"


def test_a_site_that_does_not_count_is_believed() -> None:
    assert judged(total=None) == ("ok", "")


def test_a_few_failed_pages_and_unread_columns_are_a_warning() -> None:
    reason = "1 pages could not be read. Nobody reads: Excerpt, column 9."
    assert judged(details_read=9, details_failed=1, leftover=("Excerpt", "column 9")) == ("ok", reason)


@pytest.mark.parametrize(
    ("last_size", "differing", "verdict"),
    [(100, 20, "ok"), (100, 21, "partial"), (1000, 50, "ok"), (1000, 51, "partial"), (0, 500, "ok")],
)
def test_a_list_that_is_rewritten_at_once_is_doubted(last_size: int, differing: int, verdict: Verdict) -> None:
    seen = max(last_size, 100)
    told = report(total=seen, seen=seen, filled={"title": seen, "subject": seen})
    found = judge(told, EXPECTED, last_size=last_size, differing=differing)
    assert found.verdict == verdict
    assert ("raise the source's revision" in found.reason) == (verdict == "partial")
