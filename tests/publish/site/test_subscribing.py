"""Public sign-up over HTTP: links change nothing by themselves, no answer tells whether an address is known."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3

from publish.site.subscribing import routes
from publish.site.subscribing.form import fields_of, wish_of
from publish.site.subscribing.tries import TRIES_AN_HOUR, Tries
from stemwatch.errors import UsageError
from stemwatch.signup import LETTERS_A_DAY, Wish
from stemwatch.store import Store
from stemwatch.store.keys import Keyring
from stemwatch.store.signups import Signups
from tests.publish.site.conftest import Client, answering, site_over
from tests.store.builders import NAME, SOURCE

SOURCES = {NAME: SOURCE}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
READER = "reader@example.org"
CHANGED = {"send": "weekly", "weekday": "friday", "hour": "17", "language": "fr", "paused": "on"}


class Place:
    """A site that takes subscriptions, and its data folder."""

    def __init__(self, home: Path, client: Client) -> None:
        self.home, self.client = home, client
        self.keyring = Keyring(home, {})

    @contextmanager
    def desk(self) -> Iterator[Signups]:
        with Store(self.home, SOURCES) as store:
            yield store.signups(self.keyring)

    def post(self, path: str, **fields: str) -> urllib3.BaseHTTPResponse:
        return self.client.send("POST", path, urlencode(fields).encode(), **FORM)

    def letter(self) -> str:
        """The token of the last letter."""
        with Store(self.home, SOURCES) as store:
            letters = {letter.name: letter for letter in store.letters(self.keyring)}
            last = store.db.execute("SELECT subscription FROM deliveries ORDER BY id DESC LIMIT 1").fetchone()
            return letters[last[0]].token()

    def subscribe(self) -> tuple[str, str]:
        """A confirmed subscription: its tokens to unsubscribe and to manage."""
        assert self.post("/subscribe", email=READER).status == HTTPStatus.SEE_OTHER
        assert self.post(f"/subscribe/confirm/{self.letter()}").status == HTTPStatus.OK
        with Store(self.home, SOURCES) as store:
            (links,) = store.links(self.keyring).values()
            return links()

    @property
    def wishes(self) -> list[Wish]:
        """What is subscribed."""
        with Store(self.home, SOURCES) as store:
            return [Wish.of(one) for one in store.kept(self.keyring)]


Open = Callable[..., Place]


@pytest.fixture
def opened(letters: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens a site on a copy of the letters."""
    home = shutil.copytree(letters, tmp_path / "home")
    running = []

    def open_it(*, signup: bool = True, most: int = 1000, url: str = "") -> Place:
        place = Place(home, Client(""))
        site = site_over(home, signup=signup, url=url)
        served = answering(site, *routes(place.desk, signup=signup, tries=Tries(most)))
        running.append(served)
        place.client = served.__enter__()
        return place

    yield open_it
    for served in running:
        served.__exit__(None, None, None)


def told(answer: urllib3.BaseHTTPResponse) -> tuple[int, str | None, bytes]:
    return answer.status, answer.headers.get("Location"), answer.data


def test_the_answer_is_the_same_whether_or_not_an_address_is_known_or_had_its_letters(opened: Open) -> None:
    place = opened()
    place.subscribe()
    answers = [told(place.post("/subscribe", email=READER)) for _ in range(LETTERS_A_DAY + 2)]
    answers.append(told(place.post("/subscribe", email="other@example.org")))
    assert set(answers) == {(HTTPStatus.SEE_OTHER, "/subscribe/sent", b"")}
    assert b"Look in your mail" in place.client.get("/subscribe/sent").data


def test_following_a_link_of_a_mail_changes_nothing(opened: Open) -> None:
    place = opened()
    place.post("/subscribe", email=READER)
    confirm = f"/subscribe/confirm/{place.letter()}"
    for method in ("GET", "HEAD", "GET"):
        assert place.client.send(method, confirm).status == HTTPStatus.OK
    assert place.wishes == []
    assert place.post(confirm).status == HTTPStatus.OK
    with Store(place.home, SOURCES) as store:
        ((leave, manage),) = (links() for links in store.links(place.keyring).values())
    steps = ("stop", "resume", "erase")
    for path in (f"/unsubscribe/{leave}", f"/subscription/{manage}"):
        for method in ("GET", "HEAD", "OPTIONS", "PUT"):
            place.client.send(method, path)
    for step in steps:
        refused = place.client.get(f"/subscription/{manage}/{step}")
        assert refused.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert place.wishes == [Wish()]


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (MULTIPART, "multipart/form-data; boundary=b"),
    ],
)
def test_a_mail_program_unsubscribes_in_one_click(opened: Open, body: bytes, kind: str) -> None:
    place = opened()
    leave, _ = place.subscribe()
    for _ in range(2):
        answer = place.client.send("POST", f"/unsubscribe/{leave}", body, Content_Type=kind)
        assert told(answer) == (HTTPStatus.OK, None, b"")
    assert place.wishes == []
    assert place.client.send("POST", "/unsubscribe/x", body, Content_Type=kind).status == HTTPStatus.NOT_FOUND


def test_a_person_unsubscribes_with_the_button_of_the_page_and_may_come_back(opened: Open) -> None:
    place = opened()
    leave, manage = place.subscribe()
    assert b'<form method="post"><button name="button"' in place.client.get(f"/unsubscribe/{leave}").data
    assert b"You are unsubscribed" in place.post(f"/unsubscribe/{leave}", button="1").data
    page = place.client.get(f"/subscription/{manage}").data
    assert b"is erased on 1 February 2025" in page
    assert (
        place.post(f"/subscription/{manage}/resume").headers["Location"] == f"/subscription/{manage}?done=resumed"
    )
    assert place.wishes == [Wish()]


