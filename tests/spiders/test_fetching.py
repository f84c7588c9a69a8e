"""What answers mean: refusals, pauses that were asked for, headers that are kept."""

import pytest
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response

from spiders.common.crawl import explain
from spiders.common.fetching import LONGEST_WAIT, header, kept_headers, refusal, retry_after
from spiders.common.stop import Stop, Unusable

URL = "https://www.fda.gov/list"


def response(status: int = 200, **headers: str | bytes) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(URL, status=status, headers=named)


@pytest.mark.parametrize("status", [401, 403, 407, 429, 451])
def test_statuses_that_send_us_away_are_refusals_which_name_the_address(status: int) -> None:
    assert refusal(response(status)) == f"{URL} answered {status}."


@pytest.mark.parametrize("status", [200, 204, 301, 302, 304, 400, 404, 410, 500, 502, 503, 504])
def test_other_statuses_are_no_refusals_in_general(status: int) -> None:
    assert refusal(response(status)) == ""


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("99999999999", LONGEST_WAIT),
        ("Fri, 31 Jan 2025 23:59:59 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("1.5", 0),
        ("", 0),
        ("1\r\n 2", 0),
        (b"\xb2", 0),
        (b"\xff\xfe", 0),
        ("9" * 5000, LONGEST_WAIT),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_the_pause_asked_for_is_read_from_digits_and_bounded(asked: str | bytes, seconds: int) -> None:
    assert retry_after(response(429, Retry_After=asked)) == seconds


def test_no_pause_is_asked_for_without_the_header() -> None:
    assert retry_after(response(429)) == 0


def test_every_header_is_kept_with_all_its_values_as_they_came() -> None:
    headers = Headers({"Set-Cookie": ["a=1", "b=2"], "X-Odd": b"caf\xe9"})
    kept = list(kept_headers(Response(URL, headers=headers)))
    assert kept == [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Odd", "café")]


def test_a_header_is_one_line_of_text_and_empty_when_absent() -> None:
    assert header(response(ETag='"1"\r\n injected'), "etag") == '"1" injected'
    assert header(response(), "ETag") == ""


def test_what_robots_txt_forbids_is_a_block() -> None:
    error = explain(IgnoreRequest("Forbidden by robots.txt"), URL)
    assert isinstance(error, Stop)
    assert (error.verdict, error.reason) == ("blocked", f"robots.txt does not allow {URL}.")


def test_an_answer_too_long_to_unpack_is_no_block_whatever_the_firm_is_called() -> None:
    url = "https://www.fda.gov/warning-letters/surgical-robots-inc-600001-01172025"
    why = f"Ignored response <200 {url}> because its body (1 B compressed) exceeded DOWNLOAD_MAXSIZE (2 B)."
    error = explain(IgnoreRequest(why), url)
    assert isinstance(error, Unusable)
    assert url in error.reason
