"""Notices of several publishers are one event when they share party or docket, days and stage."""

from datetime import date, timedelta
from itertools import combinations
from random import Random
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from stemwatch.events import OPEN, WITHIN, Key, Telling, events

DAY = date(2024, 3, 1)
TALVEX, ORLIN = Key("clinic", "c-talvex1"), Key("clinic", "c-orlin22")
DOCKET, OTHER = Key("docket", "1:24-cv-00417"), Key("docket", "1:24-cv-00418")


def telling(notice: str, *keys: Key, after: int = 0, stage: str = "filed") -> Telling:
    """A notice `source/key`, `after` days after the first day."""
    source = notice.partition("/")[0]
    return Telling(
        notice=notice, source=source, day=DAY + timedelta(after), stage=stage, keys=frozenset(keys or [TALVEX])
    )


def test_an_agency_and_a_state_that_tell_of_one_suit_are_one_event() -> None:
    assert events([telling("state/b", after=1), telling("agency/a")]) == [("agency/a", "state/b")]


def test_notices_of_one_source_are_never_one_event() -> None:
    assert events([telling("agency/a"), telling("agency/b")]) == []


def test_a_clinic_ties_for_ten_days_and_a_docket_for_a_month() -> None:
    for key, days in ((TALVEX, WITHIN["clinic"]), (DOCKET, WITHIN["docket"])):
        assert events([telling("agency/a", key), telling("state/b", key, after=days)])
        assert events([telling("agency/a", key), telling("state/b", key, after=days + 1)]) == []


def test_the_complaint_and_the_judgment_of_one_case_are_two_events() -> None:
    told = [
        telling(f"{who}/{stage}", TALVEX, DOCKET, stage=stage) for who in "ab" for stage in ("filed", "judgment")
    ]
    assert events(told) == [("a/filed", "b/filed"), ("a/judgment", "b/judgment")]


def test_a_stage_that_is_not_said_ties_to_any_but_does_not_join_two() -> None:
    told = [telling("a/1", stage=""), telling("b/1", after=1), telling("c/1", after=2, stage="judgment")]
    assert events(told) == [("a/1", "b/1")]


def test_suits_with_different_dockets_are_two_events_though_they_name_one_clinic() -> None:
    assert events([telling("agency/a", TALVEX, DOCKET), telling("state/b", TALVEX, OTHER)]) == []


def test_the_same_number_of_another_court_ties_no_strangers() -> None:
    assert events([telling("agency/a", TALVEX, DOCKET), telling("court/b", ORLIN, DOCKET)]) == []


def test_a_docket_without_a_clinic_joins_whoever_has_its_number() -> None:
    told = [telling("court/a", DOCKET), telling("agency/b", TALVEX, DOCKET), telling("state/c", TALVEX, after=2)]
    assert events(told) == [("agency/b", "court/a", "state/c")]


def test_a_notice_joins_the_nearest_of_two_events() -> None:
    told = [telling("agency/a"), telling("agency/b", after=5), telling("state/c", after=6)]
    assert events(told) == [("agency/b", "state/c")]


KEYS = st.frozensets(st.sampled_from([TALVEX, ORLIN, DOCKET, OTHER]), min_size=1)
TELLINGS = st.lists(
    st.builds(
        lambda source, key, keys, after, stage: telling(f"{source}/{key}", *keys, after=after, stage=stage),
        st.sampled_from("abc"),
        st.integers(0, 9),
        KEYS,
        st.integers(0, 40),
        st.sampled_from(["", "filed", "judgment"]),
    ),
    unique_by=lambda told: told.notice,
    max_size=OPEN,
)


@given(TELLINGS, st.randoms())
def test_the_order_in_which_notices_come_does_not_count(told: list[Telling], chance: Random) -> None:
    shuffled = chance.sample(told, len(told))
    assert events(shuffled) == events(told)


@given(TELLINGS)
def test_every_event_has_each_source_once_one_stage_and_near_days(told: list[Telling]) -> None:
    by_name = {one.notice: one for one in told}
    for event in events(told):
        members = [by_name[notice] for notice in event]
        assert len({one.source for one in members}) == len(members) > 1
        assert len({one.stage for one in members} - {""}) <= 1
        assert max((one.day - two.day).days for one, two in combinations(members[::-1], 2)) <= WITHIN["docket"]


def test_many_notices_of_one_clinic_on_one_day_are_not_compared_all_with_all() -> None:
    told = [telling(f"{source}/{number}") for source in "ab" for number in range(5_000)]
    start = process_time()
    found = events(told)
    assert process_time() - start < 2.0  # all with all takes more than ten
    assert len(found) <= OPEN
