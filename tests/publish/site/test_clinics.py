"""Clinics: found by name or a near spelling of it, and shown with everything that the notices say of them."""

import re
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest

from publish.site.pages import clinics as pages
from stemwatch.store import Store
from tests.publish.site.conftest import HOSTILE_TITLE, Client, answering, site_over
from tests.store.builders import NAME, SOURCE, START, World
from tests.store.clinics import ALL, DBA, OLD, apply, clinic_of, told

WEB = told(
    "lumora-8",
    "Lumora Labs, LLC",
    "2024-06-01",
    email="desk@lumoralabs.example",
    text="Your website www.lumoralabs.com offers umbilical cord stem cells. Dr. Vora Lind is your president.",
)
HOSTILE = told("hostile-9", HOSTILE_TITLE, "2024-07-01")


class Town:
    """A site over several clinics; ids by the key of a letter about them."""

    def __init__(self, client: Client, ids: dict[str, str], former: str) -> None:
        self.client = client
        self.ids = ids
        self.former = former

    def words(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status == HTTPStatus.OK
        return unescape(answer.data.decode())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("clinics") / "home"
    with World(home) as world:
        apply(world, *ALL, WEB, HOSTILE)
        lumora, orlin = clinic_of(world, WEB[0]), clinic_of(world, ALL[3][0])
        merged = world.store.merge_clinics(lumora, orlin, "One firm, says <b>a register</b>.", START)
        ids = {row.key: clinic_of(world, row) for row, _ in (*ALL, WEB, HOSTILE)}
        former = merged.other if ids[WEB[0].key] == merged.clinic else merged.clinic
    assert former
    with answering(site_over(home, url="https://watch.example.org")) as client:
        yield Town(client, ids, former)


@pytest.fixture(scope="module")
def town_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of one clinic with one notice."""
    home = tmp_path_factory.mktemp("one") / "home"
    with World(home) as world:
        apply(world, OLD)
    return home


def only_clinic(home: Path) -> str:
    with Store(home, {NAME: SOURCE}) as store:
        [clinic] = store.clinics()
    return clinic.clinic


def test_every_clinic_is_listed_by_name(town: Town) -> None:
    found = re.findall(r"<h3>.*<bdi>(.+?)</bdi>", town.words("/clinics"))
    assert len(found) == len(set(town.ids.values()))
    assert found == sorted(found, key=str.lower)


def test_a_clinic_is_found_by_an_old_name_of_it(town: Town) -> None:
    words = town.words("/clinics?q=Talvex+Labs+LLC")
    assert f"/clinics/{town.ids[OLD[0].key]}" in words
    assert "Found by its name" in words


def test_a_near_spelling_is_marked_and_taken_for_nothing_else(town: Town) -> None:
    words = town.words("/clinics?q=Talvecs+Labs")
    assert "No clinic is found by “Talvecs Labs”." in words
    assert "Spelt alike: Talvex Labs" in words


def test_that_nothing_is_found_is_no_clean_bill(town: Town) -> None:
    words = town.words("/clinics?q=Zzyzx+Harbour")
    assert "That does not mean that it is approved or safe." in words


def test_a_list_is_read_page_by_page_and_no_clinic_is_left_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SIZE", 2)
    seen: list[str] = []
    for number in (1, 2):
        words = town.words(f"/clinics?page={number}")
        seen += [line for line in words.splitlines() if line.startswith("<h3>")]
        assert ('rel="next" href="/clinics?page=2"' in words) == (number == 1)
        assert ('rel="prev" href="/clinics"' in words) == (number == 2)
    assert len(seen) == len(set(seen)) == len(set(town.ids.values()))
    assert town.client.get("/clinics?page=3").status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "99999999999999999999", "²"])
def test_a_page_number_that_cannot_be_is_refused_with_the_way_out(town: Town, number: str) -> None:
    answer = town.client.get(f"/clinics?page={quote(number)}")
    assert answer.status == HTTPStatus.BAD_REQUEST
    assert b"page=2" in answer.data


def test_a_clinic_shows_names_people_places_and_the_words_that_say_so(town: Town) -> None:
    words = town.words(f"/clinics/{town.ids[OLD[0].key]}")
    for shown in ("Talvex Labs Inc.", "Brinna Cove", "Vora Lind", "Tampa, FL, US", "12 Palm Road"):
        assert shown in words
    assert f'href="/notices/us_fda_warning_letters/{DBA[0].key}"' in words
    assert words.count('role="img"') == 2
    assert f"https://watch.example.org/clinics/{town.ids[OLD[0].key]}" in words


def test_every_link_of_a_clinic_within_the_site_leads_somewhere(town: Town) -> None:
    words = town.words(f"/clinics/{town.ids[OLD[0].key]}")
    links = set(re.findall(r'href="(/[^"#]*)', words))
    assert f"/feeds/clinics/{town.ids[OLD[0].key]}.atom" in links
    assert {link for link in links if town.client.get(link).status != HTTPStatus.OK} == set()


def test_websites_of_a_clinic_are_text(town: Town) -> None:
    words = town.words(f"/clinics/{town.ids[WEB[0].key]}")
    assert "lumoralabs.com" in words
    assert 'href="http://www.lumoralabs' not in words
    assert 'href="https://www.lumoralabs' not in words


def test_a_relation_says_what_it_rests_on_and_that_it_is_no_guilt(town: Town) -> None:
    words = town.words(f"/clinics/{town.ids[WEB[0].key]}")
    assert "No relation says that anybody did wrong." in words
    assert "A person of the same name" in words


def test_the_former_id_of_a_merged_clinic_leads_to_the_present_one(town: Town) -> None:
    present = town.ids[WEB[0].key]
    answer = town.client.get(f"/clinics/{town.former}")
    assert answer.status == HTTPStatus.PERMANENT_REDIRECT
    assert answer.headers["Location"] == f"/clinics/{present}"
    words = town.client.get(f"/clinics/{present}").data.decode()
    assert "One firm, says &lt;b&gt;a register&lt;/b&gt;." in words
    assert f"<code>{town.former}</code>" in words


@pytest.mark.parametrize("name", ["c-zzzzzzz", "nobody", "c-%00", "%F0%9F%98%80", "x" * 3000])
def test_an_id_that_was_never_given_out_is_answered_with_help(town: Town, name: str) -> None:
    answer = town.client.get(f"/clinics/{name}")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"look the clinic up by its name" in answer.data


def test_the_words_of_a_stranger_are_text(town: Town) -> None:
    for path in ("/clinics", f"/clinics/{town.ids[HOSTILE[0].key]}"):
        answer = town.client.get(path).data.decode()
        assert "<script" not in answer
        assert "\u202e" not in answer
        assert len(answer) < 100_000


def test_without_data_the_list_says_so(tmp_path: Path) -> None:
    Store(tmp_path, {}).close()
    with answering(site_over(tmp_path)) as client:
        assert b"No clinic is known yet." in client.get("/clinics").data


@pytest.mark.parametrize(("signup", "static", "shown"), [(True, False, 1), (False, False, 0), (True, True, 0)])
def test_who_may_subscribe_is_led_from_a_clinic_to_the_form(
    signup: bool, static: bool, shown: int, town_home: Path
) -> None:
    with answering(site_over(town_home, signup=signup, static=static)) as client:
        words = client.get(f"/clinics/{only_clinic(town_home)}").data.decode()
    assert (
        words.count(f'href="/subscribe?clinics={only_clinic(town_home)}">Be told about this clinic</a>') == shown
    )


def test_without_an_address_that_lasts_a_clinic_is_cited_by_its_newest_notice(town_home: Path) -> None:
    with answering(site_over(town_home)) as client:
        words = client.get(f"/clinics/{only_clinic(town_home)}", Host="evil.example").data.decode()
    assert f"clinic {only_clinic(town_home)}. {NAME}/{OLD[0].key}, {OLD[0].url}. As of" in unescape(words)
    assert "evil.example" not in words
    assert 'rel="canonical"' not in words
