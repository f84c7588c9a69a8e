"""New York's monthly pages: how far back they are read."""

from datetime import date

from spiders.us_ny_attorney_general import UsNyAttorneyGeneral
from tests.spiders.listing import Answer, crawl, known

PAGE = """<html><main><h1>Press Releases</h1><div class="views-row"><time>January 30, 2025</time>
<a href="/press-release/2025/{0}">One</a></div></main></html>"""


def months(*keys: str, newest_on: date | None = None) -> list[str]:
    before = known(*keys, newest_on=newest_on)
    outcome = crawl(UsNyAttorneyGeneral, lambda url: Answer(PAGE.format("one"), "text/html"), before, details=0)
    return [url.rsplit("/", 1)[1] for url in outcome.asked if "for-month" in url]


def test_after_a_gap_months_are_read_back_to_the_newest_release_known() -> None:
    assert months("2024/other", newest_on=date(2024, 11, 30)) == ["202502", "202501", "202412", "202411"]


def test_without_a_gap_no_month_is_read() -> None:
    assert months("2025/one", newest_on=date(2025, 1, 30)) == []
