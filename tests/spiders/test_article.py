"""Pages of notices: their text without banners, and everything that only looks like one."""

from datetime import UTC, date, datetime

import pytest

from spiders.common.article import LONGEST_PAGE, Article, read_article, read_pdf
from spiders.common.dates import english
from spiders.common.stop import Stop, Unusable
from stemwatch.records import Page
from tests.spiders.listing import Answer, Response

URL = "https://agency.example/n/one"
BLANK = Page(key="one", role="notice", url=URL, read_at=datetime(2025, 2, 1, tzinfo=UTC), capture="")
ARTICLE = Article(
    title="h1", body=".body", strip=(".banner", ".body .note"), fields={"office": ".office", "place": ".place"}
)
PAGE = """<html><body><div class="banner">We are closed.</div><h1>One <b>clinic</b></h1><p class="office">Press</p>
<div class="body"><div class="banner">Holidays</div><p>It was\n stopped.</p><p class="note">As of today</p>
<ul><li>First</li><li>Second</li></ul><div class="body">Nested</div></div></body></html>"""
DATED = "<html><body><h1>One</h1><p class='day'>{}</p><div class='body'>It was stopped.</div></body></html>"
STREAM = b"BT /F1 12 Tf 72 720 Td (The clinic was stopped.) Tj ET"


def pdf() -> bytes:
    """One page of one line, as small as they come."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(STREAM), STREAM),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def read(body: str | bytes, article: Article = ARTICLE) -> Page:
    return read_article(Response(URL, Answer(body, "text/html")), BLANK, article)


def test_a_page_gives_its_text_in_paragraphs_and_its_facts() -> None:
    page = read(PAGE)
    assert page.text == "It was stopped.\nFirst\nSecond\nNested"
    assert page.fields == {"title": "One clinic", "office": "Press"}


def test_a_page_may_tell_the_day_of_publication() -> None:
    article = Article(title="h1", body=".body", posted=".day", day=english)
    assert read(DATED.format("January 28, 2025"), article).posted_on == date(2025, 1, 28)
    assert read(DATED.replace("day", "other"), article).posted_on is None
    with pytest.raises(Unusable, match="no day of publication"):
        read(DATED.format("28/01"), article)


@pytest.mark.parametrize("missing", ["h1", 'class="body"'])
def test_a_page_without_its_parts_has_another_layout(missing: str) -> None:
    with pytest.raises(Unusable, match="has no") as error:
        read(PAGE.replace(missing, missing.replace("h1", "h2").replace("body", "else")))
    assert error.value.verdict == "layout_changed"


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title>Just a moment...</title></head><body><h1>Wait</h1></body></html>",
        "<html><body><h1>One</h1><div class='body'>Please enable JavaScript to view the page.</div></body></html>",
        "<html><head><meta http-equiv='refresh' content='5; URL=/?bm-verify=A'></head><body></body></html>",
    ],
)
def test_a_page_that_asks_for_a_browser_is_a_block(body: str) -> None:
    with pytest.raises(Stop) as error:
        read(body)
    assert error.value.verdict == "blocked"


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 9, "x" * (LONGEST_PAGE + 1)])
def test_what_is_no_page_is_another_layout(body: str | bytes) -> None:
    with pytest.raises(Unusable):
        read(body)


def test_a_pdf_gives_its_text() -> None:
    page = read_pdf(Response(URL, Answer(pdf(), "application/pdf")), BLANK)
    assert page.text == "The clinic was stopped."


def test_what_stands_in_place_of_a_pdf_has_a_name() -> None:
    with pytest.raises(Stop):
        read_pdf(Response(URL, Answer("<html><body>Wait</body></html>", "text/html")), BLANK)
    with pytest.raises(Unusable):
        read_pdf(Response(URL, Answer(pdf()[:80], "application/pdf")), BLANK)
