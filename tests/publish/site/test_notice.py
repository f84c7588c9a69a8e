"""One notice: what happened, in whose words, with which evidence; hostile letters included."""

import json
import re
from http import HTTPStatus
from urllib.parse import quote

import pytest

from tests.publish.site.conftest import Client
from tests.publish.site.hostile import HOSTILE, LOOPING
from tests.publish.site.reading import Read, check
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX


def show(client: Client, key: str) -> Read:
    answer = client.get(f"/notices/{quote(f'{NAME}/{key}')}")
    assert answer.status == HTTPStatus.OK
    return check(answer)


def test_it_says_what_happened_and_quotes_why_it_is_relevant(client: Client) -> None:
    answer = client.get(f"/notices/{NAME}/{CHARA.key}")
    words = check(answer).words
    assert "FDA posted this on 28 January 2025. It is dated 17 January 2025." in words
    assert "It is not a judgment." in words
    assert "about stem cell, exosome or birth-tissue treatments" in words
    assert b"<mark>umbilical cord" in answer.data
    assert "The matter may have been resolved since" in words


def test_a_close_out_stands_before_everything_that_the_notice_says(client: Client) -> None:
    read = show(client, KIMERA.key)
    assert next(words for level, words in read.headings if level == 2) == "Closed out on 3 January 2025"
    assert f"{KIMERA.url}-closeout" in read.links
    assert read.words.index("The regulator closed this matter") < read.words.index("What happened")


def test_an_edit_shows_the_old_words_and_the_new(client: Client) -> None:
    answer = client.get(f"/notices/{NAME}/{SURGENEX.key}")
    assert b"<del>Deviations/CGMP</del>" in answer.data
    assert b"<ins>Human cells and tissues/Adulterated</ins>" in answer.data
    assert "2 January 2025" not in check(answer).words.split("Its life, day by day")[0]


def test_the_evidence_leads_to_records_the_original_and_an_archive(client: Client) -> None:
    read = show(client, CHARA.key)
    assert "evidence" in read.ids
    records = [link for link in read.links if link.startswith("/evidence/")]
    assert len(records) == 2
    for link in records:
        assert client.get(link).status == HTTPStatus.OK
    assert CHARA.url in read.links
    assert f"https://web.archive.org/web/20250104060000/{CHARA.url}" in read.links


def test_it_can_be_cited_with_its_proof(hostile: Client, client: Client) -> None:
    words = show(client, CHARA.key).words
    digest = re.search(r"SHA-256 ([0-9a-f]{64})\.", words)
    assert digest
    assert "FDA (2025). Chara Biologics, Inc. Warning letter, dated 17 January 2025" in words
    assert "urldate = {2025-01-04}" in words
    looping = show(hostile, LOOPING.key)
    assert f"https://watch.example.org/notices/{NAME}/{quote(LOOPING.key)}" in looping.words


def test_programs_read_it_as_linked_data(client: Client, hostile: Client) -> None:
    for source, key in ((client, CHARA.key), (hostile, HOSTILE.key)):
        page = source.get(f"/notices/{NAME}/{quote(key)}").data.decode()
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert json.loads(data)["identifier"] == f"{NAME}/{key}"
        assert not set(data) & set("<>&")


def test_a_letter_of_five_megabytes_makes_a_small_page(hostile: Client) -> None:
    read = show(hostile, HOSTILE.key)
    assert "Only the beginning is shown" in read.words
    assert "more lines changed" in read.words


def test_nothing_in_a_hostile_letter_runs_or_leads_away(hostile: Client) -> None:
    for key in (HOSTILE.key, LOOPING.key):
        read = show(hostile, key)
        assert not [link for link in read.links if "alert" in link and not link.startswith("/")]
    read = show(hostile, HOSTILE.key)
    assert "cannot be linked safely: javascript:alert(1)//" in read.words
    assert "<script>alert(1)</script>" in read.words


@pytest.mark.parametrize(
    "name",
    ["", "x", NAME, f"{NAME}/", f"{NAME}/kimera", "%00", "../../etc/passwd", "a" * 3000, f"{NAME}/%F0%9F%92%A9"],
)
def test_an_unknown_notice_is_answered_with_help(client: Client, name: str) -> None:
    answer = client.get(f"/notices/{name}")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"/look-up" in answer.data
