"""From signing up to leaving, through a real mail server: what is sent to whom, and what is not."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
import urllib3

from scheduler.clock import Clock
from scheduler.delivering import deliver_due
from scheduler.house import House
from scheduler.subscribers import check_written_channels, signups_of
from scheduler.website import server_of
from stemwatch.config import Config, Subscription
from stemwatch.errors import UsageError
from stemwatch.signup import ERASED_AFTER, Wish
from stemwatch.site import SiteSettings
from stemwatch.store import Store
from tests.notify.conftest import SmtpSink
from tests.scheduler.conftest import RELEVANT_NEWS, SECOND, Run, house_of

READER = "Reader+news@example.org"
AT_ONCE = Wish(send="at_once")


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()


class Post:
    """A house with a site, its mail server, and the mails that arrived. `now` is its clock."""

    def __init__(self, home: Path, smtp: SmtpSink, *subscriptions: Subscription) -> None:
        mail = f"mailto://127.0.0.1:{smtp.port}?from=watch@stemwatch.example&smtp=127.0.0.1"
        site = SiteSettings(url="https://watch.example.org", listen="127.0.0.1:0", signup=True, mail=mail)
        self.smtp, self.home = smtp, home
        self.config = Config(site=site, subscriptions=subscriptions)
        self.now = datetime.fromisoformat(SECOND) + timedelta(hours=1)

    @property
    def house(self) -> House:
        return House(self.home, self.config, Clock(self.now), {}, house_of(self.home).sources)

    def deliver(self) -> list[EmailMessage]:
        """What arrives of what is due a minute later: the clock of the site's house has gone on, too."""
        self.now += timedelta(minutes=1)
        before = len(self.smtp.mails)
        with self.house.store() as store:
            list(deliver_due(self.house, store))
        return self.smtp.mails[before:]

    def deliver_news(self, store: Store) -> list[EmailMessage]:
        """What arrives when the regulators do once more what they did last."""
        store.db.execute("DELETE FROM delivered_changes")
        store.db.execute("UPDATE changes SET matched_at = NULL WHERE cause = 'source' AND verb <> 'baseline'")
        return self.deliver()

    def store(self) -> Store:
        return self.house.store()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_of(mail: EmailMessage) -> str:
    """The link in a letter."""
    (link,) = re.findall(r"https://\S+", text_of(mail))
    return str(link)


def token_of(mail: EmailMessage) -> str:
    """The token in its link."""
    return link_of(mail).rpartition("/")[2]


