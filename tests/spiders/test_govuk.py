"""GOV.UK's search and contents: what is asked for, and what stands in place of a document."""

import json
from datetime import date
from typing import Any

from spiders.common.govuk import SITE, GovUkSpider
from stemwatch.records import Page
from tests.spiders.listing import Answer, Outcome, crawl, source

RESULT = {
    "content_id": "one", "title": "One", "link": "/alerts/one", "public_timestamp": "2025-01-30T00:10:00Z",
    "issued_date": "2025-01-28", "format": "alert",
}  # fmt: skip
CONTENT = {
    "title": "One",
    "first_published_at": "2025-01-28T12:00:00+00:00",
    "details": {"body": "<p>Beware.</p>"},
}


class Alerts(GovUkSpider):
    source = source(list="complete", pages="all")
    filters = {"filter_format": "alert"}
    page_size = 2


def look(content: Any, *, total: int = 1, status: int = 200) -> Outcome:
    def answer(url: str) -> Answer:
        if url.startswith(f"{SITE}/api/content"):
            return Answer(json.dumps(content))
        number = int(url.partition("start=")[2].partition("&")[0])
        results = [{**RESULT, "content_id": str(key)} for key in range(number, min(number + 2, total))]
        return Answer(json.dumps({"results": results, "total": total}), status=status)

    return crawl(Alerts, answer)


def page(outcome: Outcome) -> Page:
    (found,) = [record for record in outcome.records if isinstance(record, Page)]
    return found


def test_a_search_is_read_whole_with_withdrawn_documents_among_its_results() -> None:
    outcome = look(CONTENT, total=5)
    searches = [url for url in outcome.asked if "/search.json" in url]
    assert outcome.report.total == outcome.report.seen == 5
    assert len(searches) == 3
    assert all("debug=include_withdrawn" in url and "filter_format=alert" in url for url in searches)


def test_a_document_says_when_it_was_withdrawn_and_why() -> None:
    notice = {"explanation": "<p>Out of date.</p>", "withdrawn_at": "2025-01-30T23:30:00Z"}
    found = page(look({**CONTENT, "withdrawn_notice": notice}))
    assert (found.closed_out_on, found.fields["withdrawn"]) == (date(2025, 1, 30), "Out of date.")
    assert page(look({**CONTENT, "withdrawn_notice": {}})).closed_out_on is None


def test_the_parts_of_a_guide_are_its_text() -> None:
    parts = [{"title": "A", "body": "<p>First.</p>"}, {"title": "B", "body": "<p>Second.</p>"}]
    assert page(look({**CONTENT, "details": {"parts": parts}})).text == "First.\nSecond."


def test_a_recall_among_alerts_is_of_its_own_kind() -> None:
    metadata = {"alert_type": "medicines-recall-notification", "medical_specialism": ["pharmacy"]}
    found = page(look({**CONTENT, "details": {"body": "", "metadata": metadata}}))
    assert (found.kind, found.fields["medical_specialism"]) == ("recall", "pharmacy")


def test_what_is_no_document_is_another_layout() -> None:
    broken: list[Any] = [{}, [], {**CONTENT, "details": None}, {**CONTENT, "first_published_at": "soon"}]
    for content in broken:
        assert look(content).report.details_failed == 1


def test_parts_of_another_shape_are_left_out() -> None:
    strange = {**CONTENT, "details": {"parts": {"a": 1}, "metadata": ["x"]}, "withdrawn_notice": "yes"}
    assert page(look(strange)).fields == {}


def test_a_search_that_refuses_a_parameter_gives_nothing() -> None:
    assert look(CONTENT, status=422).report.stopped == "unreachable"
