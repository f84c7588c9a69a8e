"""What a message about several notices says: its window, its order, what was looked at."""

import json
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.content import GRAVITY, grouped
from notify.frame import Frame
from notify.message import Mention, alert, burst, digest
from stemwatch.relevance import Reason, Relevance
from stemwatch.words import STAGES, VERDICTS, Stage
from tests.notify.samples import END, START, both, change, daily, mention, notice, source

S = Frame(subscription="s")


def test_a_digest_states_its_window_in_the_readers_zone() -> None:
    message = daily(mention())
    assert message.subject == "Stemwatch daily: 1 new, 29 January 2025"
    for words in both(message):
        assert "28 January 2025, 08:00 to 29 January 2025, 08:00 (America/New_York)" in words
    assert "22:00 to 29 January 2025, 22:00 (Asia/Tokyo)" in daily(zone=ZoneInfo("Asia/Tokyo")).text


def test_the_most_serious_come_first_and_close_outs_last() -> None:
    possible = Relevance(label="possible", score=0.5)
    message = daily(
        mention("closed_out", "a", title="Aa Closed", stage="sentence", clinics=()),
        mention("added", "b", title="Bb Possible", relevance=possible, clinics=()),
        mention("edited", "c", title="Cc Relevant", clinics=()),
        mention("added", "d", title="Dd Newer", posted_on=date(2025, 1, 29), clinics=()),
        mention("added", "e", title="Ee Filed", stage="filed", relevance=possible, clinics=()),
        mention("added", "f", title="Ff Sentenced", stage="sentence", posted_on=date(2024, 1, 1), clinics=()),
    )
    for words in both(message):
        places = [words.index(name) for name in ("Ff Sen", "Ee Fil", "Dd New", "Cc Rel", "Bb Pos", "Aa Clo")]
        assert places == sorted(places)
    assert message.subject == "Stemwatch daily: 4 new, 1 closed out, 1 edited, 29 January 2025"


def test_the_notices_of_one_clinic_stand_together_where_its_most_serious_one_belongs() -> None:
    message = daily(
        mention(key="a", title="Aa", clinics=("Chara",)),
        mention(key="b", title="Bb", clinics=("Kimera",), stage="filed"),
        mention(key="c", title="Cc", clinics=("Chara",), stage="sentence"),
    )
    for words in both(message):
        places = [words.index(name) for name in ("Chara (2)", "Cc FDA", "Aa FDA", "Bb FDA")]
        assert places == sorted(places)
        assert "Kimera (1)" not in words


def test_one_notice_is_one_item_with_all_that_happened_and_every_reason() -> None:
    about = notice()
    more = (Reason(phrase="Wharton's jelly", field="text", why="names a birth-tissue product"),)
    first = Mention(notice=about, changes=(change(about, "added"),), why=("the rule “clinics”",))
    second = Mention(
        notice=about,
        changes=(change(about, "closed_out", 2, reasons=more), change(about, "added")),
        why=("the rule “Florida”",),
    )
    message = daily(first, second)
    assert message.subject == "Stemwatch daily: 1 new, 1 closed out, 29 January 2025"
    for words in both(message):
        assert words.count("Chara Biologics, Inc.") == 1
        assert words.count("“cord blood” in the text") == 1
        for said in ("Letter closed out", "“Wharton's jelly”", "“clinics”", "“Florida”"):
            assert said in words


def test_an_empty_digest_does_not_claim_that_nothing_happened() -> None:
    message = daily()
    assert message.subject == "Stemwatch daily: nothing new, 29 January 2025"
    for words in both(message):
        assert "Nothing new; here is what was checked." in words
        assert "no proof that nothing happened" in words
        assert "The one source was read whole." in words


@pytest.mark.parametrize("verdict", [verdict for verdict in (*VERDICTS, None) if verdict != "ok"])
def test_a_source_that_was_not_read_whole_shows_in_subject_summary_and_list(verdict: Any) -> None:
    failed = source(source="us_ftc_press", title="Press releases", regulator="FTC", verdict=verdict)
    message = daily(coverage=(source(), failed))
    assert message.subject == ("Stemwatch daily: nothing new, 1 of 2 sources not read whole, 29 January 2025")
    for words in both(message):
        assert "1 of 2 sources could not be read whole" in words
        assert (
            "FDA: Warning letters: read whole. "
            "Last good check: 29 January 2025, 07:35. Newest item: 28 January 2025."
        ) in words
        assert "FTC: Press releases: " in words


def test_a_source_never_read_says_so() -> None:
    for words in both(daily(coverage=(source(verdict="blocked", reason="403", last_ok_at=None, newest_on=None),))):
        assert "refused our visit (403). Last good check: never. Newest item: none seen." in words


def test_what_came_together_is_named_by_its_most_serious_notice() -> None:
    told = [mention(key="a", stage="closed", title="A"), mention("edited", key="b", stage="sentence", title="B")]
    message = burst(told, S)
    assert message.subject == "1 new, 1 edited: B and others"
    assert (message.level, json.loads(message.payload)["type"]) == ("failure", "burst")
    assert burst(told[:1], S).payload == alert(told[0], S).payload


def test_a_weekly_digest_says_so() -> None:
    message = digest([mention()], S, START - timedelta(days=6), END, (source(),), weekly=True)
    assert message.subject == "Stemwatch weekly: 1 new, 29 January 2025"


@given(st.lists(st.sampled_from(STAGES), max_size=12))
def test_the_order_of_a_digest_is_that_of_the_stages(stages: list[Stage]) -> None:
    mentions = [mention(key=f"k{number}", stage=stage) for number, stage in enumerate(stages)]
    ranks = [GRAVITY.index(each.notice.stage) for group in grouped(mentions) for each in group.mentions]
    assert ranks == sorted(ranks)
    assert len(ranks) == len(stages)
