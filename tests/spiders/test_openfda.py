"""openFDA says that nothing matches by a 404 of its own; any other is a failure."""

import json
import shutil
from pathlib import Path

import pytest
from scrapy.http import Response

from spiders.common.openfda import matches_nothing
from tests.sources.replay import FIXTURES, crawl

NAME = "us_fda_drug_recalls"
NOTHING = b'{"error": {"code": "NOT_FOUND", "message": "No matches found!"}}'


@pytest.mark.parametrize(
    ("status", "body", "nothing"),
    [
        (404, NOTHING, True),
        (200, NOTHING, False),
        (500, NOTHING, False),
        (404, b"<h1>Not found</h1>", False),
        (404, b"", False),
        (404, b"[" * 100_000, False),
        (404, b'{"error": "NOT_FOUND"}', False),
    ],
)
def test_only_the_interface_s_own_404_says_that_nothing_matches(status: int, body: bytes, nothing: bool) -> None:
    assert matches_nothing(Response("https://api.fda.gov/", status=status, body=body)) == nothing


def test_a_year_that_is_missing_without_a_word_stops_the_history(tmp_path: Path) -> None:
    moment = shutil.copytree(FIXTURES / NAME, tmp_path / "moment")
    recorded = json.loads((moment / "moment.json").read_text(encoding="utf-8"))
    recorded["responses"].pop()
    (moment / "moment.json").write_text(json.dumps(recorded), encoding="utf-8")
    report = crawl(moment, NAME, tmp_path / "crawl").report
    assert report.stopped == "unreachable"
    assert report.seen == 4
