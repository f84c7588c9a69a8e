"""Answers from elsewhere: a mirror or a recorded moment, while every record keeps the real address."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from spiders.common.job import Job
from spiders.common.mirror import ReplayHandler
from stemwatch.records import Capture, Page
from tests.spiders.conftest import AGENT, HOST, HTML, LANDING, LETTERS, NOW, SOURCE, Outcome, Site

PAGE = f"{HOST}{LETTERS}firm-1-600001-01172025"


def test_requests_go_to_the_mirror_and_records_keep_the_real_address(
    site: Site, crawl: Callable[..., Outcome]
) -> None:
    outcome = crawl(details=3, mirror=site.url + "/")
    assert [asked.headers["host"] for asked in site.asked] == [site.url.removeprefix("http://")] * 6
    assert set(site.paths) >= {"/robots.txt", LANDING, LETTERS + "firm-1-600001-01172025"}
    kept = [
        *(listed.url for listed in outcome.listed.values()),
        *(page.url for page in outcome.of(Page)),
        *(capture.url for capture in outcome.of(Capture)),
    ]
    assert len(kept) == 3 + 3 + 5
    assert [url for url in kept if not url.startswith(HOST + "/")] == []


@pytest.mark.parametrize(
    ("mirror", "polite", "replay", "hurried"),
    [
        ("http://127.0.0.1:8000", False, "", True),
        ("http://localhost:8000/", False, "", True),
        ("http://[::1]:8000", False, "", True),
        ("http://127.0.0.1:8000", True, "", False),
        ("http://mirror.example", False, "", False),
        ("http://localhost.example", False, "", False),
        ("http://127.example", False, "", False),
        ("", False, "", False),
        ("", True, "moment", True),
    ],
)
def test_only_this_machine_and_a_recorded_moment_are_hurried(
    mirror: str, polite: bool, replay: str, hurried: bool
) -> None:
    job = Job(
        run="x", source=SOURCE, started_at=NOW, known="", folder="", inbox="", user_agent=AGENT,
        mirror=mirror, polite=polite, replay=replay,
    )  # fmt: skip
    assert job.hurried is hurried


@pytest.fixture
def moment(tmp_path: Path) -> Crawler:
    """A recorded moment of two pages."""
    (tmp_path / "page.html").write_text("<p>recorded</p>", encoding="utf-8")
    headers = {**HTML, "ETag": 'W/"7"'}
    recorded = [
        {"url": PAGE, "status": 200, "headers": headers, "file": "page.html"},
        {"url": f"{HOST}/list?b=2&a=1", "status": 503, "headers": {"Retry-After": "9"}},
    ]
    (tmp_path / "moment.json").write_text(json.dumps({"responses": recorded}), encoding="utf-8")
    return get_crawler(settings_dict={"STEMWATCH_REPLAY": str(tmp_path)})


def asked(moment: Crawler, url: str, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(ReplayHandler(moment).download_request(Request(url, headers=named)))


def test_a_recorded_answer_comes_with_its_headers_at_the_real_address(moment: Crawler) -> None:
    response = asked(moment, PAGE)
    assert isinstance(response, HtmlResponse)
    assert (response.url, response.status, response.text) == (PAGE, 200, "<p>recorded</p>")
    assert response.headers["ETag"] == b'W/"7"'


def test_a_recorded_address_is_known_in_any_order_of_its_query(moment: Crawler) -> None:
    response = asked(moment, f"{HOST}/list?a=1&b=2")
    assert (response.status, response.body, response.headers["Retry-After"]) == (503, b"", b"9")


def test_a_matching_etag_is_answered_by_unchanged_and_another_by_the_page(moment: Crawler) -> None:
    assert asked(moment, PAGE, If_None_Match='W/"7"').status == 304
    assert asked(moment, PAGE, If_None_Match='W/"8"').status == 200


def test_what_was_not_recorded_is_not_found(moment: Crawler) -> None:
    response = asked(moment, f"{HOST}{LETTERS}another-600002-01172025", If_None_Match='W/"7"')
    assert (response.status, response.body) == (404, b"")
