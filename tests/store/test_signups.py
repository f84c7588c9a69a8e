"""Public sign-up: confirmed by its reader, once; left in one step; forgotten; and no one else learns of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple, get_args

import msgspec
import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.config import Subscription
from stemwatch.deliveries import Owed, Settled
from stemwatch.signup import CONFIRM_WITHIN, ERASED_AFTER, LETTERS_A_DAY, MANAGE_FOR, Wish
from stemwatch.store.keys import Keyring
from stemwatch.store.signups import Signups
from stemwatch.subscriptions import Kept
from tests.store.builders import SOURCE, START, opened

READER = "reader@example.org"
WEEKLY = Wish(send="weekly", query="knee CANARY", time_zone="Europe/Berlin")
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


class Read(NamedTuple):
    """A letter that arrived."""

    kind: str
    address: str
    token: str


class Office:
    """Public sign-up on a data folder of its own. `now` is its clock."""

    def __init__(self, home: Path, environ: dict[str, str] | None = None) -> None:
        self.store = opened(home, {SOURCE.name: SOURCE})
        self.keyring = Keyring(home, environ or {})
        self.signups = Signups(self.store.db, self.keyring)
        self.now = START

    def ask(self, address: str = READER, wish: Wish = WEEKLY) -> None:
        self.signups.ask(address, wish, self.now)

    def post(self) -> list[Read]:
        """Every letter that is owed, accepted by this."""
        letters = {letter.name: letter for letter in self.store.letters(self.keyring)}
        claimed = self.store.claim(now=self.now, lease_until=self.now + SECOND, limit=99)
        self.store.settle(
            [
                Settled(delivery=one.id, subscription=one.subscription, outcome="sent", at=self.now)
                for one in claimed
            ]
        )
        found = [letters[one.subscription] for one in claimed]
        return [Read(letter.kind, letter.channel_url({}), letter.token()) for letter in found]

    def read(self) -> Read:
        """The only letter that is owed."""
        (letter,) = self.post()
        return letter

    def subscribe(self, address: str = READER, wish: Wish = WEEKLY) -> str:
        """A confirmed subscription; returns its manage token."""
        self.ask(address, wish)
        known = self.names
        assert self.signups.confirm(self.read().token, self.now) == "confirmed"
        (name,) = self.names - known
        return self.store.links(self.keyring)[name]().manage

    @property
    def kept(self) -> list[Kept]:
        return self.store.kept(self.keyring)

    @property
    def names(self) -> set[str]:
        return {one.name for one in self.kept}

    @property
    def dump(self) -> str:
        return "\n".join(self.store.db.conn.iterdump())

    def rows(self, table: str) -> int:
        return int(self.store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "home")


def test_nothing_is_subscribed_before_its_reader_confirms(office: Office) -> None:
    office.ask()
    letter = office.read()
    assert (letter.kind, letter.address, office.kept) == ("confirm", READER, [])
    assert office.signups.waiting(letter.token, office.now) == WEEKLY
    assert office.signups.confirm(letter.token, office.now) == "confirmed"
    (kept,) = office.kept
    assert (Wish.of(kept), kept.public, kept.channel_url({})) == (WEEKLY, True, READER)


def test_a_sign_up_that_is_not_confirmed_in_time_is_forgotten(office: Office) -> None:
    office.ask()
    letter = office.read()
    office.now += CONFIRM_WITHIN - SECOND
    assert office.signups.waiting(letter.token, office.now) == WEEKLY
    office.now += SECOND
    assert office.signups.waiting(letter.token, office.now) is None
    assert office.signups.confirm(letter.token, office.now) == "unknown"
    office.store.tidy(office.now)
    assert [office.rows(table) for table in ("signups", "tokens", "letters", "letter_counts")] == [0, 0, 0, 0]


def test_a_second_sign_up_does_not_spoil_the_first_and_one_confirmation_settles_both(office: Office) -> None:
    office.ask()
    first = office.read().token
    office.ask(wish=Wish(send="daily"))
    second = office.read().token
    assert office.signups.confirm(first, office.now) == "confirmed"
    assert office.signups.confirm(second, office.now) == "used"
    assert [one.send for one in office.kept] == ["weekly"]


def test_whoever_is_subscribed_is_told_so_with_a_link_and_nothing_changes(office: Office) -> None:
    office.subscribe()
    before = office.kept
    office.ask("READER@example.org", Wish(send="at_once"))
    letter = office.read()
    assert (letter.kind, letter.address) == ("known", "READER@example.org")
    assert office.signups.confirm(letter.token, office.now) == "unknown"
    managed = office.signups.manage(letter.token, office.now)
    assert managed is not None
    assert (managed.wish, managed.address) == (WEEKLY, "r…@example.org")
    assert [Wish.of(one) for one in office.kept] == [Wish.of(one) for one in before]


def statements(office: Office, work: Callable[[], None]) -> list[str]:
    """What the database was asked to do meanwhile, without values."""
    said: list[str] = []
    office.store.db.conn.set_trace_callback(lambda sql: said.append(sql.split("(")[0].strip()))
    work()
    office.store.db.conn.set_trace_callback(None)
    return said


def test_the_work_of_asking_does_not_tell_whether_an_address_is_known(office: Office) -> None:
    office.subscribe("known@example.org")
    office.now += DAY
    known = statements(office, lambda: office.ask("known@example.org"))
    unknown = statements(office, lambda: office.ask("other@example.org"))
    assert known == unknown
    assert len(known) > 5
    assert [letter.kind for letter in office.post()] == ["known", "confirm"]


def test_an_address_gets_few_letters_a_day_whoever_asks_and_whatever_its_tag(office: Office) -> None:
    for number in range(LETTERS_A_DAY + 2):
        office.ask(f"reader+{number}@example.org")
    office.ask("other@example.org")
    assert len(office.post()) == LETTERS_A_DAY + 1
    office.now += DAY
    office.ask()
    assert office.read().kind == "confirm"


def test_a_paused_wish_does_not_keep_the_letter_from_being_sent(office: Office) -> None:
    office.ask(wish=Wish(paused=True))
    assert office.read().kind == "confirm"


def test_unsubscribing_takes_one_step_withdraws_what_is_owed_and_says_so_once(office: Office) -> None:
    manage = office.subscribe()
    (kept,) = office.kept
    token = office.store.links(office.keyring)[kept.name]().unsubscribe
    debt = Owed(subscription=kept.name, change=0, identity="x", kind="daily", due_at=office.now)
    office.store.owe_windows([debt], {}, office.now)
    assert office.signups.may_unsubscribe(token, office.now)
    assert [office.signups.unsubscribe(token, office.now) for _ in range(2)] == [True, True]
    assert office.kept == []
    (letter,) = office.post()
    assert (letter.kind, letter.address) == ("gone", READER)
    managed = office.signups.manage(manage, office.now)
    assert managed is not None
    assert managed.erased_at == office.now + ERASED_AFTER
    assert [sent.status for sent in managed.sent] == ["withdrawn"]


def test_unsubscribing_can_be_taken_back_until_the_address_is_erased(office: Office) -> None:
    manage = office.subscribe()
    office.signups.unsubscribe(manage, office.now)
    assert office.signups.resume(manage, office.now)
    assert [Wish.of(one) for one in office.kept] == [WEEKLY]
    office.signups.unsubscribe(manage, office.now)
    office.now += ERASED_AFTER - SECOND
    assert office.store.tidy(office.now) == 0
    office.now += SECOND
    assert office.store.tidy(office.now) == 1
    assert not office.signups.resume(manage, office.now)


def erase_by_link(office: Office, manage: str) -> None:
    assert office.signups.erase(manage, office.now)


def erase_by_time(office: Office, manage: str) -> None:
    office.signups.unsubscribe(manage, office.now)
    office.now += ERASED_AFTER
    assert office.store.tidy(office.now) == 1


def erase_by_operator(office: Office, manage: str) -> None:
    (kept,) = office.kept
    office.store.remove_subscription(kept.name, office.now)


def erase_by_address(office: Office, manage: str) -> None:
    assert office.signups.erase_address("READER@example.org", office.now)
    assert not office.signups.erase_address("READER@example.org", office.now)


@pytest.mark.parametrize("erase", [erase_by_link, erase_by_time, erase_by_operator, erase_by_address])
def test_an_erased_address_leaves_nothing_that_holds_it_or_leads_to_it(
    office: Office, erase: Callable[[Office, str], None]
) -> None:
    manage = office.subscribe()
    office.ask()
    (mark, *_) = office.keyring.marks(READER)
    assert mark in office.dump
    erase(office, manage)
    office.now += DAY  # letters are counted until then
    office.store.tidy(office.now)
    assert mark not in office.dump
    tables = ("signups", "subscriptions", "subscribers", "links", "letters", "tokens", "letter_counts")
    assert [office.rows(table) for table in tables] == [0] * len(tables)
    assert office.post() == []
    assert office.signups.manage(manage, office.now) is None


def test_an_address_that_was_never_confirmed_is_erased_on_request(office: Office) -> None:
    office.ask()
    assert office.signups.erase_address(READER, office.now)
    assert [office.rows(table) for table in ("signups", "letters", "tokens")] == [0, 0, 0]
    assert office.post() == []


def test_whoever_left_or_is_not_reached_may_sign_up_anew(office: Office) -> None:
    manage = office.subscribe()
    office.signups.unsubscribe(manage, office.now)
    office.post()
    office.subscribe(wish=Wish(send="daily"))
    assert [one.send for one in office.kept] == ["daily"]
    refused = Settled(delivery=0, subscription=office.kept[0].name, outcome="dead", at=office.now, refused=True)
    office.store.settle([refused])
    office.now += DAY
    office.subscribe(wish=Wish(send="at_once"))
    assert [one.send for one in office.kept] == ["at_once"]
    assert office.store.disabled() == {}


def test_a_subscription_is_changed_by_its_manage_link_alone(office: Office) -> None:
    manage = office.subscribe()
    (kept,) = office.kept
    unsubscribe = office.store.links(office.keyring)[kept.name]().unsubscribe
    daily = Wish(send="daily", language="fr", paused=True)
    assert not office.signups.change(unsubscribe, daily, office.now)
    assert not office.signups.erase(unsubscribe, office.now)
    assert not office.signups.resume(unsubscribe, office.now)
    assert office.signups.manage(unsubscribe, office.now) is None
    assert office.signups.change(manage, daily, office.now)
    (kept,) = office.kept
    assert (Wish.of(kept), kept.channel_url({})) == (daily, READER)


def test_manage_links_are_renewed_long_before_they_end_and_old_ones_work_until_then(office: Office) -> None:
    manage = office.subscribe()
    (name,) = office.names
    before = office.store.links(office.keyring)[name]()
    office.now += MANAGE_FOR / 2
    office.store.renew_links(office.keyring, [name], lambda name: True, office.now)
    after = office.store.links(office.keyring)[name]()
    assert (after.unsubscribe, after.manage != before.manage) == (before.unsubscribe, True)
    assert office.signups.manage(manage, office.now) is not None
    office.now += MANAGE_FOR / 2
    assert office.signups.manage(manage, office.now) is None
    assert office.signups.manage(after.manage, office.now) is not None
    office.store.tidy(office.now)
    assert office.signups.unsubscribe(before.unsubscribe, office.now)


def test_what_the_operator_wrote_is_stopped_by_its_link_and_shown_but_not_changed(office: Office) -> None:
    office.store.renew_links(office.keyring, ["press", "slack"], lambda name: name == "press", office.now)
    links = office.store.links(office.keyring)
    assert list(links) == ["press"]
    token, manage = links["press"]()
    managed = office.signups.manage(manage, office.now)
    assert managed is not None
    assert (managed.wish, managed.failing) == (None, False)
    assert not office.signups.change(manage, WEEKLY, office.now)
    assert not office.signups.erase(manage, office.now)
    assert office.signups.unsubscribe(token, office.now)
    assert office.store.disabled()["press"].why == "Its reader unsubscribed."


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 1_000_000, "\x00" * 43, "é" * 43, "' OR 1 --"])
def test_no_made_up_token_opens_anything(office: Office, token: str) -> None:
    office.subscribe()
    signups, now = office.signups, office.now
    assert signups.waiting(token, now) is None
    assert signups.confirm(token, now) == "unknown"
    assert signups.manage(token, now) is None
    assert not signups.may_unsubscribe(token, now)
    does = (signups.unsubscribe, signups.resume, signups.erase)
    assert [step(token, now) for step in does] == [False, False, False]
    assert not signups.change(token, WEEKLY, now)
    assert len(office.kept) == 1


def test_neither_addresses_nor_tokens_lie_in_the_database_in_clear(office: Office) -> None:
    office.ask()
    letter = office.read()
    office.signups.confirm(letter.token, office.now)
    office.ask("other@example.org")
    (name,) = office.names
    links = office.store.links(office.keyring)[name]()
    dump = office.dump
    assert [secret for secret in (READER, "example.org", letter.token, *links) if secret in dump] == []


def test_keys_change_and_every_address_is_known_again(tmp_path: Path) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    office = Office(tmp_path / "home", {"STEMWATCH_KEY": old})
    office.subscribe()
    office.ask("waiting@example.org")
    both = Office(tmp_path / "home", {"STEMWATCH_KEY": f"{new}, {old}"})
    both.now += DAY
    both.ask()
    assert [letter.kind for letter in both.post()] == ["confirm", "known"]
    both.ask("late@example.org")
    both.store.reseal(both.keyring)
    after = Office(tmp_path / "home", {"STEMWATCH_KEY": new})
    after.now = both.now + DAY
    after.ask()
    assert [letter.kind for letter in after.post()] == ["confirm", "known"]
    assert [one.channel_url({}) for one in after.kept] == [READER]
    (name,) = after.names
    assert after.signups.manage(after.store.links(after.keyring)[name]().manage, after.now) is not None


def test_a_lost_key_takes_links_but_keeps_no_mail_back_and_they_are_given_anew(tmp_path: Path) -> None:
    lost, new = (Fernet.generate_key().decode() for _ in range(2))
    office = Office(tmp_path / "home", {"STEMWATCH_KEY": lost})
    office.ask()
    office.store.renew_links(office.keyring, ["press"], lambda name: True, office.now)
    after = Office(tmp_path / "home", {"STEMWATCH_KEY": new})
    after.now += MANAGE_FOR
    assert after.store.links(after.keyring)["press"]() == ("", "")
    after.store.renew_links(after.keyring, ["press", "unread"], lambda name: None, after.now)
    assert list(after.store.links(after.keyring)) == ["press"]
    after.store.reseal(after.keyring)
    assert after.store.letters(after.keyring) == []
    after.store.renew_links(after.keyring, ["press"], lambda name: True, after.now)
    assert all(after.store.links(after.keyring)["press"]())


def test_a_channel_of_the_operator_is_no_address_of_the_site(office: Office) -> None:
    url = "mailto://user:pass@mail.example.org?to=desk@example.org"
    office.store.keep([Subscription(name="desk", channel=url)], office.keyring, office.now)
    (kept,) = office.store.kept(office.keyring, lambda address: f"mailed {address}")
    assert kept.channel_url({}) == url
    office.subscribe()
    channels = {one.channel_url({}) for one in office.store.kept(office.keyring, lambda address: f"to {address}")}
    assert channels == {url, f"to {READER}"}


Step = Literal["ask", "confirm", "unsubscribe", "resume", "erase", "wait", "tidy"]
STEPS = st.lists(st.tuples(st.sampled_from(get_args(Step)), st.sampled_from("abc")), max_size=25)


class Readers:
    """Three readers who use all links that they were ever sent, in any order."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.tokens: dict[str, list[str]] = {"a": [], "b": [], "c": []}
        self.confirmed: list[str] = []

    def do(self, step: Step, who: str) -> None:
        office = self.office
        if step == "ask":
            office.ask(f"{who}@example.org")
        elif step == "tidy":
            office.store.tidy(office.now)
        elif step == "wait":
            office.now += timedelta(hours=20)
        else:
            answers = {token: getattr(office.signups, step)(token, office.now) for token in self.tokens[who]}
            self.confirmed += [token for token, answer in answers.items() if answer == "confirmed"]
        for letter in office.post():
            self.tokens[letter.address[0]].append(letter.token)


