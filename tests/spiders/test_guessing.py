"""What a list is taken for at first sight, and what is not guessed."""

import json
from typing import Any

import pytest

from spiders.common.guessing import Guess, form_of, guess, guess_article
from spiders.common.skeleton import draft, skeleton
from stemwatch.errors import StemwatchError

URL = "https://agency.example/list"


def rows(count: int = 4, **fields: Any) -> list[dict[str, Any]]:
    return [{"name": f"Notice number {n}", **fields} for n in range(count)]


def of(data: Any) -> Guess:
    return guess(URL, json.dumps(data).encode())


def test_the_longest_list_of_records_within_json_is_the_list() -> None:
    found = of({"meta": {"tags": rows(2)}, "data": {"found": rows(5)}})
    assert (found.base, found.rows_at, found.rows, found.title) == ("JsonListSpider", "data.found", 5, "name")


def test_a_field_that_some_rows_lack_is_no_key() -> None:
    assert of([{"id": 1, "title": "Notice one"}, {"title": "Notice two"}]).key == ""


@pytest.mark.parametrize(
    ("days", "form"),
    [
        (["2025-01-28", "2025-01-29T10:00:00Z"], "iso"),
        (["January 28, 2025", "Jan. 3, 2025"], "english"),
        (["28 janvier 2025"], "french"),
        (["28/01/2025", "03/02/2025"], "day_month_year"),
        (["01/28/2025", "02/03/2025"], "month_day_year"),
        (["令和7年8月29日"], "japanese"),
        (["2025년 1월 28일"], "korean"),
        (["03/02/2025"], ""),
        (["2025-01-28", "soon"], ""),
        ([None], ""),
        ([], ""),
    ],
)
def test_days_are_read_by_a_form_that_fits_all_and_leaves_no_choice(days: list[Any], form: str) -> None:
    assert form_of(days) == form


def test_only_secure_addresses_of_first_rows_are_asked_for() -> None:
    links = [
        "https://agency.example/1",
        "http://agency.example/2",
        *[f"https://agency.example/{n}" for n in "3456"],
    ]
    found = of([{"title": "A notice", "url": link} for link in links])
    assert found.links == ("https://agency.example/1", "https://agency.example/3", "https://agency.example/4")


def test_links_without_words_of_their_own_are_no_rows() -> None:
    cells = "".join(f'<li><a href="/{n}"><img src="x"></a></li>' for n in range(9))
    with pytest.raises(StemwatchError, match="reads as a list"):
        guess(URL, f"<!DOCTYPE html><html><body>{cells}</body></html>".encode())


def test_a_sentence_is_no_key() -> None:
    found = of(
        [{"title": f"Notice {n}", "abstract": f"Words of {n}", "document_number": f"2025-{n}"} for n in "abc"]
    )
    assert found.key == "document_number"


def test_rows_are_told_from_a_pager_of_the_same_tag_by_their_parent() -> None:
    rows = "".join(f'<li><a href="/{n}">Notice {n}</a></li>' for n in range(4))
    pager = '<ul><li><a href="?page=2">2</a></li></ul>'
    found = guess(URL, f"<!DOCTYPE html><html><body><main>{rows}{pager}</main></body></html>".encode())
    assert (found.rows_at, found.rows) == ("main > li", 4)


def test_titles_of_a_script_without_blanks_are_words() -> None:
    page = "".join(f'<li><a href="/{n}">緊急命令について第{n}号</a></li>' for n in range(3))
    found = guess(URL, f"<!DOCTYPE html><html lang='ja'><body><main>{page}</main></body></html>".encode())
    assert (found.base, found.language) == ("HtmlListSpider", "ja")
    assert (found.rows_at, found.marker) == ("main li", "main")


@pytest.mark.parametrize(
    "body", [b"", b"words", b"[]", b"{}", b"[1, 2]", b'{"a": ', b"<rss", b"\x00\xff", b"<html></html>"]
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(StemwatchError):
        guess(URL, body)


def test_selectors_of_an_article_fit_all_pages() -> None:
    pages = [
        b"<html><body><h1>A</h1><article>x</article></body></html>",
        b"<html><body><h1>B</h1><main>y</main></body></html>",
    ]
    article = guess_article(pages)
    assert article is not None
    assert (article.title, article.body) == ("h1", "body")
    assert guess_article([b"%PDF-1.7"]) is None


@pytest.mark.parametrize(
    "data",
    [
        rows(),
        {"found": [{"id": n, **row, "url": f"https://agency.example/{n}"} for n, row in enumerate(rows())]},
        [{"id": f'"{n}\n', "title": 'A "quoted" \\ notice', "date": "2025-01-28"} for n in range(3)],
    ],
)
def test_a_draft_is_valid_code_whatever_the_rows_are_called(data: Any) -> None:
    found = of(data)
    code = skeleton(draft("xx_agency_list", URL, found, guess_article([b"<html><h1>x</h1></html>"])), ['od"d'])
    compile(code, "draft", "exec")
