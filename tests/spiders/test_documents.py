"""A notice's page that is a document: its text, or the verdict on what came in its place."""

from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from spiders.common.document import read_document
from spiders.common.stop import Stop, Unusable
from stemwatch.records import Page
from tests.sources.faults import BOT_PAGE
from tests.stemwatch.documents.builders import pdf

BLANK = Page(key="1", role="notice", url="", read_at=datetime(2025, 1, 1, tzinfo=UTC), capture="")


def answer(body: bytes, kind: str = "application/pdf") -> Response:
    return Response("https://agency.example/media/1/download", headers={"Content-Type": kind}, body=body)


@pytest.mark.parametrize("kind", ["application/pdf", "application/octet-stream", "text/html"])
def test_the_text_of_a_pdf_is_read_whatever_its_type_says(kind: str) -> None:
    assert read_document(answer(pdf(["A letter."]), kind), BLANK).text == "A letter."


def test_a_page_that_asks_for_a_browser_is_a_block() -> None:
    with pytest.raises(Stop, match="asks for a browser"):
        read_document(answer(BOT_PAGE), BLANK)


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html><p>Moved</p></html>", b"", pdf([]), b"%PDF-1.7\nbroken"])
def test_what_is_no_document_or_has_no_text_is_another_layout(body: bytes) -> None:
    with pytest.raises(Unusable) as caught:
        read_document(answer(body), BLANK)
    assert caught.value.verdict == "layout_changed"
