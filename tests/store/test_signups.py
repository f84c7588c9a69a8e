"""Public sign-up: confirmed by its reader, once; and no one else learns of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.signup import CONFIRM_WITHIN, LETTERS_A_DAY, Wish
from tests.store.office import DAY, READER, SECOND, WEEKLY, Office


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
