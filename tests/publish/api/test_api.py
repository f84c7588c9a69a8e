"""The API: strict questions, stable places to go on from, failures that say what to do."""

import shutil
from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from tests.publish.site.conftest import Client, answering, site_over
from tests.store.builders import CHARA, KIMERA, NAME, SURGENEX, World, letter

ORIGIN, TAG = "https://newsroom.example", "if-none-match"


def read(client: Client, path: str, **headers: str) -> Any:
    answer = client.get(f"/api/v1{path}", **headers)
    assert answer.status == HTTPStatus.OK, answer.data
    assert answer.headers["Content-Type"] == "application/json"
    return msgspec.json.decode(answer.data)


def refused(client: Client, path: str) -> str:
    answer = client.get(f"/api/v1{path}")
    assert answer.status == HTTPStatus.BAD_REQUEST
    return detail(answer)


def detail(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = msgspec.json.decode(answer.data)
    assert (found["status"], found["type"]) == (answer.status, "about:blank")
    return str(found["detail"])


def following(client: Client, page: dict[str, Any]) -> str:
    return str(page["next"]).removeprefix(client.url).removeprefix("/api/v1")


def keys(page: Any) -> list[str]:
    return [notice["key"] for notice in page["items"]]


def test_notices_come_newest_first_and_part_by_part(client: Client) -> None:
    path, found = "/notices?limit=1", []
    for _ in range(3):
        page = read(client, path)
        found += keys(page)
        path = following(client, page)
    assert found == [CHARA.key, KIMERA.key, SURGENEX.key]
    assert page["next"] is None
    assert page["coverage"]["sources"] == 1


def test_the_header_link_leads_where_next_does(client: Client) -> None:
    answer = client.get("/api/v1/notices?limit=1")
    assert answer.headers["Link"] == f'<{msgspec.json.decode(answer.data)["next"]}>; rel="next"'
    assert "Link" not in client.get("/api/v1/notices").headers


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("stages=closed", [KIMERA]),
        ("verbs=edited,added", [CHARA, SURGENEX]),
        ("verbs=edited&verbs=added", [CHARA, SURGENEX]),
        ("clinics=Chara Biologics, Inc.", [CHARA]),
        ("query=title:surgenex", [SURGENEX]),
        ("until=2024-01-04&since=2022-01-01", [KIMERA]),
        ('rule={"any":[{"stages":["closed"]},{"verbs":["edited"]}]}', [KIMERA, SURGENEX]),
        ('rule={"none":[{"stages":["closed"]}]}&query=arthritis', [CHARA, SURGENEX]),
        ("jurisdictions=JP", []),
    ],
)
def test_a_filter_is_the_rule_language(client: Client, question: str, found: list[Any]) -> None:
    asked = quote(question, safe="=&")
    assert keys(read(client, f"/notices?{asked}")) == [row.key for row in found]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("/notices?colour=red", "'colour'"),
        ("/sources?limit=1", "'limit'"),
        ("/notices?kinds=letter", "kinds has the unknown word 'letter'"),
        ("/notices?limit=0", "limit is a number from 1 to 200"),
        ("/notices?limit=%C2%B2", "limit is a number"),
        ("/notices?limit=5&limit=6", "limit is given 2 times"),
        ("/notices?since=yesterday", "since is a day"),
        ("/notices?since=2025-02-30", "since is a day"),
        ("/notices?query=%22open", "quotation mark is not closed"),
        ("/notices?query=%00", "nothing to look for"),
        ("/notices?rule=%7B", "rule is no JSON"),
        ("/notices?rule=" + "[" * 3000, "rule is no JSON"),
        ("/notices?rule=" + "1" * 5000, "longer than 4,000"),
        ("/notices?rule=%7B%22colour%22%3A%5B%5D%7D", "there is no key 'colour'"),
        ("/notices?clinics=...", "holds no letter"),
        ("/notices?cursor=MTIz", "is no cursor of ours"),
        ("/notices?cursor=%C3%A4", "is no cursor of ours"),
        ("/changes?since=-1", "is no cursor of ours"),
        ("/changes?since=999", "is of another database"),
        ("/clinics?query=chara&cursor=x", "leave cursor out"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(client: Client, question: str, named: str) -> None:
    assert named in refused(client, question)


def test_a_cursor_is_of_one_list_and_one_database(client: Client, tmp_path: Path) -> None:
    cursor = following(client, read(client, "/notices?limit=1")).partition("cursor=")[2]
    assert "of another list" in refused(client, f"/changes?since={cursor}")
    with World(tmp_path / "other") as world:
        world.run([KIMERA])
    with answering(site_over(tmp_path / "other")) as other:
        assert "of another database" in refused(other, f"/notices?cursor={cursor}")


def test_a_forged_cursor_is_no_failure_of_ours(client: Client) -> None:
    cursor = following(client, read(client, "/notices?limit=1")).partition("cursor=")[2]
    parts = msgspec.json.decode(urlsafe_b64decode(cursor + "=="))
    places: tuple[Any, ...] = (["2025-01-01", 2**70], ["x", -1], {"a": 1}, [[]], None)
    for place in places:
        parts[3] = place
        forged = urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")
        assert "no cursor of ours" in refused(client, f"/notices?cursor={forged}")


def test_a_reader_of_changes_is_told_each_once(letters: Path, tmp_path: Path) -> None:
    home = shutil.copytree(letters, tmp_path / "home")
    with answering(site_over(home)) as client, World(home) as world:
        path, verbs = "/changes?limit=2", []
        while path != "None":
            page = read(client, path)
            verbs += [change["verb"] for change in page["items"]]
            path = following(client, page)
        assert sorted(verbs) == ["added", "baseline", "baseline", "closed_out", "edited"]
        assert read(client, f"/changes?since={page['cursor']}")["items"] == []
        world.days = 5
        world.run([CHARA, letter("new-clinic", "New Clinic")])
        new = read(client, f"/changes?since={page['cursor']}")
        assert [change["title"] for change in new["items"] if change["verb"] == "added"] == ["New Clinic"]
        assert read(client, f"/changes?since={new['cursor']}&verbs=added")["cursor"] == new["cursor"]


def test_a_change_is_also_a_place_by_its_number_as_webhooks_give_it(client: Client) -> None:
    assert [change["change"] for change in read(client, "/changes?since=3")["items"]] == [4, 5]


def test_a_notice_has_its_history_and_tells_nothing_of_who_was_told(client: Client) -> None:
    notice = read(client, f"/notices/{NAME}/{KIMERA.key}")
    assert notice["notice"]["stage"] == "closed"
    assert [change["verb"] for change in notice["history"]] == ["baseline", "closed_out"]
    assert notice["evidence"]
    assert "told_as_event" not in notice


def test_a_clinic_and_a_source_are_found_by_name(client: Client) -> None:
    clinics = read(client, "/clinics?query=chara+biologiks")["items"]
    assert [clinic["name"] for clinic in clinics] == ["Chara Biologics, Inc."]
    assert read(client, f"/clinics/{clinics[0]['clinic']}")["name"] == "Chara Biologics, Inc."
    source = read(client, f"/sources/{NAME}")
    assert source == read(client, "/sources")["items"][0]
    assert source["licence"] == "Public domain"


def test_clinics_come_by_name_and_part_by_part(client: Client) -> None:
    path, names = "/clinics?limit=1", []
    while path != "None":
        page = read(client, path)
        names += [clinic["name"] for clinic in page["items"]]
        path = following(client, page)
    assert names == ["Chara Biologics, Inc.", "Kimera Labs, Inc.", "Surgenex, LLC"]


@pytest.mark.parametrize("path", ["/notices/none/such", f"/notices/{NAME}/chara", "/clinics/c-0", "/sources/none"])
def test_what_there_is_not_is_answered_with_the_way_to_it(client: Client, path: str) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert "/api/v1/" in detail(answer)


def test_an_address_or_method_that_the_api_has_not_is_a_problem_too(client: Client) -> None:
    assert "openapi.json" in detail(client.get("/api/v1/colours"))
    answer = client.send("POST", "/api/v1/notices")
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert "GET" in detail(answer)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_releases_are_listed_with_checksums_newest_first(letters: Path, tmp_path: Path) -> None:
    for name in ("2025-01-02", "2025-01-02.2", "2025-01-02.10", ".2025-01-03.partial-0", "notes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "notices.csv").write_text("notice\r\n")
        (tmp_path / name / "SHA256SUMS").write_text("abc  notices.csv\n")
    (tmp_path / "2025-01-01").mkdir()
    site = site_over(letters, releases=tmp_path, url="https://watch.example.org")
    with answering(site) as client:
        items = read(client, "/releases")["items"]
        assert client.get("/data/2025-01-02.10/notices.csv").data == b"notice\r\n"
    assert [release["release"] for release in items] == ["2025-01-02.10", "2025-01-02.2", "2025-01-02"]
    assert items[0]["files"][1] == {
        "name": "notices.csv",
        "size": 8,
        "sha256": "abc",
        "url": "https://watch.example.org/data/2025-01-02.10/notices.csv",
    }


def test_an_answer_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    tag = client.get("/api/v1/notices").headers["ETag"]
    answer = client.get("/api/v1/notices", If_None_Match=tag)
    assert (answer.status, answer.data) == (HTTPStatus.NOT_MODIFIED, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_head_has_the_headers_alone(client: Client) -> None:
    answer = client.send("HEAD", "/api/v1/notices")
    assert (answer.status, answer.data) == (HTTPStatus.OK, b"")
    assert answer.headers["ETag"] == client.get("/api/v1/notices").headers["ETag"]


def test_a_page_of_another_site_may_ask_without_cookies(client: Client) -> None:
    answer = client.send("OPTIONS", "/api/v1/notices", None, Origin=ORIGIN, Access_Control_Request_Headers=TAG)
    assert answer.status == HTTPStatus.NO_CONTENT
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert client.get("/api/v1/notices", Origin=ORIGIN).headers["Access-Control-Allow-Origin"] == "*"


@pytest.fixture(scope="module")
def described(client: Client) -> Any:
    return read(client, "/openapi.json")


def test_the_manual_and_the_description_name_every_address_and_parameter(client: Client, described: Any) -> None:
    manual = client.get("/api/").data.decode()
    for path, item in described["paths"].items():
        assert f"<code>{path}</code>" in manual
        for parameter in item["get"]["parameters"]:
            assert f"<code>{parameter['name']}</code>" in manual