@settings(max_examples=40)
@given(steps=STEPS)
def test_whatever_happens_a_token_confirms_once_and_an_address_is_subscribed_once(
    steps: list[tuple[Step, str]],
) -> None:
    with TemporaryDirectory() as folder:
        readers = Readers(Office(Path(folder)))
        for step, who in steps:
            readers.do(step, who)
            addresses = [one.channel_url({}) for one in readers.office.kept]
            assert len(addresses) == len(set(addresses))
        assert len(readers.confirmed) == len(set(readers.confirmed))
        readers.office.store.close()


@settings(max_examples=25)
@given(steps=STEPS)
def test_whatever_happened_before_asking_is_the_same_work_for_every_address(steps: list[tuple[Step, str]]) -> None:
    with TemporaryDirectory() as folder:
        readers = Readers(Office(Path(folder)))
        for step, who in steps:
            readers.do(step, who)
        office = readers.office
        office.now += DAY  # nobody had a letter yet today
        works = [statements(office, partial(office.ask, f"{who}@example.org")) for who in "abcd"]
        assert works == [works[0]] * 4
        assert len(office.post()) == 4
        office.store.close()


def test_a_letter_says_how_often_and_in_which_language_and_nothing_that_was_typed(office: Office) -> None:
    office.ask(wish=msgspec.structs.replace(WEEKLY, language="fr"))
    (letter,) = office.store.letters(office.keyring)
    assert (letter.send, letter.language, letter.time_zone) == ("weekly", "fr", "Europe/Berlin")
    assert letter.until == office.now + CONFIRM_WITHIN