def test_a_subscription_is_shown_changed_paused_and_erased_by_its_link(opened: Open) -> None:
    place = opened()
    _, manage = place.subscribe()
    assert place.post(f"/subscription/{manage}", **CHANGED).status == HTTPStatus.SEE_OTHER
    assert place.wishes == [Wish(send="weekly", weekday="friday", hour=17, language="fr", paused=True)]
    page = place.client.get(f"/subscription/{manage}?done=changed").data.decode()
    assert 'value="weekly" checked' in page
    assert re.search(r'name="paused" checked', page)
    assert "r…@example.org" in page
    assert READER not in page
    assert b"address is erased" in place.post(f"/subscription/{manage}/erase").data
    assert place.client.get(f"/subscription/{manage}").status == HTTPStatus.NOT_FOUND
    assert place.wishes == []


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"email": "nobody"}, "This is no e-mail address"),
        ({}, "This is no e-mail address"),
        ({"email": READER, "time_zone": "Mars/<b>"}, "unknown time zone &#39;Mars/&lt;b&gt;&#39;"),
        ({"email": READER, "query": '"knee'}, "query cannot be used"),
        ({"email": READER, "clinics": "c-aaaaaaa"}, "There is no clinic c-aaaaaaa."),
        ({"email": READER, "clinics": "Harbor Cells"}, "is no id of a clinic"),
        ({"email": READER, "sources.eu": "on"}, "sources has the unknown word &#39;eu&#39;"),
    ],
)
def test_a_form_that_cannot_be_meant_comes_back_with_what_was_filled_in(
    opened: Open, fields: dict[str, str], part: str
) -> None:
    place = opened()
    answer = place.post("/subscribe", **{"products.exosome": "on", "hour": "17", **fields})
    page = answer.data.decode()
    assert answer.status == HTTPStatus.BAD_REQUEST
    assert re.search(r'<p class="trouble" role="alert">[^<]*' + re.escape(part), page)
    assert 'name="products.exosome" checked' in page
    assert '<option value="17" selected>' in page
    with Store(place.home, SOURCES) as store:
        assert store.letters(place.keyring) == []


def test_a_network_that_signs_up_too_often_waits_and_others_do_not(opened: Open) -> None:
    place = opened(most=TRIES_AN_HOUR)
    form = urlencode({"email": "nobody"}).encode()

    def tried(client: str) -> urllib3.BaseHTTPResponse:
        return place.client.send("POST", "/subscribe", form, X_Forwarded_For=client, **FORM)

    for number in range(TRIES_AN_HOUR):
        assert tried(f"203.0.113.{number}").status == HTTPStatus.BAD_REQUEST
    refused = tried("203.0.113.200")
    assert (refused.status, refused.headers["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "3600")
    assert b"Try again in 60 minutes" in refused.data
    assert tried("198.51.100.1").status == HTTPStatus.BAD_REQUEST


def test_pages_with_a_token_are_neither_kept_nor_found_nor_told_on(opened: Open) -> None:
    place = opened()
    leave, manage = place.subscribe()
    for path in (f"/unsubscribe/{leave}", f"/subscription/{manage}", "/subscribe/confirm/x", "/subscribe/sent"):
        headers = place.client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in headers
    assert b"<script" not in place.client.get("/subscribe").data


def test_without_sign_up_nobody_subscribes_but_who_did_can_leave(opened: Open) -> None:
    place = opened()
    leave, _ = place.subscribe()
    closed = opened(signup=False)
    assert closed.client.get("/subscribe").status == HTTPStatus.NOT_FOUND
    assert closed.post("/subscribe", email=READER).status == HTTPStatus.NOT_FOUND
    assert b'href="/subscribe"' not in closed.client.get("/").data
    assert b'href="/subscribe"' in place.client.get("/").data
    assert closed.post(f"/unsubscribe/{leave}", button="1").status == HTTPStatus.OK


def test_a_site_below_a_path_keeps_to_it(opened: Open) -> None:
    place = opened(url="https://watch.example.org/cells")
    assert place.post("/subscribe", email=READER).headers["Location"] == "/cells/subscribe/sent"
    assert b'action="/cells/subscribe"' in place.client.get("/subscribe").data


def test_more_than_a_form_holds_is_refused(opened: Open) -> None:
    refused = opened().post("/subscribe", email=READER, query="x" * 30_000)
    assert refused.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_link_may_bring_a_clinic_along(opened: Open) -> None:
    page = opened().client.get("/subscribe?clinics=c-abc2345&query=%22%3E%3Cb%3E").data.decode()
    assert 'name="clinics" class="long"' in page
    assert 'value="c-abc2345"' in page
    assert 'value="&#34;&gt;&lt;b&gt;"' in page


@pytest.mark.parametrize(
    "wish",
    [
        Wish(),
        Wish(
            relevance=("relevant", "possible"),
            jurisdictions=("US", "JP"),
            sources=(NAME,),
            products=("exosome", "cord_blood"),
            clinics=("c-abc2345", "c-abc2346"),
            query='knee OR "joint pain"',
            send="weekly",
            hour=0,
            weekday="sunday",
            time_zone="America/Argentina/Ushuaia",
            language="ja",
            paused=True,
        ),
    ],
)
def test_a_wish_comes_back_from_its_form(wish: Wish) -> None:
    assert wish_of(fields_of(wish), SOURCES) == wish


def test_the_address_of_a_clinics_page_is_taken_for_its_id() -> None:
    form = {"clinics": "https://watch.example.org/clinics/c-abc2345, c-abc2346"}
    assert wish_of(form, SOURCES).clinics == ("c-abc2345", "c-abc2346")
    with pytest.raises(UsageError, match="hour"):
        wish_of({"hour": "24"}, SOURCES)
