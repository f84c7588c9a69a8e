"""Exploring: questions in SQL to the newest release, each within bounds, none of which holds up the site."""

import os
import re
import signal
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest

from publish.explore.explorer import available
from tests.publish.conftest import Export, notice
from tests.publish.site.conftest import Client, answering, site_over
from tests.publish.site.test_look_up import hearing

pytestmark = pytest.mark.skipif(not available(), reason="needs the extra `explore`")

STUCK = "SELECT instr(hex(zeroblob(5000000)), hex(zeroblob(2000000)) || '1')"
"""Takes for ever within one step, so that no limit of SQLite's own ends it."""
RUNAWAY = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
ROWS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5000) SELECT x FROM n"
HUGE = "SELECT hex(zeroblob(900000000))"
MANY_LARGE = (
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 900) SELECT zeroblob(15000000) FROM n"
)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("explored") / "releases"
    Export(parent)()
    return parent


@pytest.fixture(scope="module")
def explorer(letters: Path, releases: Path) -> Iterator[Client]:
    with answering(site_over(letters, releases=releases, url="https://watch.example.org/cells")) as client:
        yield client


def columns(releases: Path, table: str) -> list[str]:
    """What the release says of each column, without the marks of Markdown."""
    package = msgspec.json.decode((releases / "latest" / "datapackage.json").read_bytes())
    [found] = [each for each in package["resources"] if each["name"] == table]
    return [field["description"].replace("`", "") for field in found["schema"]["fields"]]


def asked(client: Client, sql: str, form: str = ".json") -> tuple[int, dict[str, object]]:
    answer = client.get(f"/explore/stemwatch{form}?{urlencode({'sql': sql})}")
    return answer.status, msgspec.json.decode(answer.data)


def test_the_data_page_leads_to_the_tables_with_their_descriptions_terms_and_caveat(
    explorer: Client, releases: Path
) -> None:
    assert 'href="/cells/explore/"' in explorer.get("/data").data.decode()
    begin = explorer.get("/explore")
    assert (begin.status, begin.headers["Location"]) == (HTTPStatus.TEMPORARY_REDIRECT, "/cells/explore/")
    first = explorer.get("/explore/").data.decode()
    assert "may have been resolved since" in first
    table = explorer.get("/explore/stemwatch/notices").data.decode()
    assert all(words in unescape(table) for words in columns(releases, "notices"))
    assert "`" not in table
    assert 'href="/cells/data#terms"' in table
    assert 'href="/cells/data/2026-01-27/README.txt"' in table


def test_a_question_in_sql_is_answered_as_a_page_and_as_json(explorer: Client) -> None:
    status, found = asked(explorer, "SELECT count(*) AS n FROM notices")
    assert (status, found["truncated"]) == (HTTPStatus.OK, False)
    page = explorer.get("/explore/stemwatch?sql=SELECT+6*7+AS+n")
    assert ">42<" in page.data.decode().replace("\n", "").replace(" ", "")


@pytest.mark.parametrize(
    "path", ["", "stemwatch", "stemwatch/notices?_size=1&_facet=kind", "stemwatch?sql=select+1"]
)
def test_every_link_of_a_page_leads_on(path: str, letters: Path, releases: Path) -> None:
    with answering(site_over(letters, releases=releases, url="https://watch.example.org/cells")) as client:
        page = unescape(client.get(f"/explore/{path}").data.decode())
        links = {link.removeprefix("/cells") for link in re.findall(r'(?:href|action)="(/[^"#]*)', page)}
        assert len(links) > 3
        assert {link: found for link in links if (found := client.get(link).status) != HTTPStatus.OK} == {}


def test_a_question_without_end_is_ended_and_the_site_answers_meanwhile(explorer: Client) -> None:
    status, found = asked(explorer, RUNAWAY)
    assert status == HTTPStatus.BAD_REQUEST
    assert "interrupted" in str(found["error"]).lower() or "too long" in str(found["error"]).lower()
    assert explorer.get("/").status == HTTPStatus.OK


def test_what_sqlite_cannot_interrupt_is_ended_with_its_process(
    explorer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(explorer, "SELECT 1")
    monkeypatch.setattr("publish.explore.explorer.MOST_SECONDS", 1.5)
    answer = explorer.get(f"/explore/stemwatch.json?{urlencode({'sql': STUCK})}")
    assert answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "That took too long" in answer.data.decode()
    monkeypatch.undo()
    assert asked(explorer, "SELECT 1")[0] == HTTPStatus.OK


def test_an_address_that_datasette_does_not_foresee_is_answered_in_a_sentence(explorer: Client) -> None:
    answer = explorer.get("/explore/a/b/c/d")
    assert answer.status == 400
    assert "That cannot be answered" in answer.data.decode()


def test_where_the_file_lies_is_not_told(explorer: Client) -> None:
    assert asked(explorer, "SELECT name, file FROM pragma_database_list")[1]["rows"] == [["main", None]]


def test_what_is_cut_at_a_thousand_rows_says_so(explorer: Client) -> None:
    _, found = asked(explorer, ROWS)
    rows = found["rows"]
    assert isinstance(rows, list)
    assert (len(rows), found["truncated"]) == (1000, True)
    page = explorer.get(f"/explore/stemwatch?{urlencode({'sql': ROWS})}").data.decode()
    assert "more than 1000" in page.lower() or "more than 1,000" in page.lower()


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH '/etc/passwd' AS other",
        "PRAGMA writable_schema = 1",
        "DELETE FROM notices",
        "CREATE TABLE mine (x)",
        "VACUUM INTO '/tmp/copy.db'",
        "SELECT load_extension('/tmp/x.so')",
        "SELECT 1; DROP TABLE notices",
    ],
)
def test_nothing_can_be_written_joined_or_loaded(explorer: Client, releases: Path, sql: str) -> None:
    before = (releases / "latest" / "stemwatch.db").read_bytes()
    status, _ = asked(explorer, sql)
    assert status == HTTPStatus.BAD_REQUEST
    assert (releases / "latest" / "stemwatch.db").read_bytes() == before