class Browser:
    """Asks the house's own site. Links of mails lead to where it answers."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"

    def ask(self, method: str, link: str, **fields: str) -> urllib3.BaseHTTPResponse:
        url = self.base + link.removeprefix("https://watch.example.org")
        body = urlencode(fields).encode() if method == "POST" else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return urllib3.request(method, url, body=body, headers=headers, redirect=False, retries=False)


def test_a_reader_signs_up_is_told_the_news_and_leaves_in_one_click(moved: Path, smtp: SmtpSink) -> None:
    post = Post(moved, smtp)
    with post.store() as store, server_of(post.house) as server:
        browser = Browser(server.port)
        words = "letter OR exosome OR product OR CANARY"
        browser.ask("POST", "/subscribe", email=READER, send="at_once", query=words)
        (letter,) = post.deliver()
        assert (letter["To"], letter["List-Unsubscribe"]) == (READER, None)
        assert "CANARY" not in letter.as_string()
        assert b"Confirm" in browser.ask("GET", link_of(letter)).data
        assert post.deliver_news(store) == []
        assert b"You are subscribed" in browser.ask("POST", link_of(letter)).data
        news = post.deliver_news(store)
        assert len(news) == RELEVANT_NEWS
        assert {mail["To"] for mail in news} == {READER}
        (left,) = {mail["List-Unsubscribe"].strip("<>") for mail in news}
        assert {mail["List-Unsubscribe-Post"] for mail in news} == {"List-Unsubscribe=One-Click"}
        assert browser.ask("POST", left, **{"List-Unsubscribe": "One-Click"}).data == b""
        (gone,) = post.deliver()
        assert gone["Subject"] == "You are unsubscribed from Stemwatch"
        assert post.deliver_news(store) == []
        page = browser.ask("GET", link_of(gone)).data.decode()
        assert all(html.escape(mail["Subject"]) in page for mail in news)
        post.now += ERASED_AFTER
        assert post.deliver() == []
        assert store.db.execute("SELECT count(*) FROM subscriptions").fetchone() == (0,)


def test_the_operator_erases_an_address_whose_owner_asks_for_it(run: Run, moved: Path, smtp: SmtpSink) -> None:
    post = Post(moved, smtp)
    with post.store() as store:
        signups_of(post.house, store).ask(READER, AT_ONCE, post.now)
        assert "is erased" in run("subscriptions", "erase", READER).err
        assert "Nobody signed up" in run("subscriptions", "erase", READER).err
        assert post.deliver() == []
    assert run("subscriptions", "erase", "CANARY").code == 2


def test_a_letter_that_is_refused_is_no_news_to_the_operator_and_is_forgotten(moved: Path, smtp: SmtpSink) -> None:
    smtp.replies["RCPT"] = "550 5.1.1 no such user"
    post = Post(moved, smtp)
    with post.store() as store:
        signups_of(post.house, store).ask(READER, AT_ONCE, post.now)
        assert post.deliver() == []
        assert (store.unreported(), store.disabled(), store.late(post.now + timedelta(days=1))) == ([], {}, [])
        assert store.counts(post.now) == (0, 0, 1)
        post.deliver()
        assert store.db.execute("SELECT count(*) FROM letters").fetchone() == (0,)


def test_a_letter_that_is_held_up_is_tried_again_with_the_same_link(moved: Path, smtp: SmtpSink) -> None:
    smtp.replies["DATA"] = "451 4.7.1 greylisted"
    post = Post(moved, smtp)
    with post.store() as store:
        signups = signups_of(post.house, store)
        signups.ask(READER, AT_ONCE, post.now)
        assert post.deliver() == []
        smtp.replies.clear()
        post.now += timedelta(minutes=1)
        (letter,) = post.deliver()
        assert signups.confirm(token_of(letter), post.now) == "confirmed"


def test_what_the_operator_sends_by_mail_has_a_way_out_and_other_channels_have_none(
    moved: Path, smtp: SmtpSink
) -> None:
    hook = Subscription(name="hook", channel="json://127.0.0.1:9/CANARY")
    post = Post(moved, smtp, Subscription(name="desk", channel=smtp.url()), hook)
    news = post.deliver()
    assert len(news) == RELEVANT_NEWS
    (left,) = {mail["List-Unsubscribe"] for mail in news}
    with post.store() as store:
        assert list(store.links(signups_of(post.house, store).keyring)) == ["desk"]
        assert signups_of(post.house, store).unsubscribe(left.rpartition("/")[2].rstrip(">"), post.now)
        assert list(store.disabled()) == ["desk"]


def test_a_mail_server_that_cannot_be_used_is_told_at_the_start_without_its_password(home: Path) -> None:
    site = SiteSettings(url="https://watch.example.org", signup=True, mail="${MAIL}")
    house = House(home, Config(site=site), Clock(datetime.fromisoformat(SECOND)), {}, {})
    with pytest.raises(UsageError, match=r"^Public sign-up cannot be used: \[site\] mail needs the environment"):
        check_written_channels(house)
    slack = msgspec.structs.replace(house.config.site, mail="${MAIL}")
    wrong = House(
        home, Config(site=slack), house.clock, {"MAIL": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkCANARY7FQx"}, {}
    )
    with pytest.raises(UsageError, match=r"^Public sign-up cannot be used: ") as error:
        check_written_channels(wrong)
    assert "CANARY" not in str(error.value)
