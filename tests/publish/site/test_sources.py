"""Sources: the failing ones first and in plain words, each with its history."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import msgspec
import pytest

from stemwatch.cadence import Cadence
from tests.publish.site.conftest import HOSTILE_TITLE, Client, answering, site_over
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, World

STRANGER = msgspec.structs.replace(SOURCE, name="xx_agency_list", title=HOSTILE_TITLE, licence="<b>None</b>")


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Two good runs, a gap of five days, a good run, then two that were refused; another source never read."""
    home = tmp_path_factory.mktemp("troubled") / "home"
    with World(home) as world:
        world.run([KIMERA, CHARA])
        world.run([KIMERA, CHARA])
        world.days += 5
        world.run([KIMERA, CHARA])
        world.broken([KIMERA])
        world.broken([KIMERA])
    every = dict.fromkeys((NAME, STRANGER.name), Cadence(timedelta(hours=12), ("tuesday",)))
    site = site_over(home, sources={STRANGER.name: STRANGER, NAME: SOURCE}, every=every)
    with answering(site) as client:
        yield client


def test_a_source_that_cannot_be_read_stands_first_and_says_what_may_be_missing(troubled: Client) -> None:
    words = troubled.get("/sources").data.decode()
    assert words.index('id="failing"') < words.index('id="unread"')
    assert "Refused our visit" in words
    assert "Apology page." in words
    assert "may be missing here" in words


def test_the_history_has_one_entry_for_readings_in_a_row_that_went_alike(troubled: Client) -> None:
    words = troubled.get(f"/sources/{NAME}").data.decode()
    assert "2 times, from 11 January 2025, 06:00 UTC to 12 January 2025, 06:00 UTC" in words
    assert "3 times, from 3 January 2025, 06:00 UTC to 10 January 2025, 06:00 UTC" in words
    assert "Public domain" in words
    assert "12 hours, and 4 times as often on Tuesday" in words


def test_a_long_time_between_good_checks_is_called_a_gap(troubled: Client) -> None:
    words = troubled.get(f"/sources/{NAME}").data.decode()
    assert "<li>4 January 2025, 06:00 UTC to 10 January 2025, 06:00 UTC</li>" in words
    assert words.count("<li>4 January") == 1


def test_every_link_of_a_source_within_the_site_leads_somewhere(troubled: Client) -> None:
    words = troubled.get(f"/sources/{NAME}").data.decode()
    links = set(re.findall(r'href="(/[^"#]*)', words))
    assert f"/feeds/sources/{NAME}.atom" in links
    assert {link for link in links if troubled.get(link).status != HTTPStatus.OK} == set()


def test_the_words_of_a_source_are_text(troubled: Client) -> None:
    for path in ("/sources", f"/sources/{STRANGER.name}"):
        words = troubled.get(path).data.decode()
        assert "<script" not in words
        assert "\u202e" not in words
        assert "<b>None" not in words


def test_a_name_that_no_source_has_is_answered_with_help(troubled: Client) -> None:
    answer = troubled.get("/sources/nobody")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"The page of sources lists all of them." in answer.data


def test_without_any_data_the_page_says_that_nothing_was_read(tmp_path: Path) -> None:
    with answering(site_over(tmp_path / "empty")) as client:
        assert b"Not read yet" in client.get("/sources").data
