"""Pages of notices: their text without banners, and everything that only looks like one."""

from datetime import UTC, date, datetime

import pytest

from spiders.common.article import LONGEST_PAGE, Article, read_article
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
