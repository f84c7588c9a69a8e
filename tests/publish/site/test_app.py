"""The application: safe headers, answers that are kept while the data stands, failures in clear words."""

import asyncio
import shutil
import socket
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from time import perf_counter

import pytest

from publish.site.asking import Answer, Asked, Route, Trouble
from publish.site.policy import HEADERS
from publish.site.readers import Readers
from publish.site.server import Server
from stemwatch.errors import StemwatchError
from tests.publish.site.conftest import Client, answering, site_over
from tests.store.builders import CHARA, SOURCE, World, letter, page

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


def test_every_answer_carries_the_policy_also_when_there_is_no_such_page(client: Client) -> None:
    for path in ("/", "/static/site.css", "/nowhere", "/notices/../../etc/passwd"):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "Strict-Transport-Security" not in answer.headers


def test_a_site_behind_https_says_so_to_browsers_and_keeps_its_base_path(letters: Path) -> None:
    with answering(site_over(letters, url="https://watch.example.org/cells")) as client:
        answer = client.get("/")
        assert "max-age" in answer.headers["Strict-Transport-Security"]
        assert b'href="/cells/static/site.css' in answer.data


def test_nobody_gets_a_cookie(client: Client) -> None:
    assert "Set-Cookie" not in client.get("/").headers


def test_an_answer_is_not_sent_again_until_the_data_change(letters: Path, tmp_path: Path) -> None:
    home = shutil.copytree(letters, tmp_path / "home")
    with answering(site_over(home)) as client, World(home) as world:
        world.days = 5
        tag = client.get("/").headers["ETag"]
        assert client.get("/", If_None_Match=tag).status == HTTPStatus.NOT_MODIFIED
        new = letter("new-clinic", "New Clinic")
        world.run([CHARA, new], page(new, "An umbilical cord stem cell product, an unapproved new drug."))
        again = client.get("/", If_None_Match=tag)
        assert again.status == HTTPStatus.OK
        assert b"New Clinic" in again.data


def test_an_unknown_address_is_answered_with_help(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"/look-up" in answer.data


def test_a_method_that_a_page_does_not_take_is_refused(client: Client) -> None:
    answer = client.send("POST", "/")
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert "GET" in answer.headers["Allow"]


def test_a_page_that_fails_says_nothing_of_how(letters: Path) -> None:
    def broken(asked: Asked) -> Answer:
        raise ZeroDivisionError("SECRET")

    with answering(site_over(letters), Route("/broken", broken)) as client:
        answer = client.get("/broken")
    assert answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert b"SECRET" not in answer.data
    assert b"Traceback" not in answer.data


def test_a_data_folder_that_cannot_be_used_is_trouble_of_ours_and_not_named(letters: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("in its place", encoding="utf-8")
    readers = Readers(replace(site_over(letters), home=home))
    with pytest.raises(Trouble) as raised:
        asyncio.run(readers.run(lambda store: None))
    readers.close()
    assert (raised.value.status, raised.value.sentence) == (HTTPStatus.SERVICE_UNAVAILABLE, "")


def test_a_question_that_takes_too_long_is_given_up(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(asked: Asked) -> Answer:
        sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        asked.store.db.execute(sql).fetchone()
        return Answer()

    monkeypatch.setattr("publish.site.readers.MOST_SECONDS", 0.05)
    with answering(site_over(letters), Route("/endless", endless)) as client:
        assert client.get("/endless").status == HTTPStatus.SERVICE_UNAVAILABLE
        assert client.get("/").status == HTTPStatus.OK


def test_a_page_cannot_write(letters: Path) -> None:
    def writing(asked: Asked) -> Answer:
        asked.store.db.execute("DELETE FROM notices")
        return Answer()

    with answering(site_over(letters), Route("/writing", writing)) as client:
        assert client.get("/writing").status == HTTPStatus.INTERNAL_SERVER_ERROR
        assert b"Chara" in client.get("/").data


def test_more_than_a_page_takes_is_refused_while_it_comes(letters: Path) -> None:
    def echo(asked: Asked) -> Answer:
        return Answer(asked.form["text"].encode(), "text/plain")

    route = Route("/echo", echo, "POST", cached=False, most_bytes=100)
    with answering(site_over(letters), route) as client:
        assert client.send("POST", "/echo", b"text=hello&text=again", **FORM).data == b"hello"
        refused = client.send("POST", "/echo", b"text=" + b"x" * 1000, **FORM)
        assert refused.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert client.send("POST", "/echo", b"\xff\xfe", **FORM).status == HTTPStatus.BAD_REQUEST


def test_what_a_page_says_of_a_wrong_question_reaches_the_reader_escaped(letters: Path) -> None:
    def strict(asked: Asked) -> Answer:
        raise Trouble(HTTPStatus.BAD_REQUEST, f"{asked.one('q')} is no day: write 2025-01-28.")

    with answering(site_over(letters), Route("/strict", strict)) as client:
        answer = client.get("/strict?q=%3Cb%3E")
        assert answer.status == HTTPStatus.BAD_REQUEST
        assert b"&lt;b&gt; is no day" in answer.data
        assert b"longer than" in client.get("/strict?q=" + "x" * 600).data


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StemwatchError, match=f"127.0.0.1:{port}"):
            Server(lambda *_: None, "127.0.0.1", port)  # type: ignore[arg-type]


def test_an_answer_over_a_kept_connection_is_not_held_back(client: Client) -> None:
    """Nagle's way of sending small parts together waits for the reader's system, which takes 40 ms to reply."""
    seconds = []
    for _ in range(30):
        start = perf_counter()
        client.get("/")
        seconds.append(perf_counter() - start)
    assert min(seconds[10:]) < 0.03


def test_links_are_quoted_and_in_a_folder_of_files_they_end_with_a_slash(tmp_path: Path) -> None:
    site = site_over(tmp_path, sources={SOURCE.name: SOURCE}, url="https://watch.example.org/cells")
    assert site.link("/notices/a/b c") == "/cells/notices/a/b%20c"
    assert site.address("/notices/a") == "https://watch.example.org/cells/notices/a"
    files = site_over(tmp_path, static=True)
    assert files.link("/notices/a") == "/notices/a/"
    assert files.link("/static/site.css") == "/static/site.css"
