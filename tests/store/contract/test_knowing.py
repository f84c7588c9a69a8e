"""Crawl: what the store knows is what the next crawl starts from, with what the pages said."""

from datetime import date, timedelta

import msgspec

from stemwatch.records import Listed, Validators
from tests.store.builders import CHARA, KIMERA, NAME, SITE, SURGENEX, changed, look, page
from tests.store.contract.places import Place

TEXT = "We inspected your firm.\nReply within fifteen days."


def test_moments_are_kept_in_whole_seconds(place: Place) -> None:
    place.run([CHARA], page(CHARA), started_at=place.now + timedelta(microseconds=7))
    assert place.last().detected_at.microsecond == 0
    assert place.store.known(NAME).notices[CHARA.key].pages["notice"].read_at == place.last().detected_at


def test_a_crawl_is_given_what_it_needs_to_read_on(place: Place) -> None:
    asked = {SITE: Validators(etag='"list"')}
    place.run([CHARA, KIMERA, SURGENEX], page(CHARA, TEXT, etag='"1"'), look(KIMERA, "failed", why="500"))
    place.run([CHARA, KIMERA, SURGENEX], look(CHARA, "unchanged"), look(KIMERA, "failed"), lists=asked)
    known = place.store.known(NAME)
    assert (known.newest_on, known.lists) == (CHARA.posted_on, asked)
    chara, kimera = known.notices[CHARA.key], known.notices[KIMERA.key]
    assert (chara.url, chara.title, chara.case_number) == (CHARA.url, CHARA.title, "698004")
    assert chara.row is not None
    assert chara.row.content() == CHARA.content()
    assert (chara.pages["notice"].etag, chara.pages["notice"].looked_at) == ('"1"', place.now)
    assert (kimera.pages["notice"].failures, kimera.pages["notice"].read_at) == (2, None)
    assert (known.notices[SURGENEX.key].title, known.notices[SURGENEX.key].pages) == ("", {})


def test_a_list_is_read_again_while_something_may_be_gone(place: Place) -> None:
    asked = {SITE: Validators(etag='"list"')}
    place.run([CHARA, KIMERA], lists=asked)
    place.run([CHARA], lists=asked)
    assert place.store.known(NAME).lists == {}
    assert place.store.known(NAME).notices[CHARA.key].row is None


def test_a_page_makes_its_notice_relevant(place: Place) -> None:
    row = changed(CHARA, subject="Letter", office="Office", title="Example, Inc.")
    place.run([row])
    assert place.store.known(NAME).notices[row.key].label == "unrelated"
    place.run([row], page(row, "Your product, derived from human umbilical cord blood stem cells, is a drug."))
    assert place.store.known(NAME).notices[row.key].label == "relevant"
    assert place.last().relevance.label == "relevant"


def test_a_page_says_when_its_notice_was_posted_and_withdrawn_where_the_list_does_not(place: Place) -> None:
    bare: Listed = changed(CHARA, posted_on=None)
    place.run([bare])
    said = page(bare, TEXT, posted_on=date(2025, 1, 30), closed_out_on=date(2025, 3, 1))
    assert place.run([bare], said) == [f"closed_out {CHARA.key}"]
    assert (place.last().posted_on, place.notice(CHARA).closed_out_on) == (date(2025, 1, 30), date(2025, 3, 1))
    assert place.store.known(NAME).newest_on is None


def test_a_day_that_the_list_gives_takes_the_place_of_the_pages(place: Place) -> None:
    bare: Listed = changed(CHARA, posted_on=None)
    said = page(bare, TEXT, posted_on=date(2025, 1, 30), closed_out_on=date(2025, 3, 1))
    place.run([bare], said)
    given = changed(CHARA, posted_on=date(2025, 1, 31), closed_out_on=date(2025, 3, 2))
    assert place.run([given]) == [f"edited {CHARA.key}"]
    assert place.edited() == [("posted_on", "", "2025-01-31")]
    again = msgspec.structs.replace(said, text="Other words.")
    assert place.run([changed(given, subject="HCT/P", closed_out_on=date(2025, 3, 3))], again)
    assert place.edited() == [
        ("subject", "Deviations/CGMP", "HCT/P"),
        ("closed_out_on", "2025-03-02", "2025-03-03"),
        ("text", "", ""),
    ]
    assert (place.last().posted_on, place.store.known(NAME).newest_on) == (date(2025, 1, 31), date(2025, 1, 31))
    assert place.notice(CHARA).closed_out_on == date(2025, 3, 3)
