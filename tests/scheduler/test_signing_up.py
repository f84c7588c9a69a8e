"""From signing up to leaving, through a real mail server: what is sent to whom, and what is not."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest

from scheduler.clock import Clock
from scheduler.delivering import deliver_due
from scheduler.house import House
from scheduler.subscribers import check_written_channels, signups_of
from stemwatch.config import Config, Subscription
from stemwatch.errors import UsageError
from stemwatch.signup import ERASED_AFTER, Wish
from stemwatch.site import SiteSettings
from stemwatch.store import Store
from tests.notify.conftest import SmtpSink
from tests.scheduler.conftest import RELEVANT_NEWS, SECOND, house_of

READER = "Reader+news@example.org"
AT_ONCE = Wish(send="at_once", query="letter OR exosome OR product OR CANARY")


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
        site = SiteSettings(url="https://watch.example.org", signup=True, mail=mail)
        self.smtp, self.home = smtp, home
        self.config = Config(site=site, subscriptions=subscriptions)
        self.now = datetime.fromisoformat(SECOND) + timedelta(hours=1)

    @property
    def house(self) -> House:
        return House(self.home, self.config, Clock(self.now), {}, house_of(self.home).sources)

    def deliver(self) -> list[EmailMessage]:
        """What arrives of what is due."""
        before = len(self.smtp.mails)
        with self.house.store() as store:
            list(deliver_due(self.house, store))
        return self.smtp.mails[before:]

    def store(self) -> Store:
        return self.house.store()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_of(mail: EmailMessage) -> str:
    """The token of the link in a letter."""
    (token,) = re.findall(r"https://watch\.example\.org/\S+/([\w-]{43})\s", text_of(mail))
    return str(token)


def test_a_reader_signs_up_is_told_the_news_and_leaves_in_one_step(moved: Path, smtp: SmtpSink) -> None:
    post = Post(moved, smtp)
    with post.store() as store:
        signups = signups_of(post.house, store)
        signups.ask(READER, AT_ONCE, post.now)
        (letter,) = post.deliver()
        assert (letter["To"], letter["List-Unsubscribe"]) == (READER, None)
        assert "CANARY" not in text_of(letter)
        assert signups.confirm(token_of(letter), post.now) == "confirmed"
        store.db.execute("UPDATE changes SET matched_at = NULL WHERE cause = 'source' AND verb <> 'baseline'")
        news = post.deliver()
        assert len(news) == RELEVANT_NEWS
        assert {mail["To"] for mail in news} == {READER}
        (left,) = {mail["List-Unsubscribe"] for mail in news}
        assert {mail["List-Unsubscribe-Post"] for mail in news} == {"List-Unsubscribe=One-Click"}
        assert signups.unsubscribe(left.rpartition("/")[2].rstrip(">"), post.now)
        (gone,) = post.deliver()
        assert gone["Subject"] == "You are unsubscribed from Stemwatch"
        store.db.execute("DELETE FROM delivered_changes")
        store.db.execute("UPDATE changes SET matched_at = NULL WHERE cause = 'source' AND verb <> 'baseline'")
        assert post.deliver() == []
        managed = signups.manage(token_of(gone), post.now)
        assert managed is not None
        assert [sent.status for sent in managed.sent] == ["sent"] * RELEVANT_NEWS
        post.now += ERASED_AFTER
        assert post.deliver() == []
        assert store.db.execute("SELECT count(*) FROM subscriptions").fetchone() == (0,)


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
        post.now += timedelta(minutes=2)
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
