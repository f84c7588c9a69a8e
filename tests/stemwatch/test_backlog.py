"""What a crawl reads, and in which order."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
import pytest

from stemwatch.backlog import MOST_MISSING, backlog
from stemwatch.reading import Known, KnownNotice, KnownPage, Reading
from stemwatch.records import Listed
from stemwatch.words import Label, Role
from tests.store.builders import NAME, START, changed, letter

PLAIN = {"subject": "CGMP", "office": "CDER"}


def row(key: str, **values: object) -> Listed:
    return letter(key, f"{key}, Inc.", **{**PLAIN, **values})


def known_of(listed: Listed, label: Label = "unrelated", **values: object) -> KnownNotice:
    notice = KnownNotice(
        url=listed.url,
        fingerprint=listed.fingerprint,
        title=listed.title,
        case_number=listed.case_number,
        label=label,
    )
    return msgspec.structs.replace(notice, **values)


def read(listed: Listed, days_ago: float = 0, **values: object) -> dict[Role, KnownPage]:
    then = START - timedelta(days=days_ago)
    page = KnownPage(url=listed.url, etag='"1"', read_at=then, looked_at=then)
    return {"notice": msgspec.structs.replace(page, **values)}


def readings(
    rows: Iterable[Listed], known: dict[str, KnownNotice], *, complete: bool = True, recheck: bool = False
) -> list[Reading]:
    return backlog(
        {listed.key: listed for listed in rows},
        Known(source=NAME, notices=known),
        now=START,
        complete=complete,
        likely=lambda listed: "CBER" in listed.fields["office"],
        recheck=recheck,
    )


def keys(found: Iterable[Reading]) -> list[str]:
    return [reading.key for reading in found]


def test_new_before_changed_before_close_outs_before_unread_likely_before_again_before_unread() -> None:
    unread, again, likely, changing, new = (row(key) for key in ("unread", "again", "likely", "changing", "new"))
    likely = row("likely", office="CBER")
    closing = changed(changing, closed_out_on=date(2025, 1, 2), closed_out_url="https://www.fda.gov/closed")
    gone = row("gone")
    known = {
        "unread": known_of(unread),
        "again": known_of(again, pages=read(again, 200)),
        "likely": known_of(likely),
        "changing": known_of(changing, pages=read(changing)),
        "gone": known_of(gone, absent=2),
    }
    found = readings([unread, again, likely, closing, new], known)
    assert [(reading.key, reading.role) for reading in found] == [
        ("gone", "notice"),
        ("new", "notice"),
        ("changing", "notice"),
        ("changing", "closeout"),
        ("likely", "notice"),
        ("again", "notice"),
        ("unread", "notice"),
    ]


def test_the_first_crawl_reads_what_is_likely_first_and_everything_in_the_end_newest_first() -> None:
    rows = [
        row("old", posted_on=date(2021, 1, 5)),
        row("new", posted_on=date(2025, 1, 1)),
        row("cord", subject="Umbilical cord blood stem cells"),
        row("cber", office="CBER", posted_on=date(2022, 1, 1)),
    ]
    assert keys(readings(rows, {})) == ["cord", "cber", "new", "old"]


def test_a_page_read_lately_is_left_alone() -> None:
    one = row("one")
    assert readings([one], {"one": known_of(one, pages=read(one, 3))}) == []


def test_a_relevant_page_is_looked_at_weekly_with_its_validators() -> None:
    one = row("one")
    (reading,) = readings([one], {"one": known_of(one, "relevant", pages=read(one, 7))})
    assert reading.known is not None
    assert (reading.known.etag, reading.existence) == ('"1"', False)


def test_recheck_makes_every_page_that_was_read_due_and_what_is_new_but_not_the_unread() -> None:
    one, unread, new = row("one"), row("unread"), row("new")
    known = {"one": known_of(one, pages=read(one)), "unread": known_of(unread)}
    assert keys(readings([one, unread, new], known, recheck=True)) == ["new", "one"]


def test_a_page_that_failed_waits() -> None:
    one = row("one")
    for days_ago, found in ((0.5, []), (1, ["one"])):
        pages = read(one, days_ago, read_at=None, failures=1)
        assert keys(readings([one], {"one": known_of(one, pages=pages)})) == found


def test_a_close_out_page_is_read_once_its_letter_is_known() -> None:
    one = row("one", closed_out_on=date(2025, 1, 1), closed_out_url="https://www.fda.gov/closed")
    (reading,) = readings([one], {"one": known_of(one, pages=read(one))})
    assert (reading.role, reading.url) == ("closeout", "https://www.fda.gov/closed")


@pytest.mark.parametrize(("absent", "asked"), [(0, False), (1, False), (2, True), (9, True)])
def test_a_vanished_address_is_asked_at_the_third_absence(absent: int, asked: bool) -> None:
    one, gone = row("one"), row("gone")
    known = {"one": known_of(one, pages=read(one)), "gone": known_of(gone, absent=absent)}
    found = readings([one], known)
    assert keys(found) == (["gone"] if asked else [])
    assert all(reading.existence for reading in found)


def test_an_address_that_may_have_been_replaced_is_asked_at_once() -> None:
    old = letter("prodx-health-720762-01082026", "ProDx Health", case_number="720762")
    new = letter("prodx-health-720762-02102026", "PRODX HEALTH", case_number="720762")
    other = letter("other-720762", "Other Firm", case_number="720762")
    known = {old.key: known_of(old)}
    assert keys(readings([new], known)) == [old.key, new.key]
    assert keys(readings([other], known)) == [other.key]


def test_an_incomplete_list_and_delisted_notices_ask_nothing() -> None:
    one, gone = row("one"), row("gone")
    read_one = known_of(one, pages=read(one))
    assert readings([one], {"one": read_one, "gone": known_of(gone, absent=2)}, complete=False) == []
    delisted = msgspec.structs.replace(known_of(gone, absent=3), listed=False)
    assert readings([one], {"one": read_one, "gone": delisted}) == []


def test_at_most_twenty_vanished_addresses_are_asked() -> None:
    one = row("one")
    known = {f"gone-{number}": known_of(row(f"gone-{number}"), absent=2) for number in range(50)}
    found = readings([one], {"one": known_of(one, pages=read(one)), **known})
    assert len(found) == MOST_MISSING == 20