@pytest.mark.parametrize("sql", [HUGE, MANY_LARGE])
def test_what_takes_too_much_memory_fails_and_the_next_question_is_answered(explorer: Client, sql: str) -> None:
    answer = explorer.get(f"/explore/stemwatch.json?{urlencode({'sql': sql})}")
    assert answer.status >= HTTPStatus.BAD_REQUEST
    assert asked(explorer, "SELECT 1")[0] == HTTPStatus.OK


@pytest.mark.parametrize(
    "path",
    [
        "/explore/stemwatch.db",
        "/explore/_internal",
        "/explore/_memory",
        "/explore/-/databases.json",
        "/explore/-/metadata.json",
        "/explore/-/threads.json",
        "/explore/-/static/../../app.py",
        "/explore/%2d/databases.json",
        "/explore/./-/databases.json",
    ],
)
def test_only_tables_are_shown_nothing_of_this_machine(explorer: Client, path: str) -> None:
    answer = explorer.get(path)
    assert answer.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
    assert b"/releases" not in answer.data


def test_no_script_runs_and_no_cookie_is_set(explorer: Client) -> None:
    for path in (
        "/explore/",
        "/explore/stemwatch",
        "/explore/stemwatch/notices",
        "/explore/stemwatch?sql=select+1",
    ):
        answer = explorer.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'none'" in policy
        assert policy.count("style-src") == 1
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["RateLimit-Policy"].startswith('"explore";')
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in answer.headers
        styles = [part for part in answer.data.decode().split('"') if ".css" in part]
        assert styles
        assert explorer.get(styles[0].removeprefix("/cells")).status == HTTPStatus.OK


def test_no_question_is_logged(explorer: Client, capfd: pytest.CaptureFixture[str]) -> None:
    with hearing() as heard:
        assert asked(explorer, "SELECT secretword FROM nowhere")[0] == HTTPStatus.BAD_REQUEST
    assert "secretword" not in "".join([*heard.said, *capfd.readouterr()])


def test_a_process_that_was_ended_is_replaced(letters: Path, releases: Path) -> None:
    others = workers()
    with answering(site_over(letters, releases=releases)) as client:
        assert workers() == others
        asked(client, "SELECT 1")
        [worker] = workers() - others
        os.kill(worker, signal.SIGKILL)
        assert asked(client, "SELECT 1")[0] == HTTPStatus.OK
        assert worker not in workers()
        assert len(workers() - others) == 1
    assert workers() == others


def test_a_newer_release_is_what_is_explored(letters: Path, tmp_path: Path) -> None:
    count = "SELECT count(*) AS n FROM notices"
    others = workers()
    Export(tmp_path / "releases")(notices=lambda: [notice("1")])
    with answering(site_over(letters, releases=tmp_path / "releases")) as client:
        assert asked(client, count)[1]["rows"] == [[1]]
        Export(tmp_path / "releases")(notices=lambda: [notice("1"), notice("2")])
        assert asked(client, count)[1]["rows"] == [[2]]
        assert len(workers() - others) == 1


def test_without_a_release_there_is_nothing_to_explore(letters: Path, tmp_path: Path) -> None:
    with answering(site_over(letters, releases=tmp_path)) as client:
        assert "explore" not in client.get("/data").data.decode()
        answer = client.get("/explore/")
        assert answer.status == HTTPStatus.NOT_FOUND
        assert "There is no release to ask yet" in answer.data.decode()


def test_without_the_extra_the_address_says_so(
    letters: Path, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("data", "explore"):
        monkeypatch.setattr(f"publish.site.pages.{page}.available", lambda: False)
    with answering(site_over(letters, releases=releases)) as client:
        assert "/explore/" not in client.get("/data").data.decode()
        answer = client.get("/explore/")
        assert answer.status == HTTPStatus.NOT_FOUND
        assert "this installation has no Datasette" in answer.data.decode()


def workers() -> set[int]:
    """The processes that explore for this one."""
    told = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    children = {int(child) for path in told for child in path.read_text().split()}
    return {child for child in children if b"publish.explore" in Path(f"/proc/{child}/cmdline").read_bytes()}
