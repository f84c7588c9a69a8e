"""Links of public sign-up: each opens what it is for, and nothing else does, whatever becomes of the keys."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from stemwatch.config import Subscription
from stemwatch.signup import MANAGE_FOR, Wish
from tests.store.office import DAY, READER, WEEKLY, Office


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
