"""What happened: page after page in both directions, and what has come since a message."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from publish.site.pages.changes import AT_ONCE
from tests.publish.site.conftest import RELEVANT_TEXT, Client, answering, site_over
from tests.publish.site.reading import Read, check
from tests.store.builders import CHARA, START, World, letter, page


def told(read: Read) -> list[str]:
    return [link.partition("#")[0].rpartition("/")[2] for link in read.links if "#change-" in link]


def walk(client: Client, address: str) -> list[str]:
    seen: list[str] = []
    while address and len(seen) < 500:
        read = check(client.get(address))
        seen += told(read)
        address = next((link["href"] for link in read.all("a") if link.get("rel") == "next"), "")
    return seen


def test_the_newest_stand_first_without_the_first_look(client: Client) -> None:
    read = check(client.get("/changes"))
    assert [key.partition("-")[0] for key in told(read)] == ["kimera", "surgenex", "chara"]
    assert "Closed out" in read.words


def test_since_a_message_they_come_oldest_first_and_end_with_a_link_for_the_next_time(client: Client) -> None:
    read = check(client.get("/changes?since=3"))
    assert [key.partition("-")[0] for key in told(read)] == ["surgenex", "kimera"]
    assert "/changes?since=5" in read.links
    assert "Nothing has happened since" in check(client.get("/changes?since=5")).words
    assert "Nothing has happened since" in check(client.get("/changes?since=999999999")).words


def test_all_shows_the_first_look_too(client: Client) -> None:
    assert len(told(check(client.get("/changes?about=all")))) == 5


@pytest.mark.parametrize("asked", ["since=-1", "since=x", "before=1e9", "since=" + "9" * 99, "about=some"])
def test_a_cursor_that_is_none_is_a_wrong_question(client: Client, asked: str) -> None:
    assert client.get(f"/changes?{asked}").status == HTTPStatus.BAD_REQUEST


def test_pages_bring_each_change_once_in_both_directions(tmp_path: Path) -> None:
    rows = [
        letter(f"firm-{n:03}", f"Exosome Firm {n}", posted_on=START.date() - timedelta(days=n))
        for n in range(AT_ONCE + 7)
    ]
    with World(tmp_path / "home") as world:
        world.run([CHARA], page(CHARA, RELEVANT_TEXT))
        world.run([CHARA, *rows])
    with answering(site_over(tmp_path / "home")) as client:
        newest = walk(client, "/changes?about=all")
        oldest = walk(client, "/changes?since=0&about=all")
    assert len(newest) == len(rows) + 1
    assert newest == oldest[::-1]
    assert len(set(newest)) == len(newest)


def test_hostile_titles_do_no_harm_among_changes(hostile: Client) -> None:
    assert "<script>alert(1)</script>" in check(hostile.get("/changes")).words


def test_the_front_shows_what_is_new_with_its_verb_and_where_to_go(client: Client, hostile: Client) -> None:
    read = check(client.get("/"))
    assert [key.partition("-")[0] for key in told(read)] == ["kimera", "surgenex", "chara"]
    assert "Edited" in read.words
    assert "1 of 1 lists were read whole" in read.words
    assert {"/look-up", "/notices", "/changes", "/sources", "/data"} <= set(read.links)
    check(hostile.get("/"))


def test_an_empty_installation_has_a_front_and_no_changes(tmp_path: Path) -> None:
    with answering(site_over(tmp_path / "home")) as client:
        assert "Nothing is stored yet." in check(client.get("/")).words
        assert "Nothing has happened" in check(client.get("/changes")).words
        assert "No notice fits" in check(client.get("/notices")).words
        assert "No list was read yet" in check(client.get("/look-up?q=kimera")).words
